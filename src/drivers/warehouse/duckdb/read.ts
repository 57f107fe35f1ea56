import type { DuckDBConnection } from '@duckdb/node-api';
import type { SliceFilter, TableSpec, Warehouse, WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier, quoteTable } from '../../../runtime/schema/quote.ts';
import { unloadedOf } from '../candidates.ts';
import { tableUnknown } from '../table-errors.ts';
import { versionText } from '../version.ts';
import type { DatabaseFile } from './database-file.ts';
import { decodeRows } from './decode.ts';
import { duckDbError } from './duckdb-error.ts';
import { describeTable } from './ensure.ts';
import { hasLedger, isEmptied, readFolders, readLoads, readState } from './ledger.ts';
import { queryRows } from './query.ts';
import { queryGiven } from './query-given.ts';
import { selectRows } from './rows.ts';
import { sliceCondition } from './slice-condition.ts';
import { sliceVersions } from './slice-versions.ts';

type Reads = Pick<
  Warehouse,
  'unloaded' | 'loadedFolders' | 'scan' | 'count' | 'version' | 'sliceVersions' | 'query' | 'queryGiven' | 'tables'
>;

/** The part of the warehouse that changes nothing: each call on a session of its own. */
export function createReads(file: DatabaseFile): Reads {
  let statements = 0;
  return {
    unloaded: (table, objects) =>
      file.use(async (connection) => {
        if (!(await holdsLoads(connection, table.name))) return objects;
        const keys = objects.map(({ key }) => key);
        return unloadedOf(objects, await readLoads(connection, table.name, keys));
      }),
    loadedFolders: (table, prefix) =>
      file.use(async (connection) =>
        (await holdsLoads(connection, table.name)) ? readFolders(connection, table.name, prefix) : new Map(),
      ),
    scan: (table, options = {}) => scan(file, table, options),
    count: (table, slices) =>
      file.use(async (connection) => {
        await requireColumns(connection, table);
        const [row] = await selectRows(
          connection,
          `SELECT count(*) AS n FROM ${quoteTable(table, 'duckdb')} WHERE ${sliceCondition(slices)}`,
        );
        return Number(row?.['n']);
      }),
    version: (table) =>
      file.use(async (connection) => {
        const state = (await hasLedger(connection)) ? await readState(connection, table) : undefined;
        if (state === undefined || state.sequence === 0) return undefined;
        // The ledger outlives a table that somebody drops; a load then makes it again and forgets what it had.
        return (await describeTable(connection, table)).length === 0 ? undefined : versionText(state.digest);
      }),
    sliceVersions: (table, column, unit, timezone) =>
      file.use(async (connection) => {
        const columns = (await requireColumns(connection, table)).map(({ name }) => name).filter((name) => !name.startsWith('_'));
        return sliceVersions(connection, { table, column, unit, timezone, columns });
      }),
    query: (sql, params = [], options = {}) => file.use((connection) => queryRows(connection, sql, params), options.signal),
    queryGiven: (given, sql, params = [], options = {}) => {
      const database = `given_${++statements}`;
      return file.use((connection) => queryGiven(connection, { given, database, sql, params }), options.signal);
    },
    tables: () =>
      file.use(async (connection) => {
        const rows = await selectRows(
          connection,
          `SELECT schema_name || '.' || table_name AS name, 'table' AS kind FROM duckdb_tables() WHERE database_name = current_database() AND schema_name <> '_spindle'
           UNION ALL SELECT schema_name || '.' || view_name, 'view' FROM duckdb_views() WHERE database_name = current_database() AND schema_name <> '_spindle' AND NOT internal
           ORDER BY name`,
        );
        return rows.map(({ name, kind }) => ({ name: String(name), kind: kind as 'table' | 'view' }));
      }),
  };
}

async function* scan(
  file: DatabaseFile,
  table: TableSpec,
  options: { readonly slices?: readonly SliceFilter[]; readonly signal?: AbortSignal },
): AsyncIterable<WarehouseRow> {
  const { slices, signal } = options;
  const api = await import('@duckdb/node-api');
  const session = await file.session(signal);
  try {
    await requireColumns(session.connection, table.name);
    const list = (names: readonly string[]) => names.map((name) => quoteIdentifier(name, 'duckdb')).join(', ');
    const order = table.key.length === 0 ? '' : ` ORDER BY ${list(table.key)}`;
    const columns = list(table.columns.map(({ name }) => name));
    const result = await session.connection.stream(
      `SELECT ${columns} FROM ${quoteTable(table.name, 'duckdb')} WHERE ${sliceCondition(slices)}${order}`,
    );
    for await (const rows of decodeRows(api, result)) {
      signal?.throwIfAborted();
      yield* rows;
    }
  } catch (error) {
    throw signal?.aborted ? signal.reason : duckDbError(error, file.path);
  } finally {
    await session.release();
  }
}

/** Whether the table holds what its ledger says: nobody dropped or emptied it. */
async function holdsLoads(connection: DuckDBConnection, table: string): Promise<boolean> {
  const state = (await hasLedger(connection)) ? await readState(connection, table) : undefined;
  if (state === undefined || (await describeTable(connection, table)).length === 0) return false;
  return !(await isEmptied(connection, table, state));
}

async function requireColumns(connection: DuckDBConnection, table: string) {
  const columns = await describeTable(connection, table);
  if (columns.length === 0) throw tableUnknown(table);
  return columns;
}
