import { join } from 'node:path';
import { z } from 'zod';
import type { Provider } from '../../runtime/resource/resource.ts';
import type { Warehouse } from '../../runtime/resource/warehouse.ts';

export interface DuckDbSettings {
  /** The most that DuckDB may hold in memory, in this process and in dbt's; the rest spills to disk. 256MB unless given. */
  memoryLimit?: string;
  /** How many milliseconds to wait for another process that holds the file; 30,000 unless given. */
  patience?: number;
}

/** The warehouse in a DuckDB file under the environment's folder. */
export function duckDb({ memoryLimit = '256MB', patience }: DuckDbSettings = {}): Provider<Warehouse & { close(): Promise<void> }> {
  return {
    dialect: 'duckdb',
    embedded: 'exclusive',
    variables: z.object({ SPINDLE_DUCKDB_PATH: z.string().optional() }),
    async open({ directory, variables, faults, notify }) {
      const { openDuckDbWarehouse } = await import('../warehouse/duckdb.ts');
      const path = (variables['SPINDLE_DUCKDB_PATH'] as string | undefined) ?? join(directory, 'warehouse.duckdb');
      return openDuckDbWarehouse({ path, memoryLimit, faults, notify, holder: 'spindle', ...(patience !== undefined && { patience }) });
    },
    close: (warehouse) => warehouse.close(),
  };
}
