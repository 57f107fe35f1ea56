import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableSpec } from '../../../runtime/resource/warehouse.ts';
import { ensureColumns } from './ensure.ts';
import { lockTable, writeState } from './ledger.ts';

/**
 * Brings a table to its declaration where that needs no rebuild. A table that grew takes the new generation; one with the same columns keeps the
 * old: its code changed, which a replace makes good, and an append, a merge or a load refuses.
 */
export async function ensureTable(connection: DuckDBConnection, table: TableSpec): Promise<void> {
  const state = await lockTable(connection, table.name, table.generation);
  const ensured = await ensureColumns(connection, table);
  const generation = ensured === 'same' ? state.generation : table.generation;
  await writeState(connection, table.name, { ...state, generation, sequence: state.sequence - 1 });
}
