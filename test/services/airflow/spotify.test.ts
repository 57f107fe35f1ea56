import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project } from '../../../src/assets/project.ts';
import { generateScenario } from '../../codegen/airflow/generate-scenario.ts';
import { startAirflow, type Airflow } from './airflow.ts';
import { loadDagBags } from './dag-bag.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SETTINGS = ['listening_events', 'user_activity'].flatMap((topic) => ['--config', `stream/${topic}.events=3000`]);
const INGESTED = 'catalogue/* or stream/* or lake/*';
const run = promisify(execFile);

/** What `spindle generate airflow --env local` writes, on an Airflow, over a state folder whose lake is filled; a copy of it is built by the command line alone. */
describe('the DAG of the pipeline on one host', () => {
  let folder: string;
  let dags: string;
  let airflow: Airflow;
  const spindle = async (state: string, ...args: readonly string[]): Promise<unknown> => {
    const { stdout } = await run(process.execPath, [join(ROOT, 'bin/spindle.js'), ...args, '--json'], {
      cwd: ROOT,
      env: { ...process.env, SPINDLE_STATE: join(folder, state) },
      maxBuffer: 1 << 28,
    });
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spindle-spotify-'));
    for (const { path, text } of (await generateScenario({ project, settings: { environment: 'local' } })).files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    dags = join(folder, 'airflow/dags');
    await spindle('scheduled', 'materialize', '--select', INGESTED, ...SETTINGS);
    cpSync(join(folder, 'scheduled'), join(folder, 'local'), { recursive: true });
    airflow = await startAirflow({
      dagsFolder: dags,
      env: { SPINDLE_PROJECT_DIR: ROOT, SPINDLE_STATE: join(folder, 'scheduled') },
    });
    await airflow.importPools(join(folder, 'airflow/pools.json'));
  });
  afterAll(async () => {
    await airflow?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is parsed without an error, by a parse that does find one', async () => {
    const [parsed] = await loadDagBags('3.3', [dags]);
    expect(parsed).toMatchObject({ errors: {} });
    expect(Object.keys(parsed?.dags ?? {})).toEqual(['spotify__pipeline']);
    const broken = join(folder, 'broken');
    cpSync(dags, broken, { recursive: true });
    const file = join(broken, 'spotify__pipeline.py');
    writeFileSync(file, readFileSync(file, 'utf8').replace('inlets=[LAKE_LISTENING_EVENTS]', 'inlets=[LAKE_LISTENING]'));
    const [bag] = await loadDagBags('3.3', [broken]);
    expect(JSON.stringify(bag?.errors)).toContain('LAKE_LISTENING');
    expect(await airflow.importErrors()).toEqual({});
  });

  it('runs to success on the scheduler, and makes the same tables with the same contents as a local run of the same inputs', async () => {
    const id = await airflow.trigger('spotify__pipeline');
    await airflow.unpause('spotify__pipeline');
    await airflow.waitForSuccess('spotify__pipeline', id, 400);
    // The newest tick is due as well once the DAG is on; one of the two finds everything made.
    const runs = await airflow.until(
      'the end of all runs',
      async () => {
        const all = await airflow.runs('spotify__pipeline');
        return all.every(({ state }) => state === 'success' || state === 'failed') ? all : undefined;
      },
      300,
    );
    for (const { dag_run_id } of runs) await airflow.waitForSuccess('spotify__pipeline', dag_run_id);
    const tasks = (await Promise.all(runs.map(({ dag_run_id }) => airflow.taskInstances('spotify__pipeline', dag_run_id)))).flat();
    const ended = new Set(tasks.flatMap(({ task_id, state }) => (state === 'success' ? [task_id] : [])));
    // The catalogue was made when the lake was filled.
    const made = [...new Set(tasks.map(({ task_id }) => task_id))].filter((task) => !task.startsWith('catalogue__'));
    expect(made.filter((task) => !ended.has(task))).toEqual([]);

    await spindle('local', 'materialize', '--select', '** and not (catalogue/* or stream/* or lake/*)');
    const tables = (await spindle('local', 'query')) as readonly { readonly name: string }[];
    expect(tables.length).toBeGreaterThan(12);
    for (const { name: table } of tables) {
      const statement = `select columns(name -> not ends_with(name, 'loaded_at')) from ${table} order by all`;
      const [ours, theirs] = await Promise.all([spindle('scheduled', 'query', statement), spindle('local', 'query', statement)]);
      expect(ours, table).toEqual(theirs);
    }
    const digests = (state: string) => join(folder, state, 'local/lake/values/gold/daily_digest');
    const read = (state: string) => readdirSync(digests(state)).map((name) => [name, readFileSync(join(digests(state), name), 'utf8')]);
    expect(read('scheduled')).toEqual(read('local'));
    expect(read('local').length).toBeGreaterThan(0);
  });

  it('tells Airflow what it made: row counts as extras of asset events and as XComs', async () => {
    const events = await airflow.assetEvents({ dagId: 'spotify__pipeline' });
    const bronze = events.filter(({ name }) => name === 'spotify/bronze/listening_events');
    expect(bronze).toHaveLength(1);
    expect(bronze[0]).toMatchObject({
      source_task_id: expect.stringContaining('__check__'),
      extra: { rows: expect.any(Number) },
      partition_key: null,
    });
    const digests = events.filter(({ name }) => name === 'spotify/gold/daily_digest');
    expect(digests.length).toBeGreaterThan(0);
    for (const { partition_key } of digests) expect(partition_key).toMatch(/^\d{4}-\d\d-\d\d$/);
    const { source_run_id } = bronze[0]!;
    const told = await airflow.xcom('spotify__pipeline', source_run_id!, 'bronze__listening_events');
    expect(told).toMatchObject({ status: 'succeeded', assets: { 'bronze/listening_events': { rows: bronze[0]!.extra['rows'] } } });
  });

  it('leaves dag id, run id and tries in the run store', async () => {
    const runs = (await spindle('scheduled', 'runs')) as readonly {
      readonly status: string;
      readonly external?: { readonly dag: string; readonly run: string };
    }[];
    const external = runs.filter((recorded) => recorded.external?.dag === 'spotify__pipeline');
    const ids = (await airflow.runs('spotify__pipeline')).map(({ dag_run_id }) => dag_run_id);
    expect(external.map((recorded) => recorded.external?.run).toSorted()).toEqual(ids.toSorted());
    expect(external.every(({ status }) => status === 'succeeded')).toBe(true);
  });
});
