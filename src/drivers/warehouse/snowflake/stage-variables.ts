import { z } from 'zod';
import { isIdentifier, parseStageName, STAGE_NAME_PROBLEM } from './stage-name.ts';

const URL_PROBLEM =
  'is no s3://bucket/, s3gov://bucket/ or s3compat://bucket/, with the folder of the lake where it has one and a slash at the end';
const ENDPOINT_PROBLEM = 'is no name of a host: Snowflake takes neither a scheme nor a port nor a path';

/** The variables that name an external stage, and those by which `spindle warehouse init` makes it. */
export const stageShape = {
  SPINDLE_SNOWFLAKE_STAGE: z
    .string()
    .refine((text) => parseStageName(text) !== undefined, STAGE_NAME_PROBLEM)
    .optional()
    .meta({ description: 'the external stage over the bucket of the lake', secret: false }),
  SPINDLE_SNOWFLAKE_STAGE_URL: z
    .string()
    .regex(/^s3(gov|compat)?:\/\/[a-z\d][a-z\d.-]+\/([\x20-\x7e]*[^/]\/)?$/, URL_PROBLEM)
    .optional()
    .meta({ description: 'where the external stage lies: s3://bucket/ or s3compat://bucket/', secret: false }),
  SPINDLE_SNOWFLAKE_STAGE_ENDPOINT: z
    .string()
    .regex(/^[a-z\d]([a-z\d.-]*[a-z\d])?$/i, ENDPOINT_PROBLEM)
    .optional()
    .meta({ description: 'the host of the S3 server, which an s3compat:// stage needs', secret: false }),
  SPINDLE_SNOWFLAKE_STAGE_INTEGRATION: z
    .string()
    .refine(isIdentifier, 'is no name of a storage integration')
    .optional()
    .meta({ description: 'the storage integration of the external stage; or set SPINDLE_SNOWFLAKE_STAGE_KEY_ID', secret: false }),
  SPINDLE_SNOWFLAKE_STAGE_KEY_ID: z
    .string()
    .optional()
    .meta({ description: 'the id of the key by which Snowflake reads the bucket', secret: true }),
  SPINDLE_SNOWFLAKE_STAGE_SECRET_KEY: z
    .string()
    .optional()
    .meta({ description: 'the key by which Snowflake reads the bucket', secret: true }),
};
export type StageVariables = z.output<z.ZodObject<typeof stageShape>>;

const LOCATION = [
  'SPINDLE_SNOWFLAKE_STAGE_ENDPOINT',
  'SPINDLE_SNOWFLAKE_STAGE_INTEGRATION',
  'SPINDLE_SNOWFLAKE_STAGE_KEY_ID',
  'SPINDLE_SNOWFLAKE_STAGE_SECRET_KEY',
] as const;

/** What does not go together; one that is missing is told by its name alone. `isNamed`: the project names the stage itself. */
export function checkStage(value: StageVariables, issue: (name: keyof StageVariables, message: string) => void, isNamed: boolean): void {
  const {
    SPINDLE_SNOWFLAKE_STAGE_URL: url,
    SPINDLE_SNOWFLAKE_STAGE_ENDPOINT: endpoint,
    SPINDLE_SNOWFLAKE_STAGE_INTEGRATION: integration,
    SPINDLE_SNOWFLAKE_STAGE_KEY_ID: keyId,
    SPINDLE_SNOWFLAKE_STAGE_SECRET_KEY: key,
  } = value;
  if (url === undefined) {
    for (const name of LOCATION) if (value[name] !== undefined) issue(name, 'only counts with SPINDLE_SNOWFLAKE_STAGE_URL');
    return;
  }
  if (value.SPINDLE_SNOWFLAKE_STAGE === undefined && !isNamed) issue('SPINDLE_SNOWFLAKE_STAGE', 'missing');
  const isCompatible = url.startsWith('s3compat:');
  if (isCompatible && endpoint === undefined) issue('SPINDLE_SNOWFLAKE_STAGE_ENDPOINT', 'missing');
  if (!isCompatible && endpoint !== undefined) issue('SPINDLE_SNOWFLAKE_STAGE_ENDPOINT', 'only counts where the URL begins with s3compat');
  if (isCompatible && integration !== undefined)
    issue('SPINDLE_SNOWFLAKE_STAGE_INTEGRATION', 'is for buckets of AWS: a stage of s3compat takes a key');
  else if (integration !== undefined && (keyId !== undefined || key !== undefined))
    issue('SPINDLE_SNOWFLAKE_STAGE_INTEGRATION', 'is a second way to read the bucket beside a key: set one of them');
  else if (integration === undefined && keyId === undefined && key === undefined)
    issue(isCompatible ? 'SPINDLE_SNOWFLAKE_STAGE_KEY_ID' : 'SPINDLE_SNOWFLAKE_STAGE_INTEGRATION', 'missing');
  if (keyId === undefined && key !== undefined) issue('SPINDLE_SNOWFLAKE_STAGE_KEY_ID', 'missing');
  if (key === undefined && (keyId !== undefined || (isCompatible && integration === undefined)))
    issue('SPINDLE_SNOWFLAKE_STAGE_SECRET_KEY', 'missing');
}
