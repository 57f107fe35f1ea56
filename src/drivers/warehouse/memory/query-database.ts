import type { DuckDBConnection } from '@duckdb/node-api';
import type { WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import { quoteTable } from '../../../runtime/schema/quote.ts';
import { queryRows } from '../duckdb/query.ts';
import { copyTable } from '../duckdb/copy-table.ts';
import type { MemoryTable } from './memory-table.ts';

/** Runs SQL over tables in memory. */
export type QueryDatabase = (tables: readonly MemoryTable[], sql: string, params: readonly unknown[]) => Promise<WarehouseRow[]>;

/** A DuckDB in memory, opened by the first query, that holds a copy of each table as it was when it was last asked for, and no other table. */
export function createQueryDatabase(): QueryDatabase {
  const copied = new Map<string, MemoryTable>();
  let opened: Promise<DuckDBConnection> | undefined;
  return async (tables, sql, params) => {
    opened ??= connect();
    const connection = await opened;
    const names = new Set(tables.map(({ name }) => name));
    for (const name of copied.keys()) {
      if (names.has(name)) continue;
      await connection.run(`DROP TABLE ${quoteTable(name, 'duckdb')}`);
      copied.delete(name);
    }
    for (const table of tables) {
      if (copied.get(table.name) === table) continue;
      await copyTable(connection, table);
      copied.set(table.name, table);
    }
    return queryRows(connection, sql, params);
  };
}

async function connect(): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}
