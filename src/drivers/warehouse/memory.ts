import { SpindleError } from '../../runtime/errors.ts';
import { noFaults, type Faults } from '../../runtime/resource/faults.ts';
import { inSlices, instantOf } from '../../runtime/resource/row-in-slice.ts';
import type { GivenTable, SliceFilter, TableSpec, Warehouse, WarehouseRow } from '../../runtime/resource/warehouse.ts';
import { createQueue } from '../disk/queue.ts';
import { foldersOf, unloadedOf } from './candidates.ts';
import { duckDbMessage } from './duckdb/duckdb-error.ts';
import { loadObjects } from './memory/load.ts';
import { emptyTable, hashRow, type MemoryTable } from './memory/memory-table.ts';
import { createQueryDatabase } from './memory/query-database.ts';
import { ensure, stageRows, writeRows } from './memory/write.ts';
import { foldSlices } from './slice-fold.ts';
import { tableUnknown } from './table-errors.ts';
import { versionText } from './version.ts';

interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[] | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A warehouse in the memory of this process, for tests. Structured operations work on arrays; only `query` opens a database, with copies of the tables. */
export function createMemoryWarehouse(options: { readonly faults?: Faults } = {}): Warehouse {
  const { faults = noFaults } = options;
  const tables = new Map<string, MemoryTable>();
  const inTurn = createQueue();
  const runQuery = createQueryDatabase();
  const given = new WeakMap<GivenTable, MemoryTable>();
  const asTable = (table: GivenTable): MemoryTable => {
    const known = given.get(table) ?? { ...emptyTable(table.table), rows: table.rows };
    given.set(table, known);
    return known;
  };
  const keep = (table: MemoryTable) => tables.set(table.name, table);
  const require = (name: string): MemoryTable => {
    const table = tables.get(name);
    if (table === undefined) throw tableUnknown(name);
    return table;
  };

  const query = (found: ReadonlyMap<string, MemoryTable>, { sql, params = [], signal }: Statement) =>
    inTurn(async () => {
      signal?.throwIfAborted();
      try {
        return await runQuery([...found.values()], sql, params);
      } catch (error) {
        const message = duckDbMessage(error);
        throw message === undefined ? error : new SpindleError('QUERY_FAILED', message, { cause: error, remedy: 'Correct the statement.' });
      }
    });

  return {
    dialect: 'duckdb', // its `query` runs there
    ensureTable: (spec) =>
      inTurn(async () => {
        const { table, made } = ensure(tables.get(spec.name), spec);
        if (made !== 'same') keep({ ...table, generation: spec.generation });
      }),
    async write(write) {
      const staged = await stageRows(write);
      return inTurn(async () => {
        const { table, outcome } = writeRows(tables.get(write.table.name), write, staged);
        keep(table);
        return outcome;
      });
    },
    unloaded: async (spec, objects) => unloadedOf(objects, tables.get(spec.name)?.loads ?? new Map()),
    loadedFolders: async (spec, prefix) => foldersOf(tables.get(spec.name)?.loads.values() ?? [], prefix),
    load: (load) =>
      inTurn(async () => {
        const { table, deadLetters, outcome } = await loadObjects((name) => tables.get(name), faults, load);
        load.signal?.throwIfAborted();
        keep(table);
        keep(deadLetters);
        faults('load.after-commit');
        return outcome;
      }),
    scan: (spec, scanOptions = {}) => scan(() => require(spec.name), spec, scanOptions),
    count: async (name, slices) => require(name).rows.filter(inSlices(slices)).length,
    version: async (name) => {
      const table = tables.get(name);
      return table === undefined || table.sequence === 0 ? undefined : versionText(table.digest);
    },
    async sliceVersions(name, column, unit, timezone) {
      const buckets = require(name).rows.flatMap((row) => {
        const at = instantOf(row[column]);
        const hash = hashRow(Object.fromEntries(Object.entries(row).filter(([field]) => !field.startsWith('_'))));
        return at === undefined ? [] : [{ at, rows: 1, xor: hash, sum: hash }];
      });
      return foldSlices(buckets, unit, timezone);
    },
    query: (sql, params, queryOptions) => query(tables, { sql, params, signal: queryOptions?.signal }),
    queryGiven: (stood, sql, params, queryOptions) =>
      query(new Map([...tables, ...stood.map((one) => [one.table.name, asTable(one)] as const)]), {
        sql,
        params,
        signal: queryOptions?.signal,
      }),
    tables: async () => [...tables.keys()].toSorted().map((name) => ({ name, kind: 'table' })),
    lend: (_borrower, use) => inTurn(() => use({ dialect: 'memory' })),
  };
}

async function* scan(
  find: () => MemoryTable,
  spec: TableSpec,
  options: { readonly slices?: readonly SliceFilter[]; readonly signal?: AbortSignal },
): AsyncIterable<WarehouseRow> {
  const names = spec.columns.map(({ name }) => name);
  const rows = find().rows.filter(inSlices(options.slices));
  const ordered = spec.key.length === 0 ? rows : rows.toSorted(compareBy(spec.key));
  for (const row of ordered) {
    options.signal?.throwIfAborted();
    yield Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
  }
}

/** Ascending, nulls last, as DuckDB orders. */
function compareBy(key: readonly string[]): (a: WarehouseRow, b: WarehouseRow) => number {
  return (a, b) => {
    for (const name of key) {
      const [left, right] = [a[name], b[name]] as readonly (string | number | null)[];
      if (left === right || left === undefined || right === undefined) continue;
      if (left === null || right === null) return left === null ? 1 : -1;
      return left < right ? -1 : 1;
    }
    return 0;
  };
}
