import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

/** The rows of a small result, as DuckDB's own values: integers of 64 bits and more are bigints. */
export async function selectRows(
  connection: DuckDBConnection,
  sql: string,
  params: readonly DuckDBValue[] = [],
): Promise<Record<string, DuckDBValue>[]> {
  return (await connection.runAndReadAll(sql, [...params])).getRowObjects();
}

/** The number of rows that a statement wrote or deleted. */
export async function runCounted(connection: DuckDBConnection, sql: string, params: readonly DuckDBValue[] = []): Promise<number> {
  return (await connection.run(sql, [...params])).rowsChanged;
}
