import type { Schedule } from './schedule.ts';
import type { StartDate } from './start-date.ts';

/** One DAG, before it is written as Python. Milliseconds wherever a time is a number. */
export interface DagModel {
  readonly id: string;
  readonly job: string;
  /** For people: the job's selection and what it runs at. */
  readonly description: string;
  readonly schedule: Schedule;
  /** Whether each run is asked for the partitions that its interval completes. */
  readonly windows: boolean;
  /** Whether the partition key of a run is one of its assets: not so where it only says that something came. */
  readonly partitions: boolean;
  readonly start: StartDate;
  readonly catchUp: boolean;
  readonly maxActiveRuns: number;
  readonly timeout: number | undefined;
  readonly tags: readonly string[];
  readonly owner: string;
  readonly onFailure: string | undefined;
  readonly deadlines: readonly Deadline[];
  /** In an order in which they can run. */
  readonly tasks: readonly TaskModel[];
}

/** The shortest freshness of the assets that share it. */
export interface Deadline {
  readonly within: number;
  readonly assets: readonly string[];
  readonly callback: string;
}

interface CommonTask {
  readonly id: string;
  /** Ids of tasks. */
  readonly after: readonly string[];
  /** A task group: its id and what it shows. */
  readonly group: TaskGroupModel | undefined;
  readonly retry: RetryModel;
  readonly timeout: number | undefined;
  readonly pool: string | undefined;
  readonly owners: readonly string[];
  readonly docs: string;
  /** Keys of assets. */
  readonly inlets: readonly string[];
  readonly outlets: readonly string[];
}

export interface TaskGroupModel {
  readonly id: string;
  readonly label: string;
}

export interface RetryModel {
  readonly retries: number;
  readonly delay: number;
  readonly exponential: boolean;
}

/** A call of `spindle materialize`. */
export interface MaterializeTask extends CommonTask {
  readonly kind: 'materialize';
  readonly keys: readonly string[];
  /** Selected with the keys, for their order alone. */
  readonly sources: readonly string[];
  /** False where the checks are tasks of their own. */
  readonly checks: boolean;
  /** Partitions made before that are stale by now are made again by the same run. */
  readonly withStale: boolean;
}

/** A call of `spindle check`. */
export interface CheckTask extends CommonTask {
  readonly kind: 'check';
  readonly key: string;
  readonly check: string;
}

/** A task group of astronomer-cosmos: models of one dbt project, which dbt builds by itself. */
export interface CosmosTask extends CommonTask {
  readonly kind: 'cosmos';
  readonly keys: readonly string[];
  /** The dbt project's folder, relative to the project's. */
  readonly dir: string;
  readonly project: string;
  /** dbt's names of the models. */
  readonly select: readonly string[];
}

export type TaskModel = MaterializeTask | CheckTask | CosmosTask;

/** What a task of another one's dependencies is set before: the task, or the group of cosmos that stands before it. */
export const entryOf = ({ kind, id }: TaskModel): string => (kind === 'cosmos' ? `${id}__models` : id);

/** All ids that Airflow knows a task by: its own, and that of its group of cosmos. */
export const idsOf = (task: TaskModel): readonly string[] => [...new Set([task.id, entryOf(task)])];

/** A pool that a DAG's tasks wait in: one slot, since one at a time may hold what it stands for. */
export interface PoolModel {
  readonly name: string;
  readonly description: string;
}
