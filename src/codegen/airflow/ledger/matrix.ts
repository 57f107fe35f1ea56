import type { AirflowTarget } from '../../../runtime/declare/airflow.ts';
import type { Feature } from './feature.ts';

export const SUPPORT = ['native', 'emulated', 'unsupported'] as const;
/** `native`: Airflow's own way of it; `emulated`: the same result by other means, or with a difference that `how` names; `unsupported`: lost. */
export type Support = (typeof SUPPORT)[number];

export interface Cell {
  readonly support: Support;
  /** By what, or why not, as a clause. */
  readonly how: string;
}

const native = (how: string): Cell => ({ support: 'native', how });
const emulated = (how: string): Cell => ({ support: 'emulated', how });
const unsupported = (how: string): Cell => ({ support: 'unsupported', how });

type Row = Readonly<Record<AirflowTarget, Cell>>;
const both = (cell: Cell): Row => ({ '3.3': cell, '2.9': cell });
const apart = (newer: Cell, older: Cell): Row => ({ '3.3': newer, '2.9': older });

/** How each feature comes out on each target. A feature without its row does not compile. */
export const MATRIX: Readonly<Record<Feature, Row>> = {
  task: both(native('a task that calls the command line')),
  'asset.description': both(native('`doc_md` of the task')),
  'asset.group': both(native('a task group; one whose tasks would wait for another group and back is divided')),
  'asset.owners': both(native('`owner` of the task, joined by commas')),
  'asset.tags': both(emulated('in `doc_md`: Airflow tags DAGs alone')),
  'asset.formerly': both(emulated('history is kept in the run store; Airflow sees a new task and a new asset')),
  'asset.code-version': both(native('the task compares it, as everywhere')),
  'asset.config': both(emulated('tasks use the defaults of the schema; other values are given by `spindle materialize --config`')),
  'asset.resources': both(native('opened by the task, from the environment of its worker')),
  'asset.automation': both(emulated("the job's schedule starts the task, which finds out whether the asset is due")),
  'asset.freshness': both(emulated('told by `spindle plan` and `list -s overdue`; Airflow alerts where `onDeadline` names a callback')),
  'asset.freshness-alert': apart(
    native('a `DeadlineAlert`, counted from when the run was queued'),
    emulated('told by `spindle plan` and `list -s overdue`: Airflow 2 has no deadlines, and its SLAs are gone from Airflow 3'),
  ),
  'asset.retry': both(native('`retries` and `retry_delay`; one attempt a try, and what failed for good is not tried again')),
  'asset.retry-backoff': both(native('`retry_exponential_backoff` with `max_retry_delay`; the jitter is that of Airflow')),
  'asset.timeout': both(native('`execution_timeout`')),
  'asset.timeout-of-several': both(emulated('kept by the command line for each step: the task may make several')),
  'asset.pool': both(native('a pool of one slot')),
  'asset.range': both(emulated('neighbors that are due in one run are made in one call; a run for one partition makes that one')),
  'store.durable': apart(native('outlet and inlet `Asset`s'), native('outlet and inlet `Dataset`s')),
  'store.memory': both(emulated('made in the task that reads it: a value in memory does not cross processes')),
  source: both(native('an inlet; nothing in the DAG makes it')),
  'source.observe': both(emulated('observed by each task that reads it: nothing starts when it changes')),
  'multi-asset': both(emulated('one task; each of its outlets has an event when any of them was made')),
  'dbt.group': both(native('one `dbt build` of the models that can be built together')),
  'dbt.model': both(native('a task for each model, which builds and tests it')),
  'dbt.cosmos': both(emulated('a task group of astronomer-cosmos calls dbt: the run store learns of it when it observes the tables')),
  'granularity.group': both(
    emulated('one task for the assets of a group that can run together, with one owner list, retry policy and log'),
  ),
  'streaming.service': both(emulated('no task: a service fills it all the time, and it is an inlet here')),
  'streaming.task': both(native('a task that goes as far as the ends that it finds when it starts')),
  'dependency.same': both(native('order, and an inlet')),
  'dependency.order': both(native('order')),
  'dependency.window': both(emulated('order, and an inlet; the task reads the partitions of the window')),
  'dependency.every': both(emulated('order, and an inlet; the task reads every partition')),
  'dependency.custom': both(emulated('order, and an inlet; the task reads the partitions that the functions name')),
  'partitions.time': apart(
    native('partition keys of runs and asset events'),
    emulated('the task makes what its window or the record says; events carry no keys'),
  ),
  'partitions.static': apart(
    native('partition keys of asset events; one task makes all that are due'),
    emulated('one task makes all that are due; events carry no keys'),
  ),
  'partitions.dynamic': apart(
    native('partition keys of asset events; one task makes all that are due'),
    emulated('one task makes all that are due; events carry no keys'),
  ),
  'partitions.cross': apart(
    native('partition keys of asset events; one task makes all that are due'),
    emulated('one task makes all that are due; events carry no keys'),
  ),
  'check.blocking': both(native('a task that dependents wait for; the last one of an asset has its outlet')),
  'check.error': both(native('a task that nothing waits for: the run fails with it')),
  'check.warn': both(native('a task that nothing waits for, and that succeeds with a warning in its log')),
  'check.inside': both(emulated('run by the task that makes the asset: what it checks is only there, or is made with others')),
  'check.dbt': both(native("run by dbt's own build, which skips what depends on a failed model")),
  'check.dbt-of-source': both(
    unsupported('cosmos builds models, and runs no test of what they read: the group or a task for each model does'),
  ),
  'check.dbt-of-several': both(
    unsupported('cosmos builds one model at a time, and a test of several that do not wait for each other belongs to none of them'),
  ),
  'check.description': both(native('`doc_md` of the task; of a test of dbt, in dbt')),
  'job.dag': both(native('a DAG')),
  'job.selection-by-status': both(
    unsupported('a DAG has the same tasks at each run, and cannot select what is stale, missing, failed or overdue'),
  ),
  'job.tags': both(native('tags of the DAG')),
  'job.embedded-drivers': both(emulated('all tasks must run on the one host that has the files, as the settings say they do')),
  'job.native-tasks': apart(
    emulated('experimental: stubs that a coordinator hands to the command line, by a private base class of Airflow 3.3'),
    unsupported('Airflow 2 has no coordinators'),
  ),
  'job.catchUp': both(native('`catchup` from `start_date`')),
  'job.maxActiveRuns': both(native('`max_active_runs`')),
  'job.timeout': both(native('`dagrun_timeout`')),
  'job.startDate': both(native('`start_date`')),
  'job.onFailure': both(native('`on_failure_callback`')),
  'job.onDeadline': apart(native('the callback of a `DeadlineAlert`'), emulated('not used: Airflow 2 has no deadlines')),
  'automation.cron': both(native('`CronDataIntervalTimetable`; of a partitioned job, `CronPartitionTimetable`')),
  'automation.cron-dialect': both(
    unsupported(
      'Airflow reads it in another way, or not at all: it has ?, L, W or #, or ticks each hour where clocks change by half of one, at which Airflow stops for good',
    ),
  ),
  'automation.several-crons': apart(
    native('`MultipleCronTriggerTimetable`'),
    unsupported('a DAG of Airflow 2.9 has one cron expression: the first one is kept'),
  ),
  'automation.several-zones': both(
    unsupported('the cron expressions of one DAG have one time zone: those of the zone that comes first are kept'),
  ),
  'automation.updated': apart(native('an asset schedule'), native('a dataset schedule')),
  'automation.eager': both(
    emulated('an asset schedule on what the job reads and does not make; changed code or configuration starts nothing'),
  ),
  'automation.eager-alone': both(unsupported('the job reads nothing that something else makes: nothing could start it')),
  'automation.missing': both(unsupported('nothing tells Airflow that something is missing')),
  'automation.overdue': both(unsupported('nothing in Airflow starts when something becomes too old')),
  'automation.not': both(unsupported('Airflow has no negated conditions')),
  'automation.any': apart(native('`|` of assets, and `AssetOrTimeSchedule`'), native('`|` of datasets, and `DatasetOrTimeSchedule`')),
  'automation.all': apart(native('`&` of assets'), native('`&` of datasets')),
  'automation.all-with-cron': both(emulated('the DAG runs at each tick, and its tasks skip what is fresh')),
  'automation.all-mixed': both(unsupported('Airflow can wait for assets that are all new, or for a tick, and not for both together')),
  'runs.partition': apart(
    native('`CronPartitionTimetable`: a run for each partition, when it has ended'),
    unsupported('Airflow 2 has no partitions'),
  ),
  'runs.window': both(emulated('`CronDataIntervalTimetable`: a run makes the partitions that end in its data interval')),
  'runs.due': both(native('a run makes what is due and stale, whatever was missed before')),
  'runs.late-data': both(emulated('a run also makes again what it finds stale of the partitions made before')),
  'trigger.same': apart(native('`IdentityMapper` or `AllowedKeyMapper`'), emulated('a run makes what is due and stale')),
  'trigger.roll-up': apart(
    native(
      '`RollupMapper`: a run when the last of the finer partitions has come; a first window that begins before they do never completes',
    ),
    emulated('a run makes what is due and stale'),
  ),
  'trigger.each-of-finer': apart(
    emulated('a `StartOf…Mapper`: a run at each of the finer partitions, as locally'),
    emulated('a run makes what is due and stale'),
  ),
  'trigger.fan-out': apart(native('`FanOutMapper`: a run for each of the finer partitions'), emulated('a run makes what is due and stale')),
  'trigger.window': apart(
    emulated('a run for the partition of the same key, which makes again what it finds stale of the partitions made before'),
    emulated('a run makes what is due and stale'),
  ),
  'trigger.cross': apart(native('`ProductMapper`, a mapper for each dimension'), emulated('a run makes what is due and stale')),
  'trigger.whole': apart(
    emulated('`FixedKeyMapper`: a run at each new partition, which makes what is due and stale'),
    emulated('a run makes what is due and stale'),
  ),
  'trigger.due': apart(
    native('an asset schedule; a run makes what is due and stale'),
    emulated('a dataset schedule; a run makes what is due and stale'),
  ),
  'trigger.unmapped': apart(
    unsupported('no mapper of Airflow says which partitions a new one starts'),
    emulated('a run makes what is due and stale'),
  ),
  'trigger.mixed-keys': apart(
    unsupported('a DAG hears events with partition keys, or those without: some of what it waits for would never start it'),
    emulated('events of Airflow 2 carry no partition keys'),
  ),
  'run.staleness': both(
    emulated('each task asks the run store what is stale; with nothing to do it exits with 99 and is skipped, without an asset event'),
  ),
  'run.record': both(native('the run of Spindle is the DAG run: dag id, run id and try number are in the run store')),
  'run.counts': apart(native('extras of asset events, and XCom'), emulated('XCom: events of Airflow 2.9 have no extras from a task')),
  'run.terminal-failures': both(
    emulated('recorded by DAG run, task and map index: later tries end at once, and a cleared task begins anew'),
  ),
  'run.cancel': both(native('SIGTERM at a timeout, a clear or a mark: what is being written is finished or rolled back')),
  'run.claims': both(emulated('in the run store: two tasks never make the same partition at once')),
  'run.config-and-seed': both(emulated('as declared: neither is taken from the conf of a DAG run')),
};
