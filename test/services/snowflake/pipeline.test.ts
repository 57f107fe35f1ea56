import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';
import { spotifyProject, type SpotifyProject } from './spotify-project.ts';

const NOW = '2026-06-10T12:00:00Z';
const DAY_LATER = '2026-06-11T12:00:00Z';
const TWO_DAYS_LATER = '2026-06-12T12:00:00Z';
const SETTINGS = ['listening_events', 'user_activity'].flatMap((topic) => ['--config', `stream/${topic}.events=4000`]);
const PASSWORD = 'no-one-may-see-this';

const GOLD = [
  'artist_leaderboard',
  'device_mix',
  'hourly_activity',
  'listening_by_country',
  'session_summary',
  'top_songs',
  'user_engagement',
] as const;

interface Summary {
  readonly status: string;
  readonly assets: readonly {
    readonly asset: string;
    readonly result: string;
    readonly partitions: number;
    readonly rows: number | null;
  }[];
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  readonly checks: readonly { readonly asset: string; readonly check: string; readonly passed: boolean }[];
}
type Rows = readonly Readonly<Record<string, unknown>>[];

/** Through the built command line, from one seed, in DuckDB and in Snowflake; the tests build on each other's state, in order. */
describe('the pipeline in Snowflake, by its emulator', () => {
  let emulator: Emulator;
  let project: SpotifyProject;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    [emulator, project] = await Promise.all([startEmulator({ env: { SF_EMU_PASSWORD: PASSWORD } }), spotifyProject()]);
    await createDatabase(emulator, 'MUSIC', PASSWORD);
    env = {
      SPINDLE_SNOWFLAKE_ACCOUNT: 'emulator',
      SPINDLE_SNOWFLAKE_USER: 'SPINDLE',
      SPINDLE_SNOWFLAKE_PASSWORD: PASSWORD,
      SPINDLE_SNOWFLAKE_DATABASE: 'MUSIC',
      SPINDLE_SNOWFLAKE_URL: emulator.url,
    };
  });
  afterAll(async () => {
    project.remove();
    await emulator.stop();
  });

  const spindle = async (...args: readonly string[]): Promise<string> => {
    const { exit, stdout, stderr } = await project.spindle(args, env);
    expect(exit, stdout + stderr).toBe(0);
    expect(stdout + stderr).not.toContain(PASSWORD);
    return stdout;
  };
  const materialize = async (environment: string, now: string): Promise<Summary> =>
    JSON.parse(await spindle('materialize', '--env', environment, '--json', '--now', now, ...SETTINGS)) as Summary;
  const query = async (environment: string, sql: string): Promise<Rows> =>
    JSON.parse(await spindle('query', '--env', environment, '--json', sql)) as Rows;
  /** What was made of what, without what differs by nature: bytes on disk and time. */
  const outcome = ({ status, assets, tables, checks }: Summary) => ({
    status,
    assets: assets.map(({ asset, result, partitions, rows }) => ({ asset, result, partitions, rows })),
    tables,
    checks: checks.map(({ asset, check, passed }) => `${asset}: ${check}: ${passed}`).toSorted(),
  });
  /** Every row of every gold table, sorted, since a table has no order. Nothing else is normalized. */
  const gold = async (environment: string) => {
    const tables: [string, readonly string[]][] = [];
    for (const table of GOLD) {
      const rows = await query(environment, `select * from gold.${table}`);
      tables.push([table, rows.map((row) => JSON.stringify(row)).toSorted()]);
    }
    return Object.fromEntries(tables);
  };
  const digests = (environment: string) => {
    const folder = join(project.root, '.spindle', environment, 'lake');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.startsWith('values/gold/daily_digest/'));
    return Object.fromEntries(files.toSorted().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  };

  it('runs from the stream to gold with every check, as it does in DuckDB', async () => {
    const inDuckDb = await materialize('local', NOW);
    const inSnowflake = await materialize('account', NOW);
    expect(outcome(inSnowflake)).toEqual(outcome(inDuckDb));
    expect(inSnowflake.checks.length).toBeGreaterThan(50);
    expect(inSnowflake.checks.filter(({ passed }) => !passed)).toEqual([]);

    const ofDbt = (await emulator.statements()).filter(({ sql }) => sql.includes('"app": "dbt"'));
    for (const table of GOLD) expect(ofDbt.some(({ sql, ok }) => ok && sql.includes(`table MUSIC.gold.${table}`))).toBe(true);
    expect(ofDbt.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('makes the same gold, row by row', async () => {
    const expected = await gold('local');
    expect(Object.values(expected).filter((rows) => rows.length < 3)).toEqual([]);
    expect(await gold('account')).toEqual(expected);
  });

  it('makes the same digests of days out of silver', () => {
    expect(Object.keys(digests('local')).length).toBeGreaterThan(2);
    expect(digests('account')).toEqual(digests('local'));
  });

  it('does nothing more at the same instant', async () => {
    const { assets } = await materialize('account', NOW);
    expect(assets.filter(({ result }) => result === 'materialized')).toEqual([]);
  });

  it('goes on from there a day later, with what is new alone', async () => {
    expect(outcome(await materialize('account', DAY_LATER))).toEqual(outcome(await materialize('local', DAY_LATER)));
    expect(await gold('account')).toEqual(await gold('local'));
  });

  it('makes the same gold where it is killed in the middle of dbt and behind it', async () => {
    for (const point of ['transform.first-model', 'transform.after-build']) {
      const args = ['materialize', '--env', 'account', '--now', TWO_DAYS_LATER, ...SETTINGS];
      expect(await project.spindle(args, { ...env, SPINDLE_FAULT: point })).toMatchObject({ signal: 'SIGKILL' });
    }
    await materialize('account', TWO_DAYS_LATER);
    await materialize('local', TWO_DAYS_LATER);
    expect(await gold('account')).toEqual(await gold('local'));
  });

  it('leaves no password in any file', () => {
    const folder = join(project.root, '.spindle/account');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((path) => readFileSync(join(folder, path)).includes(PASSWORD))).toEqual([]);
  });
});
