import type { SliceFilter, TableSpec, Warehouse, WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier, quoteTable } from '../../../runtime/schema/quote.ts';
import { unloadedOf } from '../candidates.ts';
import { tableUnknown } from '../table-errors.ts';
import { versionText } from '../version.ts';
import { bindParameters } from './bind-parameters.ts';
import { createCandidates } from './candidates-table.ts';
import { rowDecoder } from './decode.ts';
import { describeTable } from './describe-table.ts';
import { isEmptied } from './emptied.ts';
import { readFolders, readLoads, readState } from './ledger.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { sliceCondition } from './slice-condition.ts';
import { sliceVersions } from './slice-versions.ts';
import { isUnknownObject } from './snowflake-error.ts';
import { endSuccession } from './succession.ts';

type Reads = Pick<Warehouse, 'unloaded' | 'loadedFolders' | 'scan' | 'count' | 'version' | 'sliceVersions' | 'query' | 'tables'>;

/** The part of the warehouse that changes nothing: each call on a session of its own. */
export function createReads(sessions: Sessions): Reads {
  return {
    unloaded: (table, objects) =>
      sessions.use(async (session) => {
        if (!(await holdsLoads(session, table.name))) return objects;
        return unloadedOf(objects, await readLoads(session, table.name, await createCandidates(session, objects)));
      }),
    loadedFolders: (table, prefix) =>
      sessions.use(async (session) => ((await holdsLoads(session, table.name)) ? readFolders(session, table.name, prefix) : new Map())),
    scan: (table, options = {}) => scan(sessions, table, options),
    count: (table, slices) =>
      sessions.use(async (session) => {
        const [row] = await known(table, () =>
          session.select(`SELECT COUNT(*) AS N FROM ${quoteTable(table, 'snowflake')} WHERE ${sliceCondition(slices)}`),
        );
        return Number(row?.['n']);
      }),
    version: (table) =>
      sessions.use(async (session) => {
        const state = await knownState(session, table);
        if (state === undefined || state.sequence === 0) return undefined;
        // The ledger outlives a table that somebody drops; a load then makes it again and forgets what it had.
        return (await describeTable(session, table)).length === 0 ? undefined : versionText(state.digest);
      }),
    sliceVersions: (table, column, unit, timezone) =>
      sessions.use(async (session) => {
        const columns = await describeTable(session, table);
        if (columns.length === 0) throw tableUnknown(table);
        return sliceVersions(session, { table, column, unit, timezone, columns });
      }),
    query: (sql, params = [], options = {}) =>
      sessions.use(async (session) => {
        const { columns, rows } = await session.run(...bindParameters(sql, params));
        return rows.map(rowDecoder(columns));
      }, options.signal),
    tables: () =>
      sessions.use(async (session) => {
        const rows = await session.select(
          // names that somebody wrote in quotes with small letters are none that a table of Spindle can have
          `SELECT LOWER(TABLE_SCHEMA) || '.' || LOWER(TABLE_NAME) AS NAME, TABLE_TYPE AS KIND FROM INFORMATION_SCHEMA.TABLES
WHERE TABLE_SCHEMA NOT IN ('_SPINDLE', 'INFORMATION_SCHEMA') AND TABLE_SCHEMA = UPPER(TABLE_SCHEMA) AND TABLE_NAME = UPPER(TABLE_NAME) ORDER BY 1`,
        );
        return rows.map(({ name, kind }) => ({ name: String(name), kind: kind === 'VIEW' ? ('view' as const) : ('table' as const) }));
      }),
  };
}

async function* scan(
  sessions: Sessions,
  table: TableSpec,
  options: { readonly slices?: readonly SliceFilter[]; readonly signal?: AbortSignal },
): AsyncIterable<WarehouseRow> {
  const { slices, signal } = options;
  const { session, release } = await sessions.open(signal);
  let isDone = false;
  try {
    const list = (names: readonly string[]) => names.map((name) => quoteIdentifier(name, 'snowflake')).join(', ');
    const order = table.key.length === 0 ? '' : ` ORDER BY ${list(table.key)}`;
    const names = table.columns.map(({ name }) => name);
    const { columns, rows } = await known(table.name, () =>
      session.stream(`SELECT ${list(names)} FROM ${quoteTable(table.name, 'snowflake')} WHERE ${sliceCondition(slices)}${order}`),
    );
    const decode = rowDecoder(columns, names);
    for await (const row of rows) {
      signal?.throwIfAborted();
      yield decode(row);
    }
    isDone = true;
  } catch (error) {
    throw signal?.aborted ? signal.reason : sessions.error(error);
  } finally {
    release(!isDone); // one that was left early is still on its way
  }
}

/** TABLE_UNKNOWN where the statement names no table. */
async function known<T>(table: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw isUnknownObject(error) ? tableUnknown(table) : error;
  }
}

/** What the ledger keeps of a table, where it has one: a reader does not make one. */
async function knownState(session: Session, table: string) {
  try {
    return await endSuccession(session, table, await readState(session, table));
  } catch (error) {
    if (isUnknownObject(error)) return undefined;
    throw error;
  }
}

/** Whether the table holds what its ledger says: nobody dropped or emptied it. */
async function holdsLoads(session: Session, table: string): Promise<boolean> {
  const state = await knownState(session, table);
  if (state === undefined || (await describeTable(session, table)).length === 0) return false;
  return !(await isEmptied(session, table, state));
}
