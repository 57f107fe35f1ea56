import type { Faults } from '../../../runtime/resource/faults.ts';
import { instantOf } from '../../../runtime/resource/row-in-slice.ts';
import type { TableLoad, WarehouseRow, WriteOutcome } from '../../../runtime/resource/warehouse.ts';
import { loadColumns } from '../../../runtime/schema/load-columns.ts';
import { assertLoadable, chooseCandidates } from '../candidates.ts';
import { readGood, readRejected } from '../chain-object.ts';
import { countFiles } from '../count-files.ts';
import { loadedDigest, loadOutcome, sumOf } from '../outcome.ts';
import { readFiles } from '../read-files.ts';
import { assertGeneration, tableEmptied } from '../table-errors.ts';
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
  if (made === 'created' && !fullRefresh && load.behind === true) throw tableEmptied(spec.name);
  const { pending, files, replaced } = chooseCandidates(load.objects, base.loads);
  const forgotten = new Set(made === 'created' ? existing?.loads.keys() : replaced.map(({ key }) => key));

  const good: WarehouseRow[] = [];
  const rejected: WarehouseRow[] = [];
  const columns = [...spec.columns, ...loadColumns];
  const [store, storeLetter] = [storeRow(columns), storeRow(load.deadLetters.columns)];
  const total = sumOf(pending, (object) => object.rows + object.rejected);
  for (const object of pending) {
    signal?.throwIfAborted();
    for (const row of await readGood(load.lake, object)) good.push(store({ ...row, _object: object.key, _loaded_at: loadedAt }));
    for (const row of await readRejected(load, object)) rejected.push(storeLetter(row));
    load.progress?.(good.length + rejected.length, total);
  }
  const counts = countFiles(files);
  for await (const part of counts.counting(readFiles(load, files))) {
    for (const { row } of part.good)
      good.push(store({ ...(JSON.parse(row) as WarehouseRow), _object: part.file.key, _loaded_at: loadedAt }));
    for (const letter of part.letters) rejected.push(storeLetter(letter));
    load.progress?.(good.length + rejected.length);
  }
  const loaded = [...pending, ...counts.all()];
  const carried = [...letters.rows.filter((row) => !forgotten.has(String(row['object'])) || !isFor(row, spec.name)), ...rejected];
  const left = await resolveLetters(carried, load, pending);
  const resolved = carried.length - left.length;
  faults('load.after-insert');

  const loads = new Map([...base.loads, ...loaded.map((object) => [object.key, { ...object, generation: spec.generation }] as const)]);
  const digest = loadedDigest({ loaded, replaced }, base.digest, spec.generation);
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
  return { table, deadLetters, outcome: loadOutcome(load, { loaded, resolved, digest, touched: touchedSlices(load, good) }) };
}

function withLoadColumns({ columns }: MemoryTable) {
  return [...columns, ...loadColumns.filter(({ name }) => !columns.some((column) => column.name === name))];
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
