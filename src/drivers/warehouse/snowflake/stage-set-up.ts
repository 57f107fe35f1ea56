import type { SetUpStatement } from '../../../runtime/resource/warehouse.ts';
import { quoteLiteral } from '../../../runtime/schema/quote.ts';
import type { ExternalStage, StageLocation } from './external-stage.ts';

const literal = (text: string): string => quoteLiteral(text, 'snowflake');

/** The same stage with the names of the variables in place of its secrets: what may be shown. */
export function withoutSecrets(stage: ExternalStage): ExternalStage {
  const { location } = stage;
  if (location === undefined || location.access.kind === 'integration') return stage;
  const access = { kind: 'key', id: '<SPINDLE_SNOWFLAKE_STAGE_KEY_ID>', secret: '<SPINDLE_SNOWFLAKE_STAGE_SECRET_KEY>' } as const;
  return { ...stage, location: { ...location, access } };
}

/** Makes the external stage and lets the loader read it; nothing where somebody else makes it. `loader` and `database`, which a set-up makes before, are quoted. */
export function stageSetUp(
  { name, schema, database: place, location }: ExternalStage,
  { loader, database }: { readonly loader: string; readonly database: string },
): readonly SetUpStatement[] {
  if (location === undefined) return [];
  const { access } = location;
  const purpose =
    access.kind === 'key'
      ? 'The external stage over the lake; a text in <> stands for the value of that variable'
      : 'The external stage over the lake';
  return [
    'USE ROLE SECURITYADMIN',
    ...(access.kind === 'integration' ? [`GRANT USAGE ON INTEGRATION ${access.name} TO ROLE SYSADMIN`] : []),
    'USE ROLE SYSADMIN',
    `CREATE SCHEMA IF NOT EXISTS ${place}.${schema}`,
    `CREATE STAGE IF NOT EXISTS ${name} ${properties(location)}`,
    'USE ROLE SECURITYADMIN',
    ...(place === database ? [] : [`GRANT USAGE ON DATABASE ${place} TO ROLE ${loader}`]),
    `GRANT USAGE ON SCHEMA ${place}.${schema} TO ROLE ${loader}`,
    `GRANT USAGE ON STAGE ${name} TO ROLE ${loader}`,
  ].map((sql) => ({ purpose, sql }));
}

function properties({ url, endpoint, access }: StageLocation): string {
  const at = `URL = ${literal(url)}${endpoint === undefined ? '' : ` ENDPOINT = ${literal(endpoint)}`}`;
  switch (access.kind) {
    case 'integration':
      return `${at} STORAGE_INTEGRATION = ${access.name}`;
    case 'key':
      return `${at} CREDENTIALS = (AWS_KEY_ID = ${literal(access.id)} AWS_SECRET_KEY = ${literal(access.secret)})`;
  }
}
