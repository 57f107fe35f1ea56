import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickModule, NOW, SCHEMA } from '../../cli/dead-letters/clicks-project.ts';
import { runCommand } from '../../cli/run-command.ts';
import { clicksInSnowflake } from './clicks.ts';
import { createDatabase } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';

const UNKNOWN_KIND = 'kind: Invalid option: expected one of "view"|"like"';

/** Every record, as a row or as a dead letter; Snowflake's names are written without quotes. */
const ACCOUNT = `select count(*) as records, count(distinct p, o) as different, sum(is_row) as loaded from (
  select _partition as p, _offset as o, 1 as is_row from bronze.clicks union all select l."PARTITION", l."OFFSET", 0 from bronze.dead_letters l)`;

describe('the command line over Snowflake, by its emulator', () => {
  let emulator: Emulator;
  beforeAll(async () => (emulator = await startEmulator()));
  afterAll(() => emulator.stop());

  /** A project of clicks in a database of its own, materialized: 12 records, four of them purchases, two of them no JSON. */
  async function materializedClicks(ownTable = true) {
    const database = `C${randomUUID().slice(0, 8).toUpperCase()}`;
    await createDatabase(emulator, database);
    const { root, write, env: place } = clicksInSnowflake(emulator, database, ownTable);
    const env = { ...place, SPINDLE_SNOWFLAKE_PASSWORD: 'any' };
    const attempt = (...args: readonly string[]) => runCommand(root, args, env);
    const run = async (...args: readonly string[]) => {
      const outcome = await attempt(...args);
      expect(outcome.exit, `${args.join(' ')}\n${outcome.stdout}${outcome.stderr}`).toBe(0);
      return outcome.stdout;
    };
    const json = async (...args: readonly string[]) => JSON.parse(await run(...args, '--json')) as unknown;
    await run('materialize', '--now', NOW);
    return { write, attempt, run, json };
  }

  it('shows the tables, the rows of one and those of a statement', async () => {
    const { json, attempt } = await materializedClicks();
    expect(await json('query')).toEqual([
      { name: 'bronze.clicks', kind: 'table', rows: 6 },
      { name: 'bronze.dead_letters', kind: 'table', rows: 6 },
    ]);
    const rows = await json('query', 'bronze.clicks', '--order', 'ID desc, page', '--limit', '2');
    expect(rows).toMatchObject([
      { id: 9, kind: 'view', _recorded_at: NOW },
      { id: 8, kind: 'like', _recorded_at: NOW },
    ]);
    expect(await json('query', 'bronze/clicks', '--limit', '0')).toEqual([]);
    expect(await json('query', 'select kind, count(*) as n from bronze.clicks group by 1 order by 1')).toEqual([
      { kind: 'like', n: 2 },
      { kind: 'view', n: 4 },
    ]);
    expect(await attempt('query', 'bronze.clicks', '--order', 'nothing')).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('QUERY_FAILED'),
    });
  });

  it('lets a statement write where that is meant, and passes over tables whose names nobody writes without quotes', async () => {
    const { run, json, attempt } = await materializedClicks();
    expect(await attempt('query', 'delete from bronze.clicks')).toMatchObject({ exit: 2, stderr: expect.stringContaining('--write') });
    await run('query', '--write', 'create table bronze."Somebody else" as select 1 as n');
    await run('query', '--write', 'delete from bronze.clicks where id > 7');
    expect(await json('query')).toEqual([
      { name: 'bronze.clicks', kind: 'table', rows: 4 },
      { name: 'bronze.dead_letters', kind: 'table', rows: 6 },
    ]);
  });

  it('lists dead letters by their reasons and one by one, of a topic, partition, reason or time', async () => {
    const { json } = await materializedClicks();
    expect(await json('dead-letters', 'list')).toMatchObject({
      total: 6,
      reasons: [
        { topic: 'clicks', reason: UNKNOWN_KIND, records: 4, first: NOW, last: NOW },
        { topic: 'clicks', reason: 'not JSON', records: 2 },
      ],
    });
    expect(await json('dead-letters', 'list', '--records', '--limit', '1')).toMatchObject({
      total: 6,
      letters: [
        { partition: 0, offset: 0, raw: '{"id":1,"kind":"buy","page":"/1"}', rawBase64: null, reasons: [UNKNOWN_KIND], recordedAt: NOW },
      ],
    });
    const total = async (...options: readonly string[]) => ((await json('dead-letters', 'list', ...options)) as { total: number }).total;
    expect(await total('--reason', 'NOT json')).toBe(2);
    expect(await total('--reason', 'one of "view"')).toBe(4);
    expect([await total('--partition', '0'), await total('--partition', '1')]).toEqual([2, 4]);
    expect([await total('--since', NOW), await total('--since', '2026-01-03T12:00:00.001Z')]).toEqual([6, 0]);
    expect([await total('--topic', 'clicks'), await total('-s', 'bronze/clicks')]).toEqual([6, 6]);
  });

  it('shows one dead letter, and where a record is that is none', async () => {
    const { json, attempt } = await materializedClicks();
    expect(await json('dead-letters', 'show', 'clicks/1/3')).toMatchObject([
      { raw: '{oops 5', rawBase64: null, landing: 'lake/clicks', now: { passes: false }, replay: null, table: 'bronze.dead_letters' },
    ]);
    expect(await attempt('dead-letters', 'show', 'clicks/0/1')).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/clicks\/0\/1 is no dead letter: it is a row of bronze\.clicks, loaded from clicks\/clicks\/i0001\//),
    });
    expect(await attempt('dead-letters', 'show', 'clicks/7/1')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('No record clicks/7/1 is among the dead letters'),
    });
  });

  it.each([
    ['into a table that takes them', true],
    ['with a rebuild of the table whose schema changed', false],
  ])('replays what passes now, once, %s', async (_, ownTable) => {
    const { write, json } = await materializedClicks(ownTable);
    expect(await json('query', ACCOUNT)).toEqual([{ records: 12, different: 12, loaded: 6 }]);
    write({ 'src/click.ts': clickModule(SCHEMA.right) });
    expect(await json('dead-letters', 'replay', '--dry-run')).toMatchObject({ dryRun: true, landings: [{ passing: 4, failing: 2 }] });
    expect(await json('dead-letters', 'replay', '--yes', '--now', NOW)).toMatchObject({
      loaded: true,
      rebuild: ownTable ? [] : ['bronze/clicks'],
    });
    expect(await json('query', ACCOUNT)).toEqual([{ records: 12, different: 12, loaded: 10 }]);
    expect(await json('dead-letters', 'list')).toMatchObject({ total: 2, reasons: [{ reason: 'not JSON', records: 2 }] });
    expect(await json('dead-letters', 'replay', '--yes', '--now', NOW)).toMatchObject({ landings: [{ passing: 0, failing: 2 }] });
  });
});
