import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openSnowflakeWarehouse, type SnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import { Sessions } from '../../../src/drivers/warehouse/snowflake/sessions.ts';
import type { SnowflakeSettings } from '../../../src/drivers/warehouse/snowflake/settings.ts';
import type { Faults } from '../../../src/runtime/resource/faults.ts';
import { temporaryFolder } from '../../drivers/temporary-folder.ts';
import type { Emulator } from './server.ts';

export const settingsFor = ({ url }: Emulator, database: string): SnowflakeSettings => ({
  account: 'emulator',
  user: 'SPINDLE',
  login: { kind: 'password', password: 'any' },
  url,
  role: 'SPINDLE',
  warehouse: 'SPINDLE',
  database,
});

/** Makes a database: the warehouse and dbt make schemas and tables only. */
export async function createDatabase(emulator: Emulator, database: string, password = 'any'): Promise<void> {
  const sessions = new Sessions({ ...settingsFor(emulator, ''), login: { kind: 'password', password } }, 'test');
  await sessions.use((session) => session.run(`CREATE DATABASE ${database}`));
  await sessions.close();
}

/** A warehouse in a database of its own. */
export async function openFresh(emulator: Emulator, faults?: Faults): Promise<SnowflakeWarehouse> {
  const database = `T${randomUUID().slice(0, 8).toUpperCase()}`;
  const settings = settingsFor(emulator, database);
  await createDatabase(emulator, database);
  return openSnowflakeWarehouse({
    settings,
    directory: join(await temporaryFolder(), 'stage'),
    ...(faults !== undefined && { faults }),
  });
}
