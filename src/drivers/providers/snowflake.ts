import { join } from 'node:path';
import { z } from 'zod';
import type { Provider } from '../../runtime/resource/resource.ts';
import type { Warehouse } from '../../runtime/resource/warehouse.ts';
import type { SnowflakeVariables } from '../warehouse/snowflake/resolve-settings.ts';

export interface SnowflakeProviderSettings {
  /** The database that holds the layers, where SPINDLE_SNOWFLAKE_DATABASE names none. */
  readonly database?: string;
}

const secret = z.string().meta({ secret: true }).optional();

function isUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
const url = z.string().refine(isUrl, 'is not http://host:port or https://host:port').optional();

/** The warehouse in a database of Snowflake. Needs the package `snowflake-sdk`. */
export function snowflake({ database }: SnowflakeProviderSettings = {}): Provider<Warehouse & { close(): Promise<void> }> {
  return {
    variables: z.object({
      SPINDLE_SNOWFLAKE_CONNECTION: z.string().optional(),
      SPINDLE_SNOWFLAKE_ACCOUNT: z.string().optional(),
      SPINDLE_SNOWFLAKE_USER: z.string().optional(),
      SPINDLE_SNOWFLAKE_PRIVATE_KEY: secret,
      SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE: z.string().optional(),
      SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: secret,
      SPINDLE_SNOWFLAKE_TOKEN: secret,
      SPINDLE_SNOWFLAKE_OAUTH_TOKEN: secret,
      SPINDLE_SNOWFLAKE_PASSWORD: secret,
      SPINDLE_SNOWFLAKE_ROLE: z.string().optional(),
      SPINDLE_SNOWFLAKE_WAREHOUSE: z.string().optional(),
      SPINDLE_SNOWFLAKE_DATABASE: z.string().optional(),
      SPINDLE_SNOWFLAKE_URL: url,
      SPINDLE_SNOWFLAKE_PROXY: url.meta({ secret: true }),
    }),
    async open({ directory, variables, faults }) {
      const [{ openSnowflakeWarehouse }, { resolveSettings }] = await Promise.all([
        import('../warehouse/snowflake.ts'),
        import('../warehouse/snowflake/resolve-settings.ts'),
      ]);
      const settings = await resolveSettings(variables as SnowflakeVariables, database);
      return openSnowflakeWarehouse({ settings, directory: join(directory, 'snowflake'), tag: 'spindle', faults });
    },
    close: (warehouse) => warehouse.close(),
    dialect: 'snowflake',
  };
}
