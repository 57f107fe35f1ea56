import type { InferredOptionTypes, Options } from 'yargs';
import { DIALECTS } from '../../runtime/schema/dialect.ts';

const out = (folder: string) =>
  ({
    type: 'string',
    requiresArg: true,
    describe: `The folder to write to, in the project's; ${folder} without it`,
  }) as const satisfies Options;

export const DDL_OPTIONS = {
  dialect: { choices: DIALECTS, requiresArg: true, describe: 'The tables of one warehouse; of both without it' },
  out: out('generated/ddl'),
} as const satisfies Record<string, Options>;

export const JSON_SCHEMA_OPTIONS = { out: out('generated/json-schema') } as const satisfies Record<string, Options>;

export const DOCS_OPTIONS = { out: out('docs/catalog') } as const satisfies Record<string, Options>;

export type DdlArguments = InferredOptionTypes<typeof DDL_OPTIONS>;
export type OutArguments = InferredOptionTypes<typeof DOCS_OPTIONS>;
