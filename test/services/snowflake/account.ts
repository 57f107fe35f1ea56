import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openSnowflakeWarehouse, type SnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import { resolveSettings } from '../../../src/drivers/warehouse/snowflake/resolve-settings.ts';
import { Sessions } from '../../../src/drivers/warehouse/snowflake/sessions.ts';
import type { SnowflakeSettings } from '../../../src/drivers/warehouse/snowflake/settings.ts';
import type { Faults } from '../../../src/runtime/resource/faults.ts';
import { temporaryFolder } from '../../drivers/temporary-folder.ts';
import { settingsFor } from './open.ts';
import { startEmulator } from './server.ts';

/** Where the tests run: on the emulator, or on the account of the connection that SNOWFLAKE_TEST_CONNECTION names. */
export interface Account {
  readonly name: string;
  /** A warehouse in a database of its own, which is dropped when it is closed. */
  open(faults: Faults): Promise<SnowflakeWarehouse>;
  close(): Promise<void>;
}

const CONNECTION = process.env['SNOWFLAKE_TEST_CONNECTION'];

export const accountName = CONNECTION === undefined ? 'its emulator' : `the account of the connection ${CONNECTION}`;

export async function openAccount(): Promise<Account> {
  if (CONNECTION === undefined) {
    const emulator = await startEmulator();
    return { name: accountName, open: (faults) => openThrowAway(settingsFor(emulator, ''), faults), close: () => emulator.stop() };
  }
  const settings = await resolveSettings({ SPINDLE_SNOWFLAKE_CONNECTION: CONNECTION }, '');
  return { name: accountName, open: (faults) => openThrowAway(settings, faults), close: async () => {} };
}

async function openThrowAway(settings: SnowflakeSettings, faults: Faults): Promise<SnowflakeWarehouse> {
  const database = `SPINDLE_TEST_${randomUUID().slice(0, 8).toUpperCase()}`;
  const { database: _, ...anywhere } = settings;
  const sessions = new Sessions(anywhere, 'spindle tests');
  await sessions.use((session) => session.run(`CREATE DATABASE ${database}`));
  const warehouse = await openSnowflakeWarehouse({
    settings: { ...settings, database },
    directory: join(await temporaryFolder(), 'stage'),
    faults,
  });
  return {
    ...warehouse,
    async close() {
      await warehouse.close();
      await sessions.use((session) => session.run(`DROP DATABASE ${database}`));
      await sessions.close();
    },
  };
}
