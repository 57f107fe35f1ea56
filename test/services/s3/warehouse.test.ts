import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMinioStore } from '../../../src/drivers/object-store/minio.ts';
import { openDuckDbWarehouse } from '../../../src/drivers/warehouse/duckdb.ts';
import { warehouseContract } from '../../../src/testing/contract/warehouse.ts';
import { temporaryFolder } from '../../drivers/temporary-folder.ts';
import { optionsFor } from './open.ts';
import { S3_SERVERS, startS3, type S3Server } from './server.ts';

describe.each(S3_SERVERS)('the warehouse in a DuckDB file with objects on %s', (name) => {
  let server: S3Server;
  beforeAll(async () => (server = await startS3({ server: name })));
  afterAll(() => server.stop());

  warehouseContract(
    { describe, it, expect },
    {
      async open(faults) {
        const path = join(await temporaryFolder(), 'warehouse.duckdb');
        const value = await openDuckDbWarehouse({ path, memoryLimit: '256MB', threads: 1, holder: 'test', faults });
        const lake = await openMinioStore(optionsFor(server));
        await lake.bucket.create();
        const close = async () => {
          await value.close();
          await lake.close();
        };
        return { value, lake, close };
      },
    },
  );
});
