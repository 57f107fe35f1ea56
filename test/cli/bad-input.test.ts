import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmbeddedBroker } from '../../src/drivers/broker/embedded.ts';
import { openDuckDbWarehouse } from '../../src/drivers/warehouse/duckdb.ts';
import { noFaults } from '../../src/runtime/resource/faults.ts';
import { temporaryProject } from '../project/temporary-project.ts';
import { PLAYS } from './plays-project.ts';
import { runCli } from './run-cli.ts';

interface Failure {
  readonly exit: number | null;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly issues?: readonly string[];
}

/** How the built command line refuses a command line as a whole. */
async function refusal(root: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Failure> {
  const { exit, stdout } = await runCli(root, [...args, '--json'], env);
  return { exit, ...(JSON.parse(stdout) as { error: Omit<Failure, 'exit'> }).error };
}

/** The root of a project whose module is this. */
const rootOf = (source: string): string => temporaryProject({ 'src/project.ts': source }).root;

/** The failures of the steps of a run. */
async function stepFailures(root: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { exit, stdout } = await runCli(root, ['materialize', ...args, '--json'], env);
  const { failures } = JSON.parse(stdout) as { failures: readonly { readonly asset: string; readonly error: Omit<Failure, 'exit'> }[] };
  return { exit, failures };
}

/** A project of a few assets that need nothing, given as statements and the list of them. */
const project = (statements: string, assets: string) => `
import { asset, defineProject, partitions, table } from 'spindle';
import { z } from 'zod';
${statements}
export const project = defineProject({ name: 'bad', assets: [${assets}], environments: { local: {} } });
`;
const SMALL = project(
  `const plays = asset('bronze/plays', { group: 'bronze' }).run(() => 1);
const days = asset('gold/days', { deps: { plays }, partitions: partitions.daily({ start: '2026-01-01' }) }).run(() => 2);`,
  'plays, days',
);

describe('bad input', () => {
  it('of an unknown asset names what is near', async () => {
    expect(await refusal(rootOf(SMALL), ['explain', 'bronze/play'])).toMatchObject({
      exit: 2,
      code: 'ASSET_UNKNOWN',
      message: 'There is no asset "bronze/play". Did you mean bronze/plays?',
      remedy: 'Run `spindle list` to see the assets.',
    });
  });

  it('of two assets of one key names the key', async () => {
    const source = project(`const a = asset('gold/days').run(() => 1);\nconst b = asset('gold/days').run(() => 2);`, 'a, b');
    const root = rootOf(source);
    expect(await refusal(root, ['list'])).toMatchObject({
      exit: 1,
      code: 'GRAPH_INVALID',
      issues: ['KEY_CLASH: Two assets have the key gold/days: rename one of them.'],
    });
  });

  it('of a cycle shows its whole path', async () => {
    const source = project(
      `const a = asset('raw/a').run(() => 1);
const b = asset('raw/b', { deps: { a } }).run(() => 2);
const c = asset('raw/c', { deps: { b } }).run(() => 3);
Object.assign(a.definition.dependencies, { c: { upstream: c.definition, mapping: { kind: 'same' } } });`,
      'a, b, c',
    );
    const root = rootOf(source);
    expect(await refusal(root, ['graph'])).toMatchObject({
      exit: 1,
      code: 'GRAPH_INVALID',
      message: expect.stringMatching(/CYCLE: raw\/a → raw\/[bc] → raw\/[bc] → raw\/a: .*take one of these dependencies out/),
    });
  });

  it('of a selection names each atom that nothing answers to', async () => {
    const root = rootOf(SMALL);
    expect(await refusal(root, ['materialize', '-s', 'group:brnze or tag:nightly or gold/dys+'])).toMatchObject({
      exit: 2,
      code: 'SELECTION_UNKNOWN',
      issues: [
        'No asset has the group "brnze". Did you mean bronze?',
        'No asset has the tag "nightly".',
        'There is no asset "gold/dys". Did you mean gold/days?',
      ],
      remedy: 'Run `spindle list` to see what there is.',
    });
    expect(await refusal(root, ['plan', '-s', 'gold/days and group:bronze'])).toMatchObject({
      exit: 2,
      code: 'SELECTION_EMPTY',
      message: 'The selection "gold/days and group:bronze" names no asset.',
      remedy: expect.stringContaining('spindle list --select'),
    });
  });

  it('of a partition shows the form of the key', async () => {
    const root = rootOf(SMALL);
    expect(await refusal(root, ['materialize', '-s', 'gold/days', '-p', '2026-1-2'])).toMatchObject({
      exit: 2,
      code: 'PARTITION_UNKNOWN',
      message: '"2026-1-2" is no partition of gold/days: expected a day such as 2026-01-01.',
      remedy: 'Did you mean 2026-01-02?',
    });
    expect(await refusal(root, ['materialize', '-s', 'bronze/plays', '-p', '2026-01-02'])).toMatchObject({
      exit: 2,
      code: 'PARTITION_UNSUPPORTED',
      message: 'The asset bronze/plays has no partitions: "2026-01-02" cannot be one.',
      remedy: expect.stringContaining('Leave --partition out'),
    });
  });

  it('of environment variables lists all that are missing before anything is opened', async () => {
    const source = PLAYS.replace(
      'environments: { local }',
      `environments: { local, production: { ...local, lake: { variables: z.object({ LAKE_URL: z.string().describe('where the lake is'), LAKE_SECRET: z.string() }), open: () => { throw new Error('opened'); } } } }`,
    );
    const root = rootOf(source);
    expect(await refusal(root, ['materialize', '--env', 'production'], { LAKE_URL: 'https://lake.example' })).toMatchObject({
      exit: 2,
      code: 'VARIABLES_INVALID',
      issues: ['LAKE_SECRET (lake) is missing'],
      remedy: 'Set LAKE_SECRET, or choose another environment with --env.',
    });
    expect(await refusal(root, ['materialize'], { SPINDLE_ENV: 'prod' })).toMatchObject({ exit: 2, code: 'ENVIRONMENT_UNKNOWN' });
  });

  it('of a schema without a column type names asset and column, and what to write', async () => {
    const source = project(
      `const days = asset('gold/days', { store: table('gold.days', z.object({ day: z.date(), plays: z.bigint() })) }).run(() => []);`,
      'days',
    );
    const root = rootOf(source);
    const { exit, code, message } = await refusal(root, ['list']);
    expect({ exit, code }).toEqual({ exit: 1, code: 'GRAPH_INVALID' });
    expect(message).toMatch(/gold\/days.*"?day"?.*z\.date\(\) has no column type: write z\.iso\.datetime\(\)/);
    expect(message).toMatch(/gold\/days.*"?plays"?.*z\.bigint\(\) has no column type: write z\.int\(\)/);
  });

  it('of options names the option and what it takes', async () => {
    const root = rootOf(SMALL);
    const usage = async (...args: string[]) => {
      const { exit, code, message } = await refusal(root, args);
      expect({ exit, code }, args.join(' ')).toEqual({ exit: 2, code: 'USAGE' });
      return message;
    };
    expect(await usage('materialize', '--concurrency', '0')).toBe('--concurrency takes a whole number from 1 on, and not "0".');
    expect(await usage('plan', '--now', 'yesterday')).toContain('--now takes an ISO instant with its zone, such as 2026-01-31T08:00:00Z');
    expect(await usage('list', '-s', 'a', '--select', 'b')).toBe('--select is given more than once, and takes one value.');
  });
});

describe('bad rows', () => {
  it('of a function are refused with the asset, the row, the column and what is wrong', async () => {
    const { root } = temporaryProject({
      'src/project.ts': PLAYS.replace(
        `bronze.sql(Song, 'select song,`,
        `[{ song: 'x', plays: 1 }, { song: 'y', plays: 1.5 }] ?? bronze.sql(Song, 'select song,`,
      ),
    });
    const { exit, failures } = await stepFailures(root, ['-s', 'not gold/days']);
    expect(exit).toBe(1);
    expect(failures).toMatchObject([
      {
        asset: 'gold/songs',
        error: { code: 'ROWS_INVALID', message: expect.stringMatching(/gold\/songs.*1.*plays/), remedy: expect.any(String) },
      },
    ]);
  });

  it('of a topic are set aside with their reasons, and the rest is loaded', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PLAYS });
    const directory = join(root, '.spindle/local/broker');
    const broker = await openEmbeddedBroker({ directory, faults: noFaults });
    await broker.ensureTopic({ name: 'plays', partitions: 2 });
    const values = ['{"id": 7, "song": "good", "ms": 1}', '{"id": 8, "song": "cut o', '{"id": 9, "song": "early", "ms": -5}'];
    await broker.produce(
      'plays',
      values.map((value) => ({ partition: 0, key: null, value: Buffer.from(value), headers: {}, timestamp: 0 })),
    );
    await broker.close();
    const { exit, stdout } = await runCli(root, ['materialize', '-s', '+bronze/plays']);
    expect(exit, stdout).toBe(0);
    expect(stdout).toMatch(/^lake\/plays +materialized +5 .* 2 set aside$/m);
    expect(stdout).toMatch(/^bronze\/plays +materialized +5 .* 2 set aside$/m);
    const sql = 'select "offset", raw, reasons from bronze.dead_letters where topic = \'plays\' order by "offset"';
    const letters = JSON.parse((await runCli(root, ['query', sql, '--json'])).stdout) as readonly { raw: string; reasons: unknown }[];
    expect(letters).toMatchObject([
      { offset: 1, raw: values[1] },
      { offset: 2, raw: values[2] },
    ]);
    expect(JSON.stringify(letters[0]?.reasons)).toMatch(/JSON/);
    expect(JSON.stringify(letters[1]?.reasons)).toMatch(/ms/);
  });
});

describe('a machine that is in the way', () => {
  it('because another process holds the warehouse is told with that process', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PLAYS });
    const path = join(root, '.spindle/local/warehouse.duckdb');
    mkdirSync(join(root, '.spindle/local'), { recursive: true });
    const warehouse = await openDuckDbWarehouse({ path, memoryLimit: '64MB', holder: 'a report' });
    await warehouse.lend('a report', async () => {
      const { exit, stdout } = await runCli(root, ['query', 'select 1', '--json']);
      expect({ exit, ...(JSON.parse(stdout) as { error: object }).error }).toMatchObject({
        exit: 1,
        code: 'WAREHOUSE_LOCKED',
        message: expect.stringMatching(new RegExp(`warehouse\\.duckdb.* is held by a report.* \\(process ${process.pid} on `)),
        remedy: `Wait until it is done, or stop process ${process.pid}, and run the same command again.`,
        transient: true,
      });
    });
    await warehouse.close();
    expect((await runCli(root, ['query', 'select 1 as n'])).exit).toBe(0);
  });

  it.each([
    ['produce.torn-append', 'stream/plays'],
    ['land.torn-put', 'lake/plays'],
    ['load.before-commit', 'bronze/plays'],
  ])('because its disk is full (%s) is told with the asset, and the next run goes on', async (point, asset) => {
    const { root } = temporaryProject({ 'src/project.ts': PLAYS });
    const { exit, failures } = await stepFailures(root, ['-s', '+bronze/plays'], { SPINDLE_FAULT: `${point}:enospc` });
    expect(exit).toBe(1);
    expect(failures).toMatchObject([
      {
        asset,
        error: {
          code: 'DISK_FULL',
          message: expect.stringContaining('no space left on the disk'),
          remedy: expect.stringMatching(/^Free some space/),
        },
      },
    ]);
    const again = await runCli(root, ['materialize', '-s', '+bronze/plays']);
    expect(again.stdout).toMatch(/^bronze\.plays +4$/m);
    expect(again.exit).toBe(0);
  });

  it('because it has no python3 is told with what to install', async () => {
    const models = `
import { dbtProject } from 'spindle/dbt';
import { dbt as dbtTransformer } from 'spindle/drivers';
const models = dbtProject({ name: 'models', dir: 'dbt', sources: [bronze] });
`;
    const source = PLAYS.replace('export const project', `${models}export const project`)
      .replace('assets: [plays', 'dbt: [models], assets: [plays')
      .replace('broker: embeddedBroker()', 'transformer: dbtTransformer(), broker: embeddedBroker()');
    const { root } = temporaryProject({
      'src/project.ts': source,
      'dbt/dbt_project.yml': 'name: models\n',
    });
    const { exit, stdout } = await runCli(root, ['materialize', '--json'], { PATH: join(root, 'nothing') });
    expect({ exit, ...(JSON.parse(stdout) as { error: object }).error }).toMatchObject({
      exit: 1,
      code: 'PYTHON_NOT_FOUND',
      message: 'dbt needs Python, and there is no python3 on the PATH.',
      remedy: expect.stringMatching(/Install Python 3\.10 or newer with its venv module .*SPINDLE_PYTHON/),
    });
  });
});
