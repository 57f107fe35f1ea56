import { AirflowRestError, pathOf, type Rest } from './rest.ts';
import { type Until } from './until.ts';

export interface DagRun {
  readonly dag_run_id: string;
  readonly run_type: 'manual' | 'scheduled' | 'backfill' | 'asset_triggered' | 'asset_materialization';
  readonly state: 'queued' | 'running' | 'success' | 'failed';
  readonly logical_date: string | null;
  readonly data_interval_start: string | null;
  readonly data_interval_end: string | null;
  readonly run_after: string;
  readonly partition_key: string | null;
  readonly conf: Readonly<Record<string, unknown>> | null;
}

export interface TaskInstance {
  readonly task_id: string;
  readonly map_index: number;
  /** Null until it is scheduled. */
  readonly state: string | null;
  readonly try_number: number;
  readonly max_tries: number;
  readonly pool: string;
  readonly start_date: string | null;
  readonly end_date: string | null;
  readonly rendered_fields: Readonly<Record<string, unknown>>;
}

export interface AssetEvent {
  readonly name: string;
  readonly uri: string;
  readonly partition_key: string | null;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly source_dag_id: string | null;
  readonly source_task_id: string | null;
  readonly source_run_id: string | null;
  /** The runs that have it among their triggering events. */
  readonly created_dagruns: readonly { readonly dag_id: string; readonly run_id: string }[];
}

export interface TriggerOptions {
  /** Null (the default) for a run of no date, as one by hand or by an asset is. */
  readonly logicalDate?: string | null;
  readonly conf?: Readonly<Record<string, unknown>>;
  readonly partitionKey?: string;
}

export interface EmittedEvent {
  readonly partitionKey?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface AirflowApi {
  readonly until: Until;
  /** Tracebacks of the DAG processor by file. */
  importErrors(): Promise<Readonly<Record<string, string>>>;
  dagIds(): Promise<readonly string[]>;
  /** Waits for the DAG to be parsed. */
  unpause(dagId: string): Promise<void>;
  pause(dagId: string): Promise<void>;
  /** The id of a new run. */
  trigger(dagId: string, options?: TriggerOptions): Promise<string>;
  runs(dagId: string): Promise<readonly DagRun[]>;
  /** Waits for the run to succeed or fail. */
  waitForRun(dagId: string, runId: string, seconds?: number): Promise<DagRun>;
  /** As `waitForRun`, and fails with the logs of the failed tasks unless the run succeeds. */
  waitForSuccess(dagId: string, runId: string, seconds?: number): Promise<DagRun>;
  taskInstances(dagId: string, runId: string): Promise<readonly TaskInstance[]>;
  /** The lines that one try of a task logged, its output among them. */
  log(dagId: string, runId: string, taskId: string, tryNumber?: number): Promise<readonly string[]>;
  xcom(dagId: string, runId: string, taskId: string, key?: string): Promise<unknown>;
  /** Has tasks run again, and those below them when asked for. */
  clear(dagId: string, runId: string, taskIds: readonly string[], downstream?: boolean): Promise<void>;
  /** Marks a task, which ends it where it runs. */
  setState(dagId: string, runId: string, taskId: string, state: 'failed' | 'success' | 'skipped'): Promise<void>;
  /** Oldest first. */
  assetEvents(filter?: { readonly name?: string; readonly dagId?: string }): Promise<readonly AssetEvent[]>;
  /** Announces an asset from outside, by its name. */
  emitAssetEvent(name: string, event?: EmittedEvent): Promise<void>;
  /** Partitions or logical dates of a range, both ends within. Waits for an earlier backfill of the DAG to end. */
  backfill(dagId: string, from: string, to: string): Promise<void>;
  pools(): Promise<Readonly<Record<string, number>>>;
}

/** The parts of Airflow's REST API that tests need. */
export function createApi(rest: Rest, until: Until): AirflowApi {
  const setPaused = (dagId: string, paused: boolean) =>
    until(`DAG ${dagId}`, async () => {
      try {
        await rest.send('PATCH', pathOf`/dags/${dagId}`, { is_paused: paused });
        return true;
      } catch (error) {
        if (!(error instanceof AirflowRestError) || error.status !== 404) throw error;
        const errors = await api.importErrors();
        if (Object.keys(errors).length > 0) throw new Error(`There is no DAG ${dagId}: ${JSON.stringify(errors)}`, { cause: error });
        return undefined;
      }
    });

  const api: AirflowApi = {
    until,
    async importErrors() {
      const { import_errors } = await rest.get<{ import_errors: readonly { filename: string; stack_trace: string }[] }>(
        '/importErrors?limit=100',
      );
      return Object.fromEntries(import_errors.map((error) => [error.filename, error.stack_trace]));
    },
    async dagIds() {
      const { dags } = await rest.get<{ dags: readonly { dag_id: string }[] }>('/dags?limit=1000&order_by=dag_id');
      return dags.map((dag) => dag.dag_id);
    },
    async unpause(dagId) {
      await setPaused(dagId, false);
    },
    async pause(dagId) {
      await setPaused(dagId, true);
    },
    trigger: (dagId, { logicalDate = null, conf, partitionKey } = {}) =>
      until(
        `a run of ${dagId}`,
        async () => {
          const run = await rest.send<Partial<DagRun>>('POST', pathOf`/dags/${dagId}/dagRuns`, {
            logical_date: logicalDate,
            ...(conf !== undefined && { conf }),
            ...(partitionKey !== undefined && { partition_key: partitionKey }),
          });
          return run.dag_run_id; // was seen missing once
        },
        10,
      ),
    async runs(dagId) {
      return (await rest.get<{ dag_runs: readonly DagRun[] }>(pathOf`/dags/${dagId}/dagRuns` + '?limit=1000&order_by=id')).dag_runs;
    },
    waitForRun: (dagId, runId, seconds = 180) =>
      until(
        `run ${runId} of ${dagId}`,
        async () => {
          const run = await rest.get<DagRun>(pathOf`/dags/${dagId}/dagRuns/${runId}`);
          return run.state === 'success' || run.state === 'failed' ? run : undefined;
        },
        seconds,
      ),
    async waitForSuccess(dagId, runId, seconds) {
      const run = await api.waitForRun(dagId, runId, seconds);
      if (run.state === 'success') return run;
      const failed = (await api.taskInstances(dagId, runId)).filter((task) => task.state === 'failed');
      const logs = failed.map(async ({ task_id, try_number }) => {
        const lines = await api.log(dagId, runId, task_id, try_number).catch((error: unknown) => [String(error)]);
        return `--- ${task_id}, try ${try_number}\n${lines.slice(-30).join('\n')}`;
      });
      throw new Error(`Run ${runId} of ${dagId} failed:\n${(await Promise.all(logs)).join('\n')}`);
    },
    async taskInstances(dagId, runId) {
      const path = pathOf`/dags/${dagId}/dagRuns/${runId}/taskInstances` + '?limit=1000';
      return (await rest.get<{ task_instances: readonly TaskInstance[] }>(path)).task_instances;
    },
    async log(dagId, runId, taskId, tryNumber = 1) {
      const { content } = await rest.get<{ content: readonly { event?: string; error_detail?: unknown }[] }>(
        pathOf`/dags/${dagId}/dagRuns/${runId}/taskInstances/${taskId}/logs/${tryNumber}` + '?full_content=true',
      );
      return content.flatMap(({ event = '', error_detail }) =>
        error_detail === undefined ? [event] : [event, JSON.stringify(error_detail)],
      );
    },
    async xcom(dagId, runId, taskId, key = 'return_value') {
      const path = pathOf`/dags/${dagId}/dagRuns/${runId}/taskInstances/${taskId}/xcomEntries/${key}`;
      return (await rest.get<{ value: unknown }>(path)).value;
    },
    async clear(dagId, runId, taskIds, downstream = false) {
      await rest.send('POST', pathOf`/dags/${dagId}/clearTaskInstances`, {
        dry_run: false,
        dag_run_id: runId,
        task_ids: taskIds,
        include_downstream: downstream,
        only_failed: false,
        reset_dag_runs: true,
      });
    },
    async setState(dagId, runId, taskId, state) {
      await rest.send('PATCH', pathOf`/dags/${dagId}/dagRuns/${runId}/taskInstances/${taskId}`, { new_state: state });
    },
    async assetEvents({ name, dagId } = {}) {
      const filter = dagId === undefined ? '' : pathOf`&source_dag_id=${dagId}`;
      const { asset_events } = await rest.get<{ asset_events: readonly AssetEvent[] }>(
        `/assets/events?limit=1000&order_by=timestamp${filter}`,
      );
      return asset_events.filter((event) => name === undefined || event.name === name);
    },
    async emitAssetEvent(name, { partitionKey, extra } = {}) {
      const { assets } = await rest.get<{ assets: readonly { id: number; name: string }[] }>('/assets?limit=1000');
      const asset = assets.find((one) => one.name === name);
      if (asset === undefined) throw new Error(`Airflow knows no asset ${name}, only ${assets.map((one) => one.name).join(', ')}.`);
      await rest.send('POST', '/assets/events', { asset_id: asset.id, partition_key: partitionKey ?? null, extra: extra ?? {} });
    },
    async backfill(dagId, from, to) {
      await until(`the backfill of ${dagId} before this one`, async () => {
        try {
          await rest.send('POST', '/backfills', { dag_id: dagId, from_date: from, to_date: to, max_active_runs: 16 });
          return true;
        } catch (error) {
          if (error instanceof AirflowRestError && error.status === 409) return undefined;
          throw error;
        }
      });
    },
    async pools() {
      const { pools } = await rest.get<{ pools: readonly { name: string; slots: number }[] }>('/pools?limit=1000');
      return Object.fromEntries(pools.map((pool) => [pool.name, pool.slots]));
    },
  };
  return api;
}
