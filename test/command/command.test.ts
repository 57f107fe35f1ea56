import { join } from 'node:path';
import { asset, configure, every, given, materialize, partitions, table, value } from 'spindle';
import { command } from 'spindle/command';
import { ephemeral } from 'spindle/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { programs } from './programs.ts';
import { all, sh, told } from './told.ts';

const Row = z.object({ n: z.int() });
const { cwd, python } = programs();

describe('an asset whose work a program does', () => {
  it('is named in one line by its errors, however long its script', async () => {
    const { context } = told();
    const script = sh(`\n  # ${'x'.repeat(200)}\n  exit 3\n`);
    await expect(command(script)({}, context)).rejects.toThrow(/^sh -c # x{72}… ended with exit code 3\.$/);
    await expect(command(sh('\nexit 0'), { result: z.int() })({}, context)).rejects.toThrow(/^a: sh -c exit 0 sent no result\.$/);
  });
  it('gets the values of all partitions by their keys', async () => {
    const size = asset('size', { store: value(z.int()), partitions: partitions.of(['eu', 'us']) }).run(() => 1);
    const script = await python('sizes.py', `from spindle_pipes import context, result\nresult(context["inputs"]["sizes"])\n`);
    const sizes = asset('sizes', { store: value(z.unknown()), deps: { sizes: every(size) } }).run(
      command(script, { cwd: cwd(), result: z.unknown() }),
    );
    const run = await materialize([sizes], {
      ...ephemeral(),
      given: [given(size, 7, { partition: 'eu' }), given(size, 8, { partition: 'us' })],
    });
    expect(await run.output(sizes)).toEqual({ kind: 'value', value: { eu: 7, us: 8 } });
  });
  it('gets its context, and its rows reach the store with what it reports: Python', async () => {
    const train = await python(
      'train.py',
      `from spindle_pipes import context, log, metadata, progress, rows
log("trains", asset=context["asset"], attempt=context["attempt"])
part = context["partition"]
rows([{"n": n, "day": part["key"]} for n in range(context["config"]["count"])])
progress(1, 1)
metadata(inputs=context["inputs"], window=[part["start"], part["end"]], protocol=context["protocol"])
print("ready")
`,
    );
    const day = z.object({ day: z.iso.date(), n: z.int() });
    const daily = partitions.daily({ start: '2025-12-31' });
    const plays = asset('plays', { store: table('x.plays', day, { partitionBy: 'day' }), partitions: daily }).run(() => []);
    const size = asset('size', { store: value(z.int()) }).run(() => 1);
    const scores = asset('scores', {
      store: table('x.scores', day, { partitionBy: 'day' }),
      deps: { plays, size },
      partitions: daily,
      config: z.object({ count: z.int() }),
    }).run(command(train, { cwd: cwd(), rows: day }));
    const run = await materialize([scores], {
      ...ephemeral(),
      partition: '2025-12-31',
      config: [configure(scores, { count: 2 })],
      given: [given(plays, [{ day: '2025-12-31', n: 1 }]), given(size, 7)],
    });
    expect(await (await run.orThrow().output(scores)).all()).toEqual([
      { day: '2025-12-31', n: 0 },
      { day: '2025-12-31', n: 1 },
    ]);
    expect(run.events.find((event) => event.type === 'asset.materialized')).toMatchObject({
      rows: 2,
      metadata: {
        inputs: { plays: { kind: 'table', table: 'x.plays' }, size: { kind: 'value', value: 7 } },
        window: ['2025-12-31T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
        protocol: 1,
      },
    });
    expect(run.events.flatMap((event) => (event.type === 'log' ? [[event.message, event.fields]] : []))).toEqual(
      expect.arrayContaining([
        ['trains', { asset: 'scores', attempt: 1 }],
        ['ready', { stream: 'stdout' }],
      ]),
    );
  });

  it('gives its value in a result: sh', async () => {
    const count = asset('count', { store: value(z.int()) }).run(
      command(sh(`echo '{"type":"result","value":42}' >&3`), { result: z.int() }),
    );
    const run = await materialize([count], ephemeral());
    expect(await run.output(count)).toBe(42);
  });

  it('may do no more than end well, and finds its asset in the environment', async () => {
    const { context, logs } = told();
    await command(sh('echo "$SPINDLE_ASSET in $PLACE, $SPINDLE_PARTITION"; echo problem >&2'), { env: { PLACE: 'Oslo' } })({}, context);
    expect(logs.toSorted()).toEqual(['a in Oslo,  {"stream":"stdout"}', 'problem {"stream":"stderr"}']);
  });

  it('is tried again where it says that its error may pass', async () => {
    const script = `case "$(cat "$SPINDLE_CONTEXT")" in
  *'"attempt":1'*) echo '{"type":"error","message":"busy","transient":true}' >&3; exit 1;;
  *) echo '{"type":"result","value":1}' >&3;;
esac`;
    const flaky = asset('flaky', { store: value(z.int()), retry: { attempts: 2 } }).run(command(sh(script), { result: z.int() }));
    const run = await materialize([flaky], ephemeral());
    expect(await run.output(flaky)).toBe(1);
    expect(run.events.find(({ type }) => type === 'step.retried')).toMatchObject({
      error: { code: 'COMMAND_FAILED', message: expect.stringContaining('failed: busy') },
    });
  });
});

describe('a command that fails', () => {
  const failing = (script: string) => command(sh(script), { cwd: cwd(), result: z.int() })({}, told().context);

  it('tells its exit code and the last lines of its standard error', async () => {
    await expect(failing('echo one >&2; echo two >&2; exit 3')).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringMatching(/ended with exit code 3: one \| two$/),
      issues: ['one', 'two'],
      transient: false,
    });
  });

  it('tells the signal that ended it', async () => {
    await expect(failing('kill -KILL $$')).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringContaining('was ended by SIGKILL'),
    });
  });

  it('tells that there is no such program', async () => {
    await expect(command(['no-such-program'], { cwd: cwd() })({}, told().context)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringContaining('could not be started'),
    });
    await expect(command(['sh', '-c', 'true'], { cwd: join(cwd(), 'nowhere') })({}, told().context)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
    });
  });

  it('has failed where it says so, whatever its exit code', async () => {
    await expect(failing(`echo '{"type":"error","message":"no data"}' >&3`)).rejects.toMatchObject({
      message: expect.stringContaining('failed: no data'),
      transient: false,
    });
  });

  it.each([
    ['not json', 'it is not JSON: not json'],
    ['{"type":"rwo"}', 'type: '],
    ['{"type":"log","message":"x","level":"info"}', 'Unrecognized key: "level"'],
    ['{"type":"metadata"}', 'values: '],
  ])('does not lose the line %s', async (line, problem) => {
    await expect(failing(`echo '{"type":"result","value":1}' >&3; echo '${line}' >&3`)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringMatching(new RegExp(`line 2: .*${problem.replaceAll('"', '.')}`)),
    });
  });

  it('may not send what nobody asked for', async () => {
    await expect(failing(`echo '{"type":"row","row":{"n":1}}' >&3`)).rejects.toMatchObject({
      message: expect.stringContaining('sent rows'),
    });
    await expect(command(sh(`echo '{"type":"result","value":1}' >&3`))({}, told().context)).rejects.toMatchObject({
      message: expect.stringContaining('sent a result'),
    });
  });

  it('has to send a result that fits', async () => {
    await expect(failing('true')).rejects.toMatchObject({ code: 'VALUE_INVALID', message: expect.stringContaining('sent no result') });
    await expect(failing(`echo '{"type":"result","value":"x"}' >&3`)).rejects.toMatchObject({ code: 'VALUE_INVALID' });
  });

  it('has to send rows that fit', async () => {
    const rows = command(sh(`echo '{"type":"rows","rows":[{"n":1},{"n":"x"}]}' >&3; sleep 60`), { rows: Row, grace: '100ms' })(
      {},
      told().context,
    );
    await expect(all(rows)).rejects.toMatchObject({ code: 'ROWS_INVALID', message: expect.stringContaining('row 1: n: ') });
  });
});
