import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { openDuckDbWarehouse } from '../../../src/drivers/warehouse/duckdb.ts';
import { noFaults, type Faults } from '../../../src/runtime/resource/faults.ts';
import { warehouseContract } from '../../../src/testing/contract/warehouse.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function openIn(folder: string, faults: Faults) {
  const options = { path: join(folder, 'warehouse.duckdb'), memoryLimit: '256MB', threads: 1, holder: 'test', faults };
  const value = await openDuckDbWarehouse(options);
  return { value, close: () => value.close() };
}

describe('the warehouse in a DuckDB file', () => {
  describe('with objects that are files', () => {
    warehouseContract(
      { describe, it, expect },
      {
        async open(faults) {
          const folder = await temporaryFolder();
          return {
            ...(await openIn(folder, faults)),
            lake: await openFileSystemStore({ directory: join(folder, 'lake'), faults: noFaults }),
          };
        },
      },
    );
  });

  describe('with objects elsewhere', () => {
    warehouseContract(
      { describe, it, expect },
      { open: async (faults) => ({ ...(await openIn(await temporaryFolder(), faults)), lake: createMemoryObjectStore() }) },
    );
  });
});
