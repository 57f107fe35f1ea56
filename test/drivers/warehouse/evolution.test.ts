import { join } from 'node:path';
import { describe, it } from 'vitest';
import { openDuckDbWarehouse } from '../../../src/drivers/warehouse/duckdb.ts';
import { createMemoryWarehouse } from '../../../src/drivers/warehouse/memory.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { expectEvolution } from './evolution.ts';

describe('a table whose declaration changed, whatever was declared and is', () => {
  it('is altered with its rows or refused by the names of its columns: in DuckDB', { timeout: 60_000 }, async () => {
    const path = join(await temporaryFolder(), 'warehouse.duckdb');
    const warehouse = await openDuckDbWarehouse({ path, memoryLimit: '256MB', threads: 1, holder: 'test', faults: noFaults });
    await expectEvolution(warehouse, 60);
    await warehouse.close();
  });

  it('is altered with its rows or refused by the names of its columns: in memory', { timeout: 60_000 }, async () => {
    await expectEvolution(createMemoryWarehouse(), 60);
  });
});
