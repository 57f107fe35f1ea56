import { ask } from './ask.ts';
import { type AirflowEnvironment } from './environments.ts';

/** What Airflow's own DagBag finds in one folder or file, in Airflow's names; durations are seconds. */
export interface DagBag {
  readonly dags: Readonly<Record<string, Dag>>;
  /** What the DAG processor would report, a traceback by file relative to the folder: import, validation and serialization errors. */
  readonly errors: Readonly<Record<string, string>>;
}

export interface AssetIdentity {
  /** Null on 2.9, where a dataset has only a URI. */
  readonly name: string | null;
  readonly uri: string | null;
}

export interface Dag {
  /** The assets that the schedule waits for. */
  readonly assets: readonly AssetIdentity[];
  readonly asset_condition: unknown;
  readonly catchup: boolean;
  readonly dagrun_timeout: number | null;
  readonly deadlines: readonly Deadline[];
  readonly default_args: readonly string[];
  readonly description: string | null;
  readonly display_name: string | null;
  readonly doc_md: string | null;
  readonly end_date: string | null;
  readonly max_active_runs: number;
  readonly max_active_tasks: number;
  readonly max_consecutive_failed_dag_runs: number;
  /** Dotted paths; what is defined in the DAG file itself is under the file's name. */
  readonly on_failure_callback: readonly string[];
  readonly on_success_callback: readonly string[];
  readonly owner_links: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly render_template_as_native_obj: boolean;
  readonly start_date: string | null;
  readonly tags: readonly string[];
  readonly tasks: Readonly<Record<string, Task>>;
  /** The class that the scheduler uses, its serialized form, and what the page shows of it. */
  readonly timetable: { readonly type: string; readonly data: Readonly<Record<string, unknown>>; readonly summary: string };
}

export interface Deadline {
  readonly callback: string;
  readonly callback_path: string;
  readonly callback_kwargs: Readonly<Record<string, unknown>>;
  readonly interval: number;
  readonly name: string | null;
  readonly reference: string;
}

export interface Task {
  readonly depends_on_past: boolean;
  readonly do_xcom_push: boolean;
  readonly doc_md: string | null;
  readonly downstream: readonly string[];
  readonly execution_timeout: number | null;
  /** What the operator was given: `bash_command`, `env`, `append_env`, `command`, `arguments`, `image` and the like, templates unrendered. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly group: string | null;
  readonly inlets: readonly AssetIdentity[];
  readonly mapped: boolean;
  readonly max_active_tis_per_dag: number | null;
  readonly max_active_tis_per_dagrun: number | null;
  readonly max_retry_delay: number | null;
  readonly on_failure_callback: readonly string[];
  readonly on_retry_callback: readonly string[];
  readonly on_success_callback: readonly string[];
  readonly operator: string;
  readonly outlets: readonly AssetIdentity[];
  readonly output_processor: readonly string[];
  readonly owner: string;
  readonly pool: string;
  readonly pool_slots: number;
  readonly post_execute: readonly string[];
  readonly priority_weight: number;
  readonly queue: string;
  readonly retries: number;
  readonly retry_delay: number;
  readonly retry_exponential_backoff: boolean | number;
  readonly run_as_user: string | null;
  readonly trigger_rule: string;
  readonly upstream: readonly string[];
  readonly wait_for_downstream: boolean;
}

/** Parses folders or files of DAGs as Airflow does, in one process and without a database; the answers are in the order of the folders. */
export const loadDagBags = async (environment: AirflowEnvironment, folders: readonly string[]): Promise<readonly DagBag[]> =>
  (await ask(environment, 'dag-bag.py', { folders })) as readonly DagBag[];
