import type { DuckDBConnection } from '@duckdb/node-api';
import type { WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier, quoteTable, splitTable } from '../../../runtime/schema/quote.ts';
import { sqlType } from '../../../runtime/schema/sql-type.ts';
import { queryRows } from '../duckdb/query.ts';
import { tableStatement, type MemoryTable } from './memory-table.ts';

const BATCH = 2_000;

/** Runs SQL over tables in memory. */
export type QueryDatabase = (tables: Iterable<MemoryTable>, sql: string, params: readonly unknown[]) => Promise<WarehouseRow[]>;

/** A DuckDB in memory, opened by the first query, that holds a copy of each table as it was when it was last asked for. */
export function createQueryDatabase(): QueryDatabase {
  const copied = new Map<string, MemoryTable>();
  let opened: Promise<DuckDBConnection> | undefined;
  return async (tables, sql, params) => {
    opened ??= connect();
    const connection = await opened;
    for (const table of tables) {
      if (copied.get(table.name) === table) continue;
      await copy(connection, table);
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

async function copy(connection: DuckDBConnection, table: MemoryTable): Promise<void> {
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(splitTable(table.name).schema, 'duckdb')}`);
  await connection.run(tableStatement(table));
  const shape = JSON.stringify([Object.fromEntries(table.columns.map((column) => [column.name, sqlType(column, 'duckdb')]))]);
  for (let from = 0; from < table.rows.length; from += BATCH) {
    const rows = JSON.stringify(table.rows.slice(from, from + BATCH));
    await connection.run(`INSERT INTO ${quoteTable(table.name, 'duckdb')} SELECT r.* FROM (SELECT unnest(from_json($1::JSON, $2)) AS r)`, [
      rows,
      shape,
    ]);
  }
}
