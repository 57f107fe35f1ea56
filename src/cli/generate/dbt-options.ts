import type { Options } from 'yargs';
import { DBT_VERSIONS } from '../../codegen/dbt/versions.ts';

export const DBT_OPTIONS = {
  dbt: { type: 'string', choices: DBT_VERSIONS, requiresArg: true, describe: 'The dbt to write for; 1.11 unless given' },
} as const satisfies Record<string, Options>;
