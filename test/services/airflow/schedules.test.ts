import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAirflow, type Airflow } from './airflow.ts';
import type { InstalledProject } from './installed-project.ts';
import { schedulesProject } from './schedules/project.ts';

/** Generated DAGs on a real scheduler: what starts them, and what becomes of tasks that fail, are stopped or are killed. */
describe('the DAGs of a project', () => {
  let project: InstalledProject;
  let airflow: Airflow;
  beforeAll(async () => {
    project = schedulesProject();
    airflow = await startAirflow({ dagsFolder: join(project.root, 'airflow/dags'), env: project.env });
    await airflow.importPools(join(project.root, 'airflow/pools.json'));
  });
  afterAll(async () => {
    await airflow?.stop();
    project?.remove();
  });

  const states = async (dag: string, run: string): Promise<Readonly<Record<string, string | null>>> =>
    Object.fromEntries((await airflow.taskInstances(dag, run)).map(({ task_id, state }) => [task_id, state]));
  const start = async (dag: string): Promise<string> => {
    await airflow.unpause(dag);
    return airflow.trigger(dag);
  };
  const callsOf = (name: string) => project.calls().filter((line) => line.startsWith(name));

  it('start what waits for an asset when it has a new version, and not when its task had nothing to do', async () => {
    expect(await airflow.importErrors()).toEqual({});
    await airflow.unpause('schedules__second');
    const first = await start('schedules__first');
    await airflow.waitForSuccess('schedules__first', first);
    const [second] = await airflow.until('a run of the second', async () => {
      const runs = await airflow.runs('schedules__second');
      return runs.length > 0 ? runs : undefined;
    });
    expect(second).toMatchObject({ run_type: 'asset_triggered', partition_key: null });
    await airflow.waitForSuccess('schedules__second', second!.dag_run_id);
    expect(callsOf('two')).toEqual(['two']);
    const again = await start('schedules__first');
    await airflow.waitForSuccess('schedules__first', again);
    expect(await states('schedules__first', again)).toEqual({ plain__one: 'skipped' });
    expect(await airflow.assetEvents({ name: 'schedules/plain/one' })).toHaveLength(1);
    expect(await airflow.runs('schedules__second')).toHaveLength(1);
  });

  it('run for each hour, and for a day once all of its hours are there', async () => {
    await airflow.unpause('schedules__days');
    await airflow.unpause('schedules__hours');
    await airflow.backfill('schedules__hours', '2026-01-05T00:00:00Z', '2026-01-05T23:00:00Z');
    const [day] = await airflow.until(
      'the run of the day',
      async () => {
        const runs = await airflow.runs('schedules__days');
        return runs.length > 0 ? runs : undefined;
      },
      240,
    );
    expect(day).toMatchObject({ partition_key: '2026-01-05', run_type: 'asset_triggered' });
    await airflow.waitForSuccess('schedules__days', day!.dag_run_id);
    const hours = Array.from({ length: 24 }, (_, hour) => `readings 2026-01-05T${String(hour).padStart(2, '0')}:00Z`);
    expect(callsOf('readings 2026-01-05T').toSorted()).toEqual(hours);
    expect(callsOf('days')).toEqual(['days 2026-01-05 of 24']);
    expect(await airflow.runs('schedules__days')).toHaveLength(1);
    // The newest tick was due when the DAG was turned on: the hour that had ended then.
    const [newest] = (await airflow.runs('schedules__hours')).filter(({ run_type }) => run_type === 'scheduled');
    const ended = new Date(Date.parse(newest!.run_after) - 3_600_000).toISOString();
    expect(newest!.partition_key).toBe(`${ended.slice(0, 16)}Z`);
  });

  it('try a transient failure again as the policy says', async () => {
    const run = await start('schedules__flaky');
    await airflow.waitForSuccess('schedules__flaky', run);
    expect(callsOf('flaky')).toEqual(['flaky try 1', 'flaky try 2', 'flaky try 3']);
    const [task] = await airflow.taskInstances('schedules__flaky', run);
    expect(task).toMatchObject({ try_number: 3, state: 'success' });
  });

  it('do not try again what failed for good, until the task is cleared', async () => {
    project.turn('hopeless', true);
    const run = await start('schedules__hopeless');
    expect(await airflow.waitForRun('schedules__hopeless', run)).toMatchObject({ state: 'failed' });
    expect(callsOf('hopeless')).toEqual(['hopeless try 1']);
    expect((await airflow.log('schedules__hopeless', run, 'hopeless__asset', 2)).join('\n')).toContain('EARLIER_TRY_FAILED');
    project.turn('hopeless', false);
    await airflow.clear('schedules__hopeless', run, ['hopeless__asset']);
    await airflow.until('the cleared task', async () =>
      (await states('schedules__hopeless', run))['hopeless__asset'] === 'success' ? true : undefined,
    );
    expect(callsOf('hopeless')).toHaveLength(2);
  });

  it('keep dependents from running behind a blocking check that fails, and only warn of another', async () => {
    project.turn('unsound', true);
    const run = await start('schedules__gate');
    expect(await airflow.waitForRun('schedules__gate', run)).toMatchObject({ state: 'failed' });
    expect(await states('schedules__gate', run)).toEqual({
      gate__data: 'success',
      gate__data__check__it_is_sound: 'failed',
      gate__data__check__it_is_neat: 'success',
      gate__after: 'upstream_failed',
    });
    expect(callsOf('after')).toEqual([]);
    expect(await airflow.assetEvents({ dagId: 'schedules__gate' })).toEqual([]);
    project.turn('unsound', false);
    await airflow.clear('schedules__gate', run, ['gate__data__check__it_is_sound', 'gate__after']);
    await airflow.until('the cleared tasks', async () =>
      (await states('schedules__gate', run))['gate__after'] === 'success' ? true : undefined,
    );
    const events = await airflow.assetEvents({ dagId: 'schedules__gate' });
    expect(events.map(({ name, source_task_id }) => [name, source_task_id])).toEqual([
      ['schedules/gate/data', 'gate__data__check__it_is_sound'],
      ['schedules/gate/after', 'gate__after'],
    ]);
  });

  it('leave nothing half-written where a task is killed, and go on with the next try', async () => {
    project.turn('slow', true);
    const run = await start('schedules__slow');
    const line = await airflow.until('the slow task', async () => callsOf('big')[0]);
    process.kill(Number(line.split(' ')[1]), 'SIGKILL');
    await airflow.until('the end of the try', async () =>
      (await states('schedules__slow', run))['slow__table'] === 'up_for_retry' ? true : undefined,
    );
    expect(project.ask('query', "select table_name from duckdb_tables() where schema_name = 'slow' and estimated_size > 0")).toEqual([]);
    project.turn('slow', false);
    await airflow.waitForSuccess('schedules__slow', run);
    expect(project.ask('query', 'select count(*) as rows, count(distinct id) as ids from slow.big')).toEqual([
      { rows: 60_000, ids: 60_000 },
    ]);
  });

  it('stop cleanly where a task is marked as failed: the run is recorded as canceled, and the next one need not wait', async () => {
    project.turn('stuck', true);
    const run = await start('schedules__stuck');
    await airflow.until('the stuck task', async () => callsOf('stuck')[0]);
    await airflow.setState('schedules__stuck', run, 'stuck__asset', 'failed');
    const recorded = () => {
      const runs = project.ask<readonly { readonly status: string; readonly external?: { readonly run: string } }[]>('runs');
      return runs.find(({ external }) => external?.run === run)?.status;
    };
    await airflow.until('the end of the run', async () => (recorded() === 'canceled' ? true : undefined));
    project.turn('stuck', false);
    const next = await airflow.trigger('schedules__stuck');
    await airflow.waitForSuccess('schedules__stuck', next);
    expect(callsOf('stuck')).toHaveLength(2);
  });
});
