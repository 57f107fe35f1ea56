import type { Duration } from './duration.ts';

export const AIRFLOW_TARGETS = ['3.3', '2.9'] as const;
/** `3.3` has assets and partitions; files for `2.9` load on 2.9 and everything after it, and have windows in place of partitions. */
export type AirflowTarget = (typeof AIRFLOW_TARGETS)[number];

export const AIRFLOW_OPERATORS = ['bash', 'docker', 'kubernetes'] as const;
/** What runs the command line: the worker itself, or a container of the project's image. */
export type AirflowOperator = (typeof AIRFLOW_OPERATORS)[number];

export const DBT_TASKS = ['group', 'model', 'cosmos'] as const;
/** One `dbt build` for the models that can be built together, a task for each model, or a task group of astronomer-cosmos, which calls dbt itself. */
export type DbtTasks = (typeof DBT_TASKS)[number];

export const TASK_GRANULARITIES = ['asset', 'group'] as const;
/** A task for each asset, or one for the assets of a group that can run together. */
export type TaskGranularity = (typeof TASK_GRANULARITIES)[number];

export const STREAMING = ['service', 'task'] as const;
/** What fills topics and lands them: services beside Airflow, whose assets are then inlets of the DAG, or tasks of it. */
export type Streaming = (typeof STREAMING)[number];

/** How one job becomes a DAG, where it differs from the project's settings. */
export interface AirflowJobSettings {
  /** Services unless given. */
  readonly streaming?: Streaming;
  /** Whether Airflow makes up for every interval since `startDate`, or since the partitions start; false unless given. */
  readonly catchUp?: boolean;
  /** Runs of the DAG at once; 1 unless given. */
  readonly maxActiveRuns?: number;
  /** After which a run of the DAG has failed. */
  readonly timeout?: Duration;
  /** ISO date or instant; that of the partitions unless given. */
  readonly startDate?: string;
  /** A Python function by its dotted path, which the last failed try of a task calls. */
  readonly onFailure?: string;
  /** A Python coroutine by its dotted path, which Airflow calls when an asset's `freshness` passes before the DAG run has ended. */
  readonly onDeadline?: string;
}

/** How a project becomes DAGs: the defaults of `spindle generate airflow`, and what each job may say for itself. */
export interface AirflowSettings extends AirflowJobSettings {
  readonly target?: AirflowTarget;
  readonly operator?: AirflowOperator;
  readonly dbt?: DbtTasks;
  readonly granularity?: TaskGranularity;
  /** The environment that tasks run in; the project's first one unless given. */
  readonly environment?: string;
  /** Says that all tasks run on one host with the project's folder: the drivers that keep files there may then be exported. */
  readonly sharedHost?: boolean;
  /** The command line as a task calls it, relative to the project's folder; `./node_modules/.bin/spindle` unless given. */
  readonly command?: string;
  /** The image of the docker and kubernetes operators where the Airflow variable `spindle_image` names none; `<project>:latest` unless given. */
  readonly image?: string;
  /** The folder that is written, relative to the project's; `airflow` unless given. */
  readonly output?: string;
  /** What may change or go with any version, and is off unless it is turned on here. */
  readonly experimental?: {
    /** Tasks that Airflow 3.3 hands to the command line by its own protocol, and not by a shell: target 3.3 and the operator bash. */
    readonly nativeTasks?: boolean;
  };
}
