import { join } from 'node:path';
import { SpindleError } from '../../runtime/errors.ts';
import type { Provider } from '../../runtime/resource/resource.ts';
import type { Warehouse } from '../../runtime/resource/warehouse.ts';
import { checkStageName, externalStage } from '../warehouse/snowflake/external-stage.ts';
import { snowflakeVariables, type SnowflakeVariables } from '../warehouse/snowflake/variables.ts';

export interface SnowflakeProviderSettings {
  /** The database that holds the layers, where SPINDLE_SNOWFLAKE_DATABASE names none. */
  readonly database?: string;
  /** The external stage over the lake's bucket, as `schema.stage` or `database.schema.stage`, where SPINDLE_SNOWFLAKE_STAGE names none; without either, objects go by the internal stage. */
  readonly stage?: string;
  /** Parameters of each session, by their names at Snowflake, such as `{ STATEMENT_TIMEOUT_IN_SECONDS: 3600 }`. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

/** What the driver sets itself: with other values it would misread what it is given. */
const FIXED = ['TIMEZONE', 'TIMESTAMP_TYPE_MAPPING', 'QUERY_TAG', 'AUTOCOMMIT', 'MULTI_STATEMENT_COUNT', 'QUOTED_IDENTIFIERS_IGNORE_CASE'];

/** The warehouse in a database of Snowflake. Needs the package `snowflake-sdk`. */
export function snowflake({ database, stage, parameters = {} }: SnowflakeProviderSettings = {}): Provider<
  Warehouse & { close(): Promise<void> }
> {
  checkParameters(parameters);
  checkStageName(stage);
  return {
    variables: snowflakeVariables(database, stage),
    async open({ directory, variables, faults }) {
      const [{ openSnowflakeWarehouse }, { resolveSettings }] = await Promise.all([
        import('../warehouse/snowflake.ts'),
        import('../warehouse/snowflake/resolve-settings.ts'),
      ]);
      const settings = { ...(await resolveSettings(variables as SnowflakeVariables, database)), parameters };
      return openSnowflakeWarehouse({
        settings,
        stage: externalStage(variables as SnowflakeVariables, stage, settings.database),
        directory: join(directory, 'snowflake'),
        faults,
      });
    },
    close: (warehouse) => warehouse.close(),
    dialect: 'snowflake',
  };
}

function checkParameters(parameters: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(parameters)) {
    const problem = !/^[A-Z][A-Z0-9_]*$/i.test(name)
      ? 'is no name of a parameter'
      : FIXED.includes(name.toUpperCase())
        ? 'is set by Spindle'
        : undefined;
    if (problem !== undefined)
      throw new SpindleError('CONFIG_INVALID', `snowflake({ parameters }): ${name} ${problem}`, { field: 'parameters' });
  }
}
