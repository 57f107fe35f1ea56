import { noFaults, type Faults } from '../../runtime/resource/faults.ts';
import type { Warehouse } from '../../runtime/resource/warehouse.ts';
import { DatabaseFile, type DatabaseFileOptions } from './duckdb/database-file.ts';
import { ensureTable } from './duckdb/ensure-table.ts';
import { loadTable } from './duckdb/load.ts';
import { createReads } from './duckdb/read.ts';
import { openStaging } from './staging.ts';
import { writeTable } from './duckdb/write.ts';

export interface DuckDbWarehouseOptions extends DatabaseFileOptions {
  readonly faults?: Faults;
}

export interface DuckDbWarehouse extends Warehouse {
  /** Waits for running operations; the warehouse is not used after. */
  close(): Promise<void>;
}

/** A warehouse in one DuckDB file, which it owns only while it works: a lease beside the file says who does, and others wait for it by name. */
export async function openDuckDbWarehouse(options: DuckDbWarehouseOptions): Promise<DuckDbWarehouse> {
  const { faults = noFaults, path, memoryLimit } = options;
  const file = await DatabaseFile.open(options);
  const staging = await openStaging(`${path}.stage`);
  return {
    dialect: 'duckdb',
    ...createReads(file),
    ensureTable: (table) => file.transaction((connection) => ensureTable(connection, table)),
    write: (write) => writeTable(file, staging, write),
    load: (load) => loadTable({ file, staging, faults }, load),
    lend: (borrower, use) => file.lend(borrower, () => use({ dialect: 'duckdb', path, memoryLimit })),
    close: () => file.close(),
  };
}
