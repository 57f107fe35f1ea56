import type { Faults } from '../../../runtime/resource/faults.ts';
import { instantOf } from '../../../runtime/resource/row-in-slice.ts';
import type { LoadObject, TableLoad, WarehouseRow, WriteOutcome } from '../../../runtime/resource/warehouse.ts';
import { loadColumns } from '../../../runtime/schema/load-columns.ts';
import { assertLoadable, chooseCandidates } from '../candidates.ts';
import { readGood, readRejected } from '../chain-object.ts';
import { assertGeneration } from '../table-errors.ts';
import { addDigest, objectDigest, subtractDigest, versionText } from '../version.ts';
import { emptyTable, storeRow, type MemoryTable } from './memory-table.ts';
import { isFor, resolveLetters } from './resolve.ts';
import { ensure } from './write.ts';

export interface LoadedTables {
  readonly table: MemoryTable;
  readonly deadLetters: MemoryTable;
  readonly outcome: WriteOutcome;
}

/** Both tables after the load, with the rules of the DuckDB driver: the twin of its transaction, which is kept as a whole or not at all. */
export async function loadObjects(find: (name: string) => MemoryTable | undefined, faults: Faults, load: TableLoad): Promise<LoadedTables> {
  const { table: spec, loadedAt, fullRefresh = false, signal } = load;
  assertLoadable(spec);
  faults('load.before-transaction');
  const letters = ensure(find(load.deadLetters.name), load.deadLetters).table;
  const existing = find(spec.name);
  const { table: base, made } = fullRefresh ? { table: emptyTable(spec), made: 'created' as const } : ensure(existing, spec);
  if (made !== 'created') assertGeneration(spec, { generation: base.generation, rows: base.digest.rows }, made === 'altered');
  const { pending, replaced } = chooseCandidates(load.objects, base.loads);
  const forgotten = new Set(made === 'created' ? existing?.loads.keys() : replaced.map(({ key }) => key));

  const good: WarehouseRow[] = [];
  const rejected: WarehouseRow[] = [];
  const columns = [...spec.columns, ...loadColumns];
  const [store, storeLetter] = [storeRow(columns), storeRow(load.deadLetters.columns)];
  const total = count(pending, (object) => object.rows + object.rejected);
  for (const object of pending) {
    signal?.throwIfAborted();
    for (const row of await readGood(load.lake, object)) good.push(store({ ...row, _object: object.key, _loaded_at: loadedAt }));
    for (const row of await readRejected(load, object)) rejected.push(storeLetter(row));
    load.progress?.(good.length + rejected.length, total);
  }
  const carried = [...letters.rows.filter((row) => !forgotten.has(String(row['object'])) || !isFor(row, spec.name)), ...rejected];
  const left = await resolveLetters(carried, load, pending);
  const resolved = carried.length - left.length;
  faults('load.after-insert');

  const loads = new Map([...base.loads, ...pending.map((object) => [object.key, { ...object, generation: spec.generation }] as const)]);
  const kept = replaced.reduce((digest, entry) => subtractDigest(digest, objectDigest(entry, entry.generation)), base.digest);
  const digest = pending.reduce((sum, object) => addDigest(sum, objectDigest(object, spec.generation)), kept);
  const rows = [...base.rows.filter((row) => !forgotten.has(String(row['_object']))), ...good];
  const table = {
    ...base,
    columns: withLoadColumns(base),
    generation: spec.generation,
    rows,
    digest,
    loads,
    sequence: (existing?.sequence ?? 0) + 1,
  };
  const deadLetters = { ...letters, rows: left };
  faults('load.before-commit');
  return {
    table,
    deadLetters,
    outcome: {
      ...summary(load, pending),
      ...(resolved > 0 && { resolved }),
      version: versionText(digest),
      touched: touchedSlices(load, good),
    },
  };
}

function withLoadColumns({ columns }: MemoryTable) {
  return [...columns, ...loadColumns.filter(({ name }) => !columns.some((column) => column.name === name))];
}

function summary(load: TableLoad, pending: readonly LoadObject[]) {
  return {
    rows: count(pending, ({ rows }) => rows),
    bytes: count(pending, ({ size }) => size),
    rejected: count(pending, ({ rejected }) => rejected),
    objects: pending.length,
    skippedObjects: load.objects.length - pending.length,
  };
}

const UNIT = { hour: 3_600_000, day: 86_400_000 } as const;

function touchedSlices({ touched }: TableLoad, rows: readonly WarehouseRow[]): ReadonlyMap<string, number> {
  if (touched === undefined) return new Map();
  const counts = new Map<number, number>();
  for (const row of rows) {
    const at = instantOf(row[touched.column]);
    if (at === undefined) continue;
    const start = Math.floor(at / UNIT[touched.unit]) * UNIT[touched.unit];
    counts.set(start, (counts.get(start) ?? 0) + 1);
  }
  return new Map([...counts].toSorted(([a], [b]) => a - b).map(([start, rowCount]) => [new Date(start).toISOString(), rowCount]));
}

function count(objects: readonly LoadObject[], of: (object: LoadObject) => number): number {
  return objects.reduce((total, object) => total + of(object), 0);
}
