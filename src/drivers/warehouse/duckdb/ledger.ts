import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadedFolder } from '../../../runtime/resource/warehouse.ts';
import { quoteTable } from '../../../runtime/schema/quote.ts';
import type { LoadedObject } from '../candidates.ts';
import type { Counted } from '../outcome.ts';
import { emptyDigest, type TableDigest } from '../version.ts';
import { runCounted, selectRows } from './rows.ts';

/** What the ledger keeps of a table. `sequence` counts its writes; 0 where it was only created. */
export interface TableState {
  readonly generation: string;
  readonly digest: TableDigest;
  readonly sequence: number;
}

/** Without keys: DuckDB checks them too early for a row that is deleted and inserted in one transaction. The transaction's lock of the table's row keeps them unique. */
const LEDGER = `
CREATE SCHEMA IF NOT EXISTS _spindle;
CREATE TABLE IF NOT EXISTS _spindle.tables (name VARCHAR, generation VARCHAR, rows BIGINT, digest UBIGINT, sequence BIGINT);
CREATE TABLE IF NOT EXISTS _spindle.loads (table_name VARCHAR, object_key VARCHAR, etag VARCHAR, generation VARCHAR, rows BIGINT, rejected BIGINT, bytes BIGINT, loaded_at TIMESTAMP, sequence BIGINT);
CREATE TABLE IF NOT EXISTS _spindle.writes (table_name VARCHAR, identity VARCHAR, generation VARCHAR, mode VARCHAR, rows BIGINT, sequence BIGINT);`;

export async function readState(connection: DuckDBConnection, table: string): Promise<TableState | undefined> {
  const [row] = await selectRows(connection, 'SELECT * FROM _spindle.tables WHERE name = $1', [table]);
  if (row === undefined) return undefined;
  return {
    generation: String(row['generation']),
    digest: { rows: Number(row['rows']), sum: row['digest'] as bigint },
    sequence: Number(row['sequence']),
  };
}

/** Whether the file has a ledger yet: a reader does not make one. */
export async function hasLedger(connection: DuckDBConnection): Promise<boolean> {
  const found = await selectRows(
    connection,
    "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = '_spindle' AND table_name = 'tables'",
  );
  return found.length > 0;
}

/** Whether somebody else deleted the rows that a table, which exists, has by its ledger. */
export async function isEmptied(connection: DuckDBConnection, table: string, state: TableState): Promise<boolean> {
  return state.digest.rows > 0 && (await selectRows(connection, `SELECT 1 FROM ${quoteTable(table, 'duckdb')} LIMIT 1`)).length === 0;
}

/** Makes the ledger where it is missing and takes the table's row: of two transactions that do so one waits or fails, so what is read after it stays true. */
export async function lockTable(connection: DuckDBConnection, table: string, generation: string): Promise<TableState> {
  await connection.run(LEDGER);
  const locked = await runCounted(connection, 'UPDATE _spindle.tables SET sequence = sequence + 1 WHERE name = $1', [table]);
  if (locked === 0) await connection.run('INSERT INTO _spindle.tables VALUES ($1, $2, 0, 0, 1)', [table, generation]);
  return (await readState(connection, table)) ?? { generation, digest: emptyDigest, sequence: 1 };
}

export async function writeState(connection: DuckDBConnection, table: string, state: TableState): Promise<void> {
  await connection.run('UPDATE _spindle.tables SET generation = $2, rows = $3, digest = $4::UBIGINT, sequence = $5 WHERE name = $1', [
    table,
    state.generation,
    BigInt(state.digest.rows),
    String(state.digest.sum),
    BigInt(state.sequence),
  ]);
}

/** The ledger's entries for those of the keys that it holds. */
export async function readLoads(connection: DuckDBConnection, table: string, keys: readonly string[]): Promise<Map<string, LoadedObject>> {
  const rows = await selectRows(
    connection,
    `SELECT object_key, etag, generation, rows FROM _spindle.loads WHERE table_name = $1 AND object_key IN (SELECT unnest(from_json($2::JSON, '["VARCHAR"]')))`,
    [table, JSON.stringify(keys)],
  );
  return new Map(
    rows.map(({ object_key, etag, generation, rows: count }) => [
      String(object_key),
      { key: String(object_key), etag: String(etag), generation: String(generation), rows: Number(count) },
    ]),
  );
}

/** What the ledger holds of the objects whose keys begin with `prefix`. */
export async function readFolders(connection: DuckDBConnection, table: string, prefix: string): Promise<Map<string, LoadedFolder>> {
  const rows = await selectRows(
    connection,
    `SELECT regexp_replace(object_key, '/[^/]*$', '') AS folder, max(object_key) AS last, arg_max(etag, object_key) AS etag, count(*) AS objects FROM _spindle.loads
     WHERE table_name = $1 AND starts_with(object_key, $2) GROUP BY folder`,
    [table, prefix],
  );
  return new Map(
    rows.map(({ folder, last, etag, objects }) => [String(folder), { last: String(last), etag: String(etag), objects: Number(objects) }]),
  );
}

export interface LoadEntries {
  readonly table: string;
  readonly generation: string;
  readonly sequence: number;
  readonly loadedAt: string;
  readonly objects: readonly Counted[];
}

export async function addLoads(
  connection: DuckDBConnection,
  { table, generation, sequence, loadedAt, objects }: LoadEntries,
): Promise<void> {
  await connection.run(
    `INSERT INTO _spindle.loads SELECT $1, o.key, o.etag, $2, o.rows, o.rejected, o.size, $3::TIMESTAMPTZ::TIMESTAMP, $4
     FROM (SELECT unnest(from_json($5::JSON, '[{"key":"VARCHAR","etag":"VARCHAR","rows":"BIGINT","rejected":"BIGINT","size":"BIGINT"}]')) AS o)`,
    [table, generation, loadedAt, BigInt(sequence), JSON.stringify(objects)],
  );
}

/** Deletes rows that certain objects brought, good and flagged, with their entries; of every object of the table where no keys are given. */
export async function forgetLoads(
  connection: DuckDBConnection,
  names: { readonly table: string; readonly quotedTable: string; readonly deadLetters: string },
  keys?: readonly string[],
): Promise<void> {
  const params = keys === undefined ? [names.table] : [names.table, JSON.stringify(keys)];
  const chosen = keys === undefined ? '' : ` AND object_key IN (SELECT unnest(from_json($2::JSON, '["VARCHAR"]')))`;
  const entries = `FROM _spindle.loads WHERE table_name = $1${chosen}`;
  await connection.run(
    `DELETE FROM ${names.deadLetters} WHERE coalesce(for_table, $1) = $1 AND object IN (SELECT object_key ${entries})`,
    params,
  );
  if (keys !== undefined) await connection.run(`DELETE FROM ${names.quotedTable} WHERE _object IN (SELECT object_key ${entries})`, params);
  await connection.run(`DELETE ${entries}`, params);
}
