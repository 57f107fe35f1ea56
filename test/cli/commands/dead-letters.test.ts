import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clickModule, contentOf, expectEveryRecordOnce, materializedClicks, NOW, SCHEMA, spindle } from '../dead-letters/clicks-project.ts';
import { runCommand } from '../run-command.ts';

const json = async <T>(root: string, ...args: readonly string[]): Promise<T> =>
  JSON.parse((await spindle(root, ...args, '--json')).stdout) as T;

interface Reasons {
  readonly total: number;
  readonly reasons: readonly { readonly topic: string; readonly reason: string; readonly records: number }[];
}
interface Letters {
  readonly total: number;
  readonly letters: readonly {
    readonly partition: number;
    readonly offset: number;
    readonly raw: string;
    readonly reasons: readonly string[];
  }[];
}
interface Replays {
  readonly dryRun: boolean;
  readonly landings: readonly {
    readonly passing: number;
    readonly waiting: number;
    readonly failing: number;
    readonly replays: readonly string[];
  }[];
  readonly rebuild: readonly string[];
  readonly loaded?: boolean;
}

const UNKNOWN_KIND = 'kind: Invalid option: expected one of "view"|"like"';

/** What the tables hold where the schema was right from the start. */
async function rightFromTheStart() {
  return contentOf((await materializedClicks({ schema: SCHEMA.right })).root);
}

describe('spindle dead-letters list', () => {
  it('counts dead letters by their reasons, those that are no JSON as one', async () => {
    const { root } = await materializedClicks({ schema: SCHEMA.narrow });
    const { stdout } = await spindle(root, 'dead-letters');
    expect(stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
      'table | topic | records | first | last | reason',
      `bronze.dead_letters | clicks | 4 | ${NOW} | ${NOW} | ${UNKNOWN_KIND}`,
      `bronze.dead_letters | clicks | 2 | ${NOW} | ${NOW} | not JSON`,
      '',
      '6 dead letters',
      '',
    ]);
    expect(await json<Reasons>(root, 'dead-letters', 'list')).toMatchObject({
      total: 6,
      reasons: [
        { topic: 'clicks', reason: UNKNOWN_KIND, records: 4 },
        { topic: 'clicks', reason: 'not JSON', records: 2 },
      ],
    });
  });

  it('shows each record, as many as asked for', async () => {
    const { root } = await materializedClicks({ schema: SCHEMA.narrow });
    const { stdout } = await spindle(root, 'dead-letters', 'list', '--records', '--limit', '2');
    expect(stdout).toMatch(/^clicks\/0\/0 +bronze\.dead_letters +\S+ +kind: Invalid/m);
    expect(stdout).toContain('6 dead letters; the first 2 are shown');
    const { letters } = await json<Letters>(root, 'dead-letters', 'list', '--records');
    expect(letters).toHaveLength(6);
    expect(letters[0]).toMatchObject({ partition: 0, offset: 0, raw: '{"id":1,"kind":"buy","page":"/1"}', reasons: [UNKNOWN_KIND] });
  });

  it('takes those of a topic, partition, asset or time, or with a text in a reason', async () => {
    const { root } = await materializedClicks({ schema: SCHEMA.narrow });
    const total = async (...options: readonly string[]) => (await json<Reasons>(root, 'dead-letters', 'list', ...options)).total;
    expect(await total('--reason', 'NOT json')).toBe(2);
    expect(await total('--reason', 'one of "view"')).toBe(4);
    expect([await total('--partition', '0'), await total('--partition', '1')]).toEqual([2, 4]);
    expect([await total('--since', NOW), await total('--since', '2026-01-03T12:00:00.001Z')]).toEqual([6, 0]);
    for (const option of [
      ['--topic', 'clicks'],
      ['--topic', 'stream/clicks'],
      ['-s', 'lake/*'],
      ['-s', 'bronze/clicks'],
      ['-s', 'bronze/dead_letters'],
    ])
      expect(await total(...option), option.join(' ')).toBe(6);
  });

  it('says that there are none', async () => {
    const { root } = await materializedClicks({ schema: SCHEMA.narrow });
    expect((await spindle(root, 'dead-letters', '--reason', 'no such reason')).stdout).toBe('There are no dead letters.\n');
  });

  it('suggests the topic that was meant', async () => {
    const { root } = await materializedClicks({ schema: SCHEMA.narrow });
    expect(await runCommand(root, ['dead-letters', '--topic', 'click'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('Did you mean clicks'),
    });
  });
});

describe('spindle dead-letters show', () => {
  it('tells everything about one, and what the schema says of it now', async () => {
    const { root, write } = await materializedClicks({ schema: SCHEMA.narrow });
    const { stdout } = await spindle(root, 'dead-letters', 'show', 'clicks/0/0');
    expect(stdout).toContain(
      `reasons   ${UNKNOWN_KIND}\nnow       it still fails:\n          ${UNKNOWN_KIND}\nraw\n{"id":1,"kind":"buy","page":"/1"}\n`,
    );
    expect(stdout).toMatch(/^object +clicks\/clicks\/i0001\/p000\/0{20}\.ndjson\.gz$/m);
    write({ 'src/click.ts': clickModule(SCHEMA.right) });
    expect((await spindle(root, 'dead-letters', 'show', 'clicks/0/0')).stdout).toContain('now       it passes the schema of lake/clicks');
    expect(await json(root, 'dead-letters', 'show', 'clicks/1/3')).toMatchObject([
      { raw: '{oops 5', rawBase64: null, landing: 'lake/clicks', now: { passes: false }, replay: null, table: 'bronze.dead_letters' },
    ]);
  });

  it('says where a record is that is no dead letter', async () => {
    const { root } = await materializedClicks({ schema: SCHEMA.narrow });
    const show = (record: string) => runCommand(root, ['dead-letters', 'show', record]);
    expect(await show('clicks/0/1')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('error[DEAD_LETTER_UNKNOWN]: clicks/0/1 is no dead letter: it is a row of bronze.clicks'),
    });
    expect(await show('clicks/7/1')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('No record clicks/7/1 is among the dead letters'),
    });
    expect(await show('clicks')).toMatchObject({ exit: 2, stderr: expect.stringContaining('"clicks" names no record') });
  });
});

describe('spindle dead-letters replay', () => {
  it('counts first, with the reasons of those that still fail, and changes nothing', async () => {
    const { root, write } = await materializedClicks({ schema: SCHEMA.narrow });
    const before = await contentOf(root);
    expect((await spindle(root, 'dead-letters', 'replay', '--dry-run')).stdout).toContain(
      'Nothing is to be replayed. 6 dead letters still fail',
    );
    write({ 'src/click.ts': clickModule(SCHEMA.right) });
    const { stdout } = await spindle(root, 'dead-letters', 'replay', '--dry-run');
    expect(stdout).toMatch(/^lake\/clicks +clicks +4 +0 +2$/m);
    expect(stdout).toMatch(/^lake\/clicks +2 +not JSON$/m);
    expect(stdout).toContain(
      '4 dead letters of lake/clicks would be replayed. It takes a rebuild of bronze/clicks, whose code or schema changed.',
    );
    expect(await json<Replays>(root, 'dead-letters', 'replay', '--dry-run')).toMatchObject({
      dryRun: true,
      landings: [{ passing: 4, waiting: 0, failing: 2, replays: [] }],
      rebuild: ['bronze/clicks'],
    });
    expect(await contentOf(root)).toEqual(before);
  });

  it('asks before it writes', async () => {
    const { root, write } = await materializedClicks({ schema: SCHEMA.narrow });
    write({ 'src/click.ts': clickModule(SCHEMA.right) });
    expect(await runCommand(root, ['dead-letters', 'replay'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('Confirm with --yes.'),
    });
    expect((await json<Replays>(root, 'dead-letters', 'replay', '--dry-run')).landings).toMatchObject([{ passing: 4, waiting: 0 }]);
  });

  it('leaves the tables as they would be, had the schema been right from the start, whether they are rebuilt for it or not', async () => {
    const expected = await rightFromTheStart();
    for (const ownTable of [false, true]) {
      const { root, write } = await materializedClicks({ schema: SCHEMA.narrow, ownTable });
      write({ 'src/click.ts': clickModule(SCHEMA.right) });
      const outcome = await json<Replays>(root, 'dead-letters', 'replay', '--yes', '--now', NOW);
      expect(outcome).toMatchObject({
        landings: [{ passing: 4, waiting: 0, failing: 2, replays: [expect.stringContaining('clicks/clicks/i0001/replays/')] }],
        rebuild: ownTable ? [] : ['bronze/clicks'],
        loaded: true,
      });
      expect(await contentOf(root)).toEqual(expected);
      await expectEveryRecordOnce(root, 12);

      const again = await spindle(root, 'dead-letters', 'replay', '--yes', '--now', NOW);
      expect(again.stdout).toContain('Nothing is to be replayed. 2 dead letters still fail and stay as they are.');
      await spindle(root, 'materialize', '--full-refresh', '-s', 'bronze/clicks', '--now', NOW);
      expect(await contentOf(root)).toEqual(expected);
      await spindle(root, 'materialize', '--now', NOW, '--config', 'stream/clicks.records=18');
      await expectEveryRecordOnce(root, 18);
    }
  });

  it('replays after a fix of code that the schema calls', async () => {
    const expected = await rightFromTheStart();
    const schema = `z.object({ id: z.int(), kind: z.string().refine((kind) => kinds.has(kind), 'unknown kind'), page: z.string() })`;
    const kinds = (list: string) => `export const kinds = new Set(${list});\n`;
    const { root, write } = await materializedClicks({ schema: SCHEMA.narrow });
    const click = `import { z } from 'zod';\nimport { kinds } from './kinds.ts';\nexport const Click = ${schema};\n`;
    write({ 'src/click.ts': click, 'src/kinds.ts': kinds(`['view', 'like']`) });
    expect((await json<Replays>(root, 'dead-letters', 'replay', '--dry-run')).landings).toMatchObject([{ passing: 0, failing: 6 }]);
    write({ 'src/kinds.ts': kinds(`['view', 'like', 'buy']`) });
    await spindle(root, 'dead-letters', 'replay', '--yes', '--now', NOW);
    expect(await contentOf(root)).toEqual(expected);
  });

  it('replays those that are chosen', async () => {
    const { root, write } = await materializedClicks({ schema: SCHEMA.narrow, ownTable: true });
    write({ 'src/click.ts': clickModule(SCHEMA.right) });
    const replay = async (...options: readonly string[]) =>
      (await json<Replays>(root, 'dead-letters', 'replay', '--yes', '--now', NOW, ...options)).landings[0];
    expect(await replay('--reason', 'not json')).toMatchObject({ passing: 0, failing: 2 });
    expect(await replay('--partition', '0')).toMatchObject({ passing: 2, failing: 0 });
    await expectEveryRecordOnce(root, 12);
    expect(await replay('-s', 'lake/clicks', '--since', NOW)).toMatchObject({ passing: 2, failing: 2 });
    await expectEveryRecordOnce(root, 12);
    expect(await contentOf(root)).toEqual(await rightFromTheStart());
  });

  it('keeps records apart that have the same place in another incarnation of the topic', async () => {
    const { root, write } = await materializedClicks({ schema: SCHEMA.narrow, ownTable: true });
    rmSync(join(root, '.spindle/local/broker'), { recursive: true });
    await spindle(root, 'landing', 'restart', 'clicks', '--yes');
    await spindle(root, 'materialize', '--now', NOW, '--force');
    expect((await json<Reasons>(root, 'dead-letters')).total).toBe(12);
    expect(await json<readonly unknown[]>(root, 'dead-letters', 'show', 'clicks/0/0')).toHaveLength(2);
    write({ 'src/click.ts': clickModule(SCHEMA.right) });
    expect((await json<Replays>(root, 'dead-letters', 'replay', '--yes', '--now', NOW)).landings).toMatchObject([
      { passing: 8, failing: 4, replays: [expect.stringContaining('/i0001/replays/'), expect.stringContaining('/i0002/replays/')] },
    ]);
    const places = await json<readonly object[]>(
      root,
      'query',
      `select substr(object, 15, 5) as incarnation, count(*) as records, count(distinct (p, o)) as different from (
         select _object as object, _partition as p, _offset as o from bronze.clicks union all select object, "partition", "offset" from bronze.dead_letters)
       group by 1 order by 1`,
    );
    expect(places).toEqual([
      { incarnation: 'i0001', records: 12, different: 12 },
      { incarnation: 'i0002', records: 12, different: 12 },
    ]);
  });

  it('loads what a call before had written only, and says where a table cannot load it', async () => {
    const { root, write } = await materializedClicks({ schema: SCHEMA.narrow, ownTable: true });
    write({ 'src/click.ts': clickModule(SCHEMA.right) });
    const broken = await runCommand(root, ['dead-letters', 'replay', '--yes', '--now', NOW], { SPINDLE_FAULT: 'load.before-commit:error' });
    expect(broken).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('4 dead letters of lake/clicks lie in replays, which bronze/clicks did not load.'),
    });
    expect((await spindle(root, 'dead-letters', 'show', 'clicks/0/0')).stdout).toContain(
      'it lies in the replay clicks/clicks/i0001/replays/00000001',
    );
    await expectEveryRecordOnce(root, 12);
    expect(await json<Replays>(root, 'dead-letters', 'replay', '--yes', '--now', NOW)).toMatchObject({
      landings: [{ passing: 0, waiting: 4, failing: 2 }],
      loaded: true,
    });
    await expectEveryRecordOnce(root, 12);
  });

  it('refuses options that belong to another action', async () => {
    const { root } = await materializedClicks({ schema: SCHEMA.narrow });
    for (const [args, message] of [
      [['list', '--yes'], 'spindle dead-letters list does not take --yes: that is for replay.'],
      [['replay', '--records'], 'spindle dead-letters replay does not take --records: that is for list.'],
      [['show', 'clicks/0/0', '--reason', 'x'], 'spindle dead-letters show does not take --reason: that is for list and replay.'],
      [['replay', 'clicks/0/0'], 'spindle dead-letters replay does not take the argument "clicks/0/0": that is for show.'],
      [['show'], 'Which record?'],
    ] as const)
      expect(await runCommand(root, ['dead-letters', ...args])).toMatchObject({ exit: 2, stderr: expect.stringContaining(message) });
  });
});
