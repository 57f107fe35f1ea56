import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import { decodeRows } from './decode.ts';

/** All rows of a statement, decoded. A parameter that is no plain value goes in as JSON text. */
export async function queryRows(connection: DuckDBConnection, sql: string, params: readonly unknown[]): Promise<WarehouseRow[]> {
  const api = await import('@duckdb/node-api');
  const rows: WarehouseRow[] = [];
  for await (const batch of decodeRows(api, await connection.stream(sql, params.map(parameter)))) rows.push(...batch);
  return rows;
}

function parameter(value: unknown): DuckDBValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
