import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAirflow, type Airflow } from './airflow.ts';
import type { InstalledProject } from './installed-project.ts';
import { nativeProject } from './native-tasks/project.ts';

/** The experiment of native tasks on a real scheduler: no shell and no Python between Airflow's supervisor and the command line. */
describe('native tasks', () => {
  let project: InstalledProject;
  let airflow: Airflow;
  beforeAll(async () => {
    project = nativeProject();
    airflow = await startAirflow({ dagsFolder: join(project.root, 'airflow/dags'), env: project.env });
    const pools = join(project.root, 'airflow/pools.json');
    if (existsSync(pools)) await airflow.importPools(pools);
  });
  afterAll(async () => {
    await airflow?.stop();
    project?.remove();
  });

  const tasks = async (dag: string, run: string) =>
    Object.fromEntries((await airflow.taskInstances(dag, run)).map((task) => [task.task_id, task]));
  const start = async (dag: string): Promise<string> => {
    await airflow.unpause(dag);
    return airflow.trigger(dag);
  };

  it('emit an event for each partition with its own row count, and each starts a run of what waits for it', async () => {
    expect(await airflow.importErrors()).toEqual({});
    await airflow.unpause('native__totals');
    const run = await start('native__sales');
    await airflow.waitForSuccess('native__sales', run);
    const events = await airflow.assetEvents({ name: 'native/shop/sales' });
    expect(events.map(({ partition_key, extra }) => [partition_key, extra['rows'], extra['partitions']])).toEqual([
      ['eu', 3, ['eu']],
      ['us', 5, ['us']],
    ]);
    const runs = await airflow.until('a run for each key', async () => {
      const all = await airflow.runs('native__totals');
      return all.length === 2 ? all : undefined;
    });
    expect(runs.map(({ partition_key }) => partition_key).toSorted()).toEqual(['eu', 'us']);
    for (const { dag_run_id } of runs) await airflow.waitForSuccess('native__totals', dag_run_id);
    expect(
      project
        .calls()
        .filter((line) => line.startsWith('totals'))
        .toSorted(),
    ).toEqual(runs.map(({ partition_key, dag_run_id }) => `totals ${partition_key} in ${dag_run_id}`).toSorted());
    const made = await airflow.assetEvents({ name: 'native/shop/totals' });
    expect(made.map(({ partition_key }) => partition_key).toSorted()).toEqual(['eu', 'us']);
  });

  it('return their result, and log what happens and what functions print', async () => {
    const [run] = await airflow.runs('native__sales');
    const result = await airflow.xcom('native__sales', run!.dag_run_id, 'shop__sales');
    expect(result).toMatchObject({ status: 'succeeded', assets: { 'shop/sales': { rows: 8, partitions: ['eu', 'us'] } } });
    const log = await airflow.log('native__sales', run!.dag_run_id, 'shop__sales');
    expect(log).toEqual(expect.arrayContaining(['printed for eu', 'printed for us', JSON.stringify(result)]));
    expect(log.filter((line) => line.includes('the sales of eu'))).toHaveLength(1);
  });

  it('are skipped without an event where nothing is to do', async () => {
    const run = await start('native__sales');
    await airflow.waitForSuccess('native__sales', run);
    expect(await tasks('native__sales', run)).toMatchObject({ shop__sales: { state: 'skipped' } });
    expect(await airflow.assetEvents({ name: 'native/shop/sales' })).toHaveLength(2);
  });

  it('check before what waits for it, and the check that blocks speaks for the asset', async () => {
    const run = await start('native__gate');
    await airflow.waitForSuccess('native__gate', run);
    const [event] = await airflow.assetEvents({ name: 'native/gate/data' });
    expect(event?.source_task_id).toContain('__check__');
    expect(event?.extra).toMatchObject({ run: expect.any(String) });
  });

  it('are tried again after a transient failure, and fail where that is no help', async () => {
    const [flaky, hopeless] = [await start('native__flaky'), await start('native__hopeless')];
    await airflow.waitForSuccess('native__flaky', flaky);
    expect(project.calls().filter((line) => line.startsWith('flaky'))).toEqual(['flaky try 1', 'flaky try 2']);
    expect(await tasks('native__flaky', flaky)).toMatchObject({ flaky__asset: { try_number: 2, state: 'success' } });
    await airflow.waitForRun('native__hopeless', hopeless);
    expect(await tasks('native__hopeless', hopeless)).toMatchObject({ hopeless__asset: { try_number: 1, state: 'failed' } });
    expect((await airflow.log('native__hopeless', hopeless, 'hopeless__asset')).join('\n')).toContain('never');
  });

  it('stop cleanly where they are marked as failed: the run is recorded as canceled, and the next one need not wait', async () => {
    project.turn('stuck', true);
    const run = await start('native__stuck');
    await airflow.until('the stuck task', async () => project.calls().find((line) => line === 'stuck'));
    await airflow.setState('native__stuck', run, 'stuck__asset', 'failed');
    const recorded = () => {
      const runs = project.ask<readonly { readonly status: string; readonly external?: { readonly run: string } }[]>('runs');
      return runs.find(({ external }) => external?.run === run)?.status;
    };
    await airflow.until('the end of the run', async () => (recorded() === 'canceled' ? true : undefined));
    expect(await tasks('native__stuck', run)).toMatchObject({ stuck__asset: { state: 'failed', try_number: 1 } });
    project.turn('stuck', false);
    const next = await airflow.trigger('native__stuck');
    await airflow.waitForSuccess('native__stuck', next);
    expect(await tasks('native__stuck', next)).toMatchObject({ stuck__asset: { state: 'success' } });
  });
});
