import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Airflow, startAirflow } from './airflow.ts';
import { fixture } from './fixture.ts';
import { processesOf } from './processes.ts';

let root: string;
let airflow: Airflow;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'spindle-dags-'));
  await cp(fixture('3.3'), join(root, 'dags'), { recursive: true });
  airflow = await startAirflow({
    dagsFolder: join(root, 'dags'),
    env: {
      AIRFLOW__CORE__PLUGINS_FOLDER: fixture('plugins'),
      SPINDLE_DEADLINE_LOG: join(root, 'deadlines'),
      SPINDLE_OF_TEST: 'passed on',
    },
  });
}, 600_000);
afterAll(async () => {
  await airflow?.stop();
  await rm(root, { recursive: true, force: true });
});

const two = (value: number) => String(value).padStart(2, '0');

/** Waits until a DAG has so many runs, all of them ended, and returns them. */
const ended = (dagId: string, count: number) =>
  airflow.until(`${count} runs of ${dagId}`, async () => {
    const runs = await airflow.runs(dagId);
    return runs.length >= count && runs.every((run) => run.state === 'success' || run.state === 'failed') ? runs : undefined;
  });

const partitions = async (dagId: string, count: number) => (await ended(dagId, count)).map((run) => run.partition_key).toSorted();

it('runs a DAG to success, with a task that has nothing to do skipped and no event of it', async () => {
  await airflow.unpause('orders');
  const id = await airflow.trigger('orders', { conf: { by: 'test' } });
  await airflow.waitForSuccess('orders', id);

  const tasks = await airflow.taskInstances('orders', id);
  expect(Object.fromEntries(tasks.map((task) => [task.task_id, task.state]))).toEqual({ 'shop.raw': 'success', 'shop.orders': 'skipped' });
  expect(await airflow.log('orders', id, 'shop.raw')).toContain(`${id} try 1 of 2 window , passed on`);
  expect(await airflow.xcom('orders', id, 'shop.raw')).toBe(`${id} try 1 of 2 window , passed on`);
  const events = (await airflow.assetEvents({ dagId: 'orders' })).filter((event) => event.source_run_id === id);
  expect(events).toMatchObject([{ name: 'shop.raw', uri: 'spindle://shop/raw', partition_key: null }]);
});

describe('an asset event', () => {
  it('without a key carries metadata and fires what waits for the asset, and nothing that waits for its partitions', async () => {
    await Promise.all(['produce_plain', 'plain_of_plain', 'keyed_of_plain'].map(airflow.unpause));
    const output = { metadata: { rows: 3, columns: { id: 'int' } } };
    const id = await airflow.trigger('produce_plain', { conf: { output: JSON.stringify(output) } });
    await airflow.waitForSuccess('produce_plain', id);

    const [run] = await ended('plain_of_plain', 1);
    expect(run).toMatchObject({ run_type: 'asset_triggered', state: 'success', logical_date: null, data_interval_start: null });
    expect(await airflow.assetEvents({ dagId: 'produce_plain' })).toMatchObject([
      { name: 'events.plain', partition_key: null, extra: output.metadata, created_dagruns: [{ dag_id: 'plain_of_plain' }] },
    ]);
    expect(await airflow.xcom('produce_plain', id, 'plain')).toEqual(output);
    expect(await airflow.runs('keyed_of_plain')).toEqual([]);
  });

  it('with keys fires a run for each, and nothing that waits for the whole asset', async () => {
    await Promise.all(['produce_keyed', 'plain_of_keyed', 'keyed_of_keyed'].map(airflow.unpause));
    const keys = ['2026-01-01T00:00Z', '2026-01-01T01:00Z'];
    const id = await airflow.trigger('produce_keyed', { conf: { output: JSON.stringify({ partitions: keys }) } });
    await airflow.waitForSuccess('produce_keyed', id);

    expect(await partitions('keyed_of_keyed', 2)).toEqual(keys);
    expect(await airflow.runs('plain_of_keyed')).toEqual([]);
  });

  it('from outside fires as one of a task does', async () => {
    await airflow.unpause('keyed_of_plain');
    await airflow.emitAssetEvent('events.plain', { partitionKey: 'outside', extra: { rows: 1 } });
    expect(await partitions('keyed_of_plain', 1)).toEqual(['outside']);
  });

  it('of a run with a partition has its key', async () => {
    await airflow.unpause('hours');
    const id = await airflow.trigger('hours', { partitionKey: '2026-01-02T00:00Z' });
    await airflow.waitForSuccess('hours', id);
    const events = (await airflow.assetEvents({ dagId: 'hours' })).filter((event) => event.source_run_id === id);
    expect(events).toMatchObject([{ name: 'shop.hourly', partition_key: '2026-01-02T00:00Z' }]);
  });
});

it('fires the partition of the hour that ended last, and the day once its 24 hours are there', async () => {
  await Promise.all(['hours', 'days'].map(airflow.unpause));
  const scheduled = await airflow.until('a scheduled hour', async () =>
    (await airflow.runs('hours')).find((run) => run.run_type === 'scheduled'),
  );
  const hour = new Date(Date.parse(scheduled.run_after) - 3_600_000).toISOString();
  expect(scheduled.partition_key).toBe(`${hour.slice(0, 16)}Z`);

  const hourOf = (index: number) => `2026-01-01T${two(index)}:00Z`;
  for (let index = 0; index < 20; index++) await airflow.emitAssetEvent('shop.hourly', { partitionKey: hourOf(index) });
  const backfilled = (count: number) =>
    airflow.until(`${count} hours of backfills`, async () => {
      const runs = (await airflow.runs('hours')).filter((run) => run.run_type === 'backfill' && run.state === 'success');
      return runs.length === count ? runs.map((run) => run.partition_key).toSorted() : undefined;
    });
  await airflow.backfill('hours', hourOf(20), hourOf(22));
  expect(await backfilled(3)).toEqual([20, 21, 22].map(hourOf));
  expect(await airflow.runs('days')).toEqual([]);

  await airflow.backfill('hours', hourOf(23), hourOf(23));
  await backfilled(4);
  expect(await partitions('days', 1)).toEqual(['2026-01-01']);
});

it('tries a task again, and counts on after it was cleared', async () => {
  await airflow.unpause('retries');
  const id = await airflow.trigger('retries', { conf: { succeedAt: 2 } });
  await airflow.waitForSuccess('retries', id);
  expect(await airflow.log('retries', id, 'flaky', 1)).toContain('try=1 max=1');
  expect(await airflow.log('retries', id, 'flaky', 2)).toContain('try=2 max=1');

  await airflow.clear('retries', id, ['flaky']);
  await airflow.waitForSuccess('retries', id);
  expect(await airflow.log('retries', id, 'flaky', 3)).toContain('try=3 max=3');
});

it('sends SIGTERM to the command of a task that is marked failed', async () => {
  await airflow.unpause('sleeper');
  const mark = join(root, 'mark');
  const id = await airflow.trigger('sleeper', { conf: { mark, exitAfter: 0.5 } });
  const marked = (word: string) =>
    airflow.until(`${word} in ${mark}`, async () => ((await readFile(mark, 'utf8').catch(() => '')).includes(word) ? true : undefined));
  await marked('start');
  await airflow.setState('sleeper', id, 'sleep', 'failed');
  await marked('15 ');
  await marked('ended');
  expect((await airflow.waitForRun('sleeper', id)).state).toBe('failed');
});

it('calls what a missed deadline names', async () => {
  await airflow.unpause('deadlines');
  await airflow.trigger('deadlines', { logicalDate: '2026-01-01T00:00:00Z' });
  const called = await airflow.until('both deadlines', async () => {
    const lines = (await readFile(join(root, 'deadlines'), 'utf8').catch(() => '')).trimEnd().split('\n');
    return lines.length === 2 ? lines.map((line) => JSON.parse(line) as { readonly by: string }) : undefined;
  });
  expect(called.toSorted((a, b) => a.by.localeCompare(b.by))).toMatchObject([
    { by: 'async', asset: 'shop.orders', context: ['dag_run', 'deadline'] },
    { by: 'sync', asset: 'shop.raw', context: ['dag_run', 'deadline'] },
  ]);
});

it('imports pools', async () => {
  const file = join(root, 'pools.json');
  await writeFile(file, JSON.stringify({ warehouse: { slots: 1, description: 'one writer', include_deferred: false } }));
  await airflow.importPools(file);
  expect(await airflow.pools()).toMatchObject({ warehouse: 1 });
});

it('reports a file that comes later and is broken, until it is mended', async () => {
  expect(await airflow.importErrors()).toEqual({});
  const broken = join(root, 'dags', 'broken.py');
  await writeFile(broken, 'from airflow.nowhere import Nothing\n');
  const errors = await airflow.until('an import error', async () => {
    const found = await airflow.importErrors();
    return Object.keys(found).length > 0 ? found : undefined;
  });
  expect(errors).toEqual({ 'broken.py': expect.stringContaining("No module named 'airflow.nowhere'") as string });

  await writeFile(broken, '');
  await airflow.until('no import error', async () => (Object.keys(await airflow.importErrors()).length === 0 ? true : undefined));
});

it('leaves no process and no home behind', async () => {
  expect(await processesOf(airflow.home)).toBeGreaterThanOrEqual(5);
  await airflow.stop();
  expect(await processesOf(airflow.home)).toBe(0);
  await expect(readdir(airflow.home)).rejects.toThrow('ENOENT');
});
