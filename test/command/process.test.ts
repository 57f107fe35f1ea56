import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asset, materialize, table, value } from 'spindle';
import { command } from 'spindle/command';
import { ephemeral } from 'spindle/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { programs } from './programs.ts';
import { sh, told } from './told.ts';

const Row = z.object({ n: z.int() });
const { cwd, python } = programs();

describe('the process of a command', () => {
  it('is asked to end by an abort, with what it started', async () => {
    const abort = new AbortController();
    const file = join(cwd(), 'ended');
    const script = `trap 'echo ended > ${file}; exit 0' TERM; echo ready; sleep 60 & wait`;
    const { context, logs } = told(abort.signal);
    const running = command(sh(script))({}, context);
    await expect.poll(() => logs.length).toBe(1);
    abort.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
    expect(await readFile(file, 'utf8')).toBe('ended\n');
  });

  it('is killed where it does not end in its time of grace', async () => {
    const abort = new AbortController();
    const { context, logs } = told(abort.signal);
    const running = command(sh(`trap '' TERM; echo ready; while :; do sleep 1; done`), { grace: '50ms' })({}, context);
    await expect.poll(() => logs.length).toBe(1);
    abort.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
  });

  it('is ended by the timeout of its asset', async () => {
    const file = join(cwd(), 'timed-out');
    const script = `trap 'echo ended > ${file}; exit 0' TERM; while :; do sleep 0.05; done`;
    const slow = asset('slow', { store: table('x.slow', Row), timeout: '200ms' }).run(command(sh(script), { rows: Row }));
    const run = await materialize([slow], ephemeral());
    await expect(run.output(slow)).rejects.toMatchObject({ code: 'STEP_TIMEOUT' });
    await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toBe('ended\n');
  });

  it('is ended where nobody wants its rows any more', async () => {
    const { context } = told();
    const rows = command(sh(`while :; do echo '{"type":"row","row":{"n":1}}' >&3 || exit 0; done`), { rows: Row, grace: '100ms' })(
      {},
      context,
    );
    for await (const { n } of rows) {
      expect(n).toBe(1);
      break;
    }
  });

  it('waits while its rows are not taken, so that they do not fill the memory', async () => {
    const sent = join(cwd(), 'sent');
    const script = await python(
      'many.py',
      `from spindle_pipes import rows
for n in range(100):
    rows([{"n": n * 1000 + i} for i in range(1000)])
    open(${JSON.stringify(sent)}, "w").write(str(n + 1))
`,
    );
    let taken = 0;
    let most = 0;
    for await (const { n } of command(script, { cwd: cwd(), rows: Row })({}, told().context)) {
      expect(n).toBe(taken++);
      if (taken % 1000 !== 0) continue;
      // What it has sent beyond what was taken lies in the pipe: a writer that did not wait would be done by now.
      if (taken === 2000) await sleep(300);
      most = Math.max(most, Number(await readFile(sent, 'utf8').catch(() => 0)) - taken / 1000);
    }
    expect(taken).toBe(100_000);
    expect(most).toBeLessThan(60);
  });

  it('is not waited for longer than its time of grace where something that left its group holds its streams', async () => {
    const script = await python(
      'daemon.py',
      `import os, time
if os.fork() == 0:
    os.setsid()
    time.sleep(10)
    os._exit(0)
os.write(1, b"said\\n")
os.write(3, b'{"type": "result", "value": 1}\\n')
`,
    );
    const { context, logs } = told();
    const started = performance.now();
    expect(await command(script, { cwd: cwd(), result: z.int(), grace: '200ms' })({}, context)).toBe(1);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(logs).toEqual(['said {"stream":"stdout"}']);
  });

  it('leaves no process and no file behind', async () => {
    const { context, logs } = told();
    const [ready, ended] = [join(cwd(), 'child-ready'), join(cwd(), 'child-ended')];
    // A child that holds none of the streams: the command does not wait for it.
    const child = `(trap 'echo > ${ended}; exit' TERM; echo > ${ready}; while :; do sleep 0.05; done) >/dev/null 2>&1 3>&- &`;
    await command(sh(`${child} while [ ! -f ${ready} ]; do sleep 0.05; done; echo "$SPINDLE_CONTEXT"`))({}, context);
    await expect(readFile(logs[0]!.split(' ')[0]!)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect.poll(() => readFile(ended, 'utf8')).toBe('\n');
  });

  it('sends what the store takes, or does not compile', () => {
    const store = table('x.rows', Row);
    asset('rows', { store }).run(command(['x'], { rows: Row }));
    // @ts-expect-error rows of another type
    asset('others', { store }).run(command(['x'], { rows: z.object({ m: z.string() }) }));
    // @ts-expect-error a value in place of rows
    asset('result', { store }).run(command(['x'], { result: z.int() }));
    // @ts-expect-error nothing in place of rows
    asset('nothing', { store }).run(command(['x']));
    const count = asset('count').run(command(['x'], { result: z.int() }));
    // @ts-expect-error a result of another type
    asset('reader', { store: value(z.string()), deps: { count } }).run(({ count }) => count);
    expect(count.key).toBe('count');
  });

  it('is described by the helper of the docs as by that of the package', async () => {
    const [page, helper] = await Promise.all(
      ['docs/command.md', 'python/spindle_pipes.py'].map((path) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')),
    );
    expect(page).toContain(helper);
  });

  it('counts its files as code', () => {
    expect(command(['python3', 'train.py'], { cwd: cwd(), files: ['train.py', '../features.py'] }).files).toEqual([
      join(cwd(), 'train.py'),
      join(cwd(), '../features.py'),
    ]);
  });
});
