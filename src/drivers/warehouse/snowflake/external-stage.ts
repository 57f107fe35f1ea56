import { SpindleError } from '../../../runtime/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../../../runtime/schema/quote.ts';
import { parseStageName, quoteGiven, STAGE_NAME_PROBLEM } from './stage-name.ts';
import type { StageVariables } from './stage-variables.ts';

/** How Snowflake is let into the bucket: by a storage integration of the account, or by a key. */
export type StageAccess =
  | { readonly kind: 'integration'; readonly name: string }
  | { readonly kind: 'key'; readonly id: string; readonly secret: string };

/** Where an external stage lies. It holds secrets. */
export interface StageLocation {
  /** Ends with a slash: Snowflake puts none between it and a key. */
  readonly url: string;
  /** Of an S3 server that is not AWS: its host. */
  readonly endpoint: string | undefined;
  readonly access: StageAccess;
}

/** An external stage over the bucket and the folder that the lake lies in: Snowflake reads the objects there itself. */
export interface ExternalStage {
  readonly database: string;
  readonly schema: string;
  /** As a statement names it: with database and schema, quoted. */
  readonly name: string;
  /** What it takes to make it; undefined where somebody else does. */
  readonly location: StageLocation | undefined;
}

/** A place on the stage as a statement names it. */
export const stagePlace = ({ name }: Pick<ExternalStage, 'name'>, path = ''): string => quoteLiteral(`@${name}${path}`, 'snowflake');

/** The stage that the variables name, or else the project; undefined where neither does. */
export function externalStage(variables: StageVariables, named: string | undefined, database: string): ExternalStage | undefined {
  const text = variables.SPINDLE_SNOWFLAKE_STAGE ?? named;
  const parts = text === undefined ? undefined : parseStageName(text);
  if (parts === undefined) return undefined;
  const place = parts.database ?? quoteIdentifier(database, 'snowflake');
  return { database: place, schema: parts.schema, name: `${place}.${parts.schema}.${parts.stage}`, location: locationOf(variables) };
}

/** CONFIG_INVALID for a text of the project that names no stage. */
export function checkStageName(text: string | undefined): void {
  if (text !== undefined && parseStageName(text) === undefined)
    throw new SpindleError('CONFIG_INVALID', `snowflake({ stage }): "${text}" ${STAGE_NAME_PROBLEM}`, { field: 'stage' });
}

function locationOf(variables: StageVariables): StageLocation | undefined {
  const {
    SPINDLE_SNOWFLAKE_STAGE_URL: url,
    SPINDLE_SNOWFLAKE_STAGE_ENDPOINT: endpoint,
    SPINDLE_SNOWFLAKE_STAGE_INTEGRATION: integration,
    SPINDLE_SNOWFLAKE_STAGE_KEY_ID: id = '',
    SPINDLE_SNOWFLAKE_STAGE_SECRET_KEY: secret = '',
  } = variables;
  if (url === undefined) return undefined;
  const access: StageAccess =
    integration === undefined ? { kind: 'key', id, secret } : { kind: 'integration', name: quoteGiven(integration) };
  return { url, endpoint, access };
}
