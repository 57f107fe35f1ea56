import type { Condition } from '../../../runtime/automation/condition.ts';
import type { Mapping } from '../../../runtime/declare/definition.ts';
import type { AirflowJobSettings, DbtTasks } from '../../../runtime/declare/airflow.ts';
import type { PartitionsDefinition } from '../../../runtime/partitions/definition.ts';

/** What a job's condition comes to: each kind of condition, and what some combinations become. */
export type AutomationFeature =
  | `automation.${Condition['kind']}`
  | 'automation.cron-dialect'
  | 'automation.several-crons'
  | 'automation.several-zones'
  | 'automation.eager-alone'
  | 'automation.all-with-cron'
  | 'automation.all-mixed';

/** How the runs of a DAG come by their partitions. */
export type RunFeature =
  | 'runs.partition'
  | 'runs.window'
  | 'runs.due'
  | 'runs.late-data'
  | 'trigger.same'
  | 'trigger.roll-up'
  | 'trigger.each-of-finer'
  | 'trigger.fan-out'
  | 'trigger.window'
  | 'trigger.cross'
  | 'trigger.whole'
  | 'trigger.due'
  | 'trigger.unmapped'
  | 'trigger.mixed-keys';

export type AssetFeature =
  | 'task'
  | 'asset.description'
  | 'asset.group'
  | 'asset.owners'
  | 'asset.tags'
  | 'asset.formerly'
  | 'asset.code-version'
  | 'asset.config'
  | 'asset.resources'
  | 'asset.automation'
  | 'asset.freshness'
  | 'asset.freshness-alert'
  | 'asset.retry'
  | 'asset.retry-backoff'
  | 'asset.timeout'
  | 'asset.timeout-of-several'
  | 'asset.pool'
  | 'asset.range'
  | 'store.durable'
  | 'store.memory'
  | 'source'
  | 'source.observe'
  | 'multi-asset'
  | `dbt.${DbtTasks}`
  | 'granularity.group'
  | 'streaming.service'
  | 'streaming.task'
  | `dependency.${Mapping['kind']}`
  | `partitions.${PartitionsDefinition['kind']}`;

export type CheckFeature =
  | 'check.blocking'
  | 'check.error'
  | 'check.warn'
  | 'check.inside'
  | 'check.dbt'
  | 'check.dbt-of-several'
  | 'check.dbt-of-source'
  | 'check.description';

export type JobFeature =
  | 'job.dag'
  | 'job.selection-by-status'
  | 'job.tags'
  | 'job.embedded-drivers'
  | 'job.native-tasks'
  | `job.${Exclude<keyof AirflowJobSettings, 'streaming'>}`;

/** What every run has, whatever the graph. */
export type RuntimeFeature =
  | 'run.staleness'
  | 'run.record'
  | 'run.counts'
  | 'run.terminal-failures'
  | 'run.cancel'
  | 'run.claims'
  | 'run.config-and-seed';

/** Everything that a graph, a job or a run may use. */
export type Feature = AutomationFeature | RunFeature | AssetFeature | CheckFeature | JobFeature | RuntimeFeature;

/** A feature that the project uses, and where. */
export interface Use {
  readonly feature: Feature;
  /** An asset's key, `job` and its name, or both; empty for all of the export. */
  readonly subject: string;
  /** What the matrix cannot know. */
  readonly detail?: string;
}
