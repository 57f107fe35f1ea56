import type { InferredOptionTypes, Options } from 'yargs';
import { isoInstant } from './option-values.ts';

/** The options of every command. */
export const COMMON_OPTIONS = {
  project: { type: 'string', requiresArg: true, describe: 'The project: its module, or the folder of its package.json' },
  json: { type: 'boolean', default: false, describe: 'Print JSON' },
  'no-color': { type: 'boolean', default: false, describe: 'Print no colors' },
} as const satisfies Record<string, Options>;

export type CommonArguments = InferredOptionTypes<typeof COMMON_OPTIONS>;

/** For commands that open resources. */
export const ENVIRONMENT_OPTION = {
  env: { type: 'string', requiresArg: true, describe: 'The environment; else SPINDLE_ENV, else the first one of the project' },
} as const satisfies Record<string, Options>;

/** For commands that work on some of the assets. */
export const SELECT_OPTION = {
  select: { type: 'string', alias: 's', requiresArg: true, describe: 'The assets: a key, a glob, +key, key+, group:…, and, or, not' },
} as const satisfies Record<string, Options>;

/** For commands that work on some of the partitions. */
export const PARTITION_OPTION = {
  partition: { type: 'string', alias: 'p', requiresArg: true, describe: 'The partition' },
} as const satisfies Record<string, Options>;

/** For commands that ask what is stale: what code and config are compared with what is recorded, and when. */
export const STALENESS_OPTIONS = {
  config: { type: 'string', array: true, requiresArg: true, describe: 'A config value, as asset.field=value; may be repeated' },
  now: isoInstant('now', 'The instant at which the clock stands still, such as 2026-01-31T08:00:00Z'),
} as const satisfies Record<string, Options>;

/** For commands that plan or run. */
export const RUN_OPTIONS = {
  job: { type: 'string', alias: 'j', requiresArg: true, conflicts: 'select', describe: 'The assets of a job' },
  ...STALENESS_OPTIONS,
  force: { type: 'boolean', alias: 'f', default: false, describe: 'Run what is selected even where it is fresh' },
  'full-refresh': { type: 'boolean', default: false, describe: 'Rebuild what is stored from its inputs' },
} as const satisfies Record<string, Options>;

/** For commands that start runs. */
export const TAG_OPTION = {
  tag: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'A tag of the run, by which `spindle runs --tag` finds it; may be repeated',
  },
} as const satisfies Record<string, Options>;

/** For commands that are tasks of Airflow. */
export const AIRFLOW_OPTION = {
  airflow: {
    type: 'boolean',
    default: false,
    describe: 'Be the task of Airflow that the environment describes: JSON as the last line, exit code 99 where nothing is to do',
  },
} as const satisfies Record<string, Options>;

/** For commands that can answer from the record. */
export const OFFLINE_OPTION = {
  offline: {
    type: 'boolean',
    default: false,
    describe: 'Answer from what is recorded, without asking the drivers: opens nothing, but a run store on a server',
  },
} as const satisfies Record<string, Options>;

/** Options whose value is the next word, which therefore is not the command. */
export const VALUE_OPTIONS: ReadonlySet<string> = new Set([
  '--project',
  '--env',
  '--select',
  '-s',
  '--partition',
  '-p',
  '--job',
  '-j',
  '--config',
  '--now',
  '--from',
  '--to',
  '--tag',
  '--status',
  '--concurrency',
  '--seed',
  '--limit',
  '-n',
  '--order',
  '--format',
  '--output',
  '--interval',
  '--before',
  '--topic',
  '--reason',
  '--since',
  '-o',
  '--target',
  '--operator',
  '--dbt',
  '--dbt-project',
  '--granularity',
  '--against',
  '--keep-noncurrent',
  '--rate',
  '--for',
  '--metrics',
  '--streaming',
]);
