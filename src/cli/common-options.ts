import type { Options } from 'yargs';

/** The options that several commands share: a command takes those that make sense for it. `project`, `json` and `no-color` belong to every one. */
export const COMMON_OPTIONS = {
  project: { type: 'string', requiresArg: true, describe: 'The project: its module, or the folder of its package.json' },
  json: { type: 'boolean', default: false, describe: 'Print JSON' },
  'no-color': { type: 'boolean', default: false, describe: 'Print no colors' },
} as const satisfies Record<string, Options>;

export const ENVIRONMENT_OPTION = {
  env: { type: 'string', requiresArg: true, describe: 'The environment; else SPINDLE_ENV, else the first one of the project' },
} as const satisfies Record<string, Options>;

export const SELECT_OPTION = {
  select: { type: 'string', alias: 's', requiresArg: true, describe: 'The assets: a key, a glob, +upstream, downstream+, group:…, and, or, not' },
} as const satisfies Record<string, Options>;

export const PARTITION_OPTION = {
  partition: { type: 'string', alias: 'p', requiresArg: true, describe: 'The partition, or a range from..to' },
} as const satisfies Record<string, Options>;

/** Options that take a value: what follows them is not the command. */
export const VALUE_OPTIONS: ReadonlySet<string> = new Set(['--project', '--env', '--select', '-s', '--partition', '-p']);
