import type { DuckDBConnection } from '@duckdb/node-api';
import type { WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import type { Column } from '../../../runtime/schema/column.ts';
import { createTable } from '../../../runtime/schema/create-table.ts';
import { quoteIdentifier, quoteTable, splitTable } from '../../../runtime/schema/quote.ts';
import { sqlType } from '../../../runtime/schema/sql-type.ts';

const BATCH = 2_000;

export interface TableCopy {
  readonly name: string;
  readonly columns: readonly Column[];
  /** As they lie at rest. */
  readonly rows: readonly WarehouseRow[];
}

/** Makes the table, in place of one of its name, in the connection's current database. */
export async function copyTable(connection: DuckDBConnection, { name, columns, rows }: TableCopy): Promise<void> {
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(splitTable(name).schema, 'duckdb')}`);
  await connection.run(createTable({ name, columns }, 'duckdb', 'replace'));
  const shape = JSON.stringify([Object.fromEntries(columns.map((column) => [column.name, sqlType(column, 'duckdb')]))]);
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = JSON.stringify(rows.slice(from, from + BATCH));
    await connection.run(`INSERT INTO ${quoteTable(name, 'duckdb')} SELECT r.* FROM (SELECT unnest(from_json($1::JSON, $2)) AS r)`, [
      batch,
      shape,
    ]);
  }
}
