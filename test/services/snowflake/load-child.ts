import { join } from 'node:path';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { openMinioStore, type MinioStoreOptions } from '../../../src/drivers/object-store/minio.ts';
import { openSnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import type { ExternalStage } from '../../../src/drivers/warehouse/snowflake/external-stage.ts';
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
  /** The lake on an S3 server and the stage over it, in place of a lake in the folder. */
  readonly staged?: { readonly stage: ExternalStage; readonly lakeOptions: Omit<MinioStoreOptions, 'signal'> };
}

process.once('message', (message) => {
  const { settings, folder, table, objects, staged } = message as Order;
  void (async () => {
    const opened = await openSnowflakeWarehouse({ settings, stage: staged?.stage, directory: join(folder, 'files') });
    const lake =
      staged === undefined
        ? await openFileSystemStore({ directory: join(folder, 'lake'), faults: noFaults })
        : await openMinioStore({ ...staged.lakeOptions, signal: new AbortController().signal });
    process.send?.('begun');
    const outcome = await opened.onBehalfOf?.({ asset: table, run: 'child' }).load(loadInto(table, lake, objects));
    process.send?.({ rows: outcome?.rows });
    await opened.close();
    process.disconnect();
  })();
});
