import { join } from 'node:path';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { openSnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import type { SnowflakeSettings } from '../../../src/drivers/warehouse/snowflake/settings.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { LoadObject } from '../../../src/runtime/resource/warehouse.ts';
import { loadInto } from './loading.ts';

/** Loads once, as a process of its own. */
interface Order {
  readonly settings: SnowflakeSettings;
  readonly folder: string;
  readonly table: string;
  readonly objects: readonly LoadObject[];
}

process.once('message', (message) => {
  const { settings, folder, table, objects } = message as Order;
  void (async () => {
    const opened = await openSnowflakeWarehouse({ settings, directory: join(folder, 'files') });
    const lake = await openFileSystemStore({ directory: join(folder, 'lake'), faults: noFaults });
    process.send?.('begun');
    const outcome = await opened.onBehalfOf?.({ asset: table, run: 'child' }).load(loadInto(table, lake, objects));
    process.send?.({ rows: outcome?.rows });
    await opened.close();
    process.disconnect();
  })();
});
