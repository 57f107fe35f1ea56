import { inSlice, inSlices } from '../../../runtime/resource/row-in-slice.ts';
import type { TableSpec, TableWrite, WarehouseRow, WriteOutcome } from '../../../runtime/resource/warehouse.ts';
import { assertGeneration, duplicateKey, keyMissing, needsRebuild, outsideSlice } from '../table-errors.ts';
import { addDigest, subtractDigest } from '../version.ts';
import { rowsOutcome } from '../outcome.ts';
import { digestOf, emptyTable, storeRow, tableDifference, type MemoryTable } from './memory-table.ts';

export interface Prepared {
  readonly table: MemoryTable;
  readonly made: 'created' | 'altered' | 'same';
}

/** The table as declared, or TABLE_NEEDS_REBUILD; an empty one takes any declaration. */
export function ensure(existing: MemoryTable | undefined, spec: TableSpec): Prepared {
  if (existing === undefined) return { table: emptyTable(spec), made: 'created' };
  const { add, loosen, rebuild } = tableDifference(existing, spec.columns);
  if (rebuild.length > 0) {
    if (existing.rows.length > 0) throw needsRebuild(spec, rebuild);
    return { table: emptyTable(spec), made: 'created' };
  }
  if (add.length + loosen.length === 0) return { table: existing, made: 'same' };
  const missing = Object.fromEntries(add.map(({ name }) => [name, null]));
  const kept = existing.columns.filter(({ name }) => !spec.columns.some((column) => column.name === name));
  const rows = existing.rows.map((row) => ({ ...row, ...missing }));
  return { table: { ...existing, columns: [...spec.columns, ...kept], rows }, made: 'altered' };
}

/** The rows of a write, all read before the table is touched: a function may read the warehouse while it makes them. */
export async function stageRows({ table, mode, rows, signal }: TableWrite): Promise<WarehouseRow[]> {
  if (mode === 'merge' && table.key.length === 0) throw keyMissing(table);
  const staged: WarehouseRow[] = [];
  const store = storeRow(table.columns);
  for await (const row of rows) {
    signal?.throwIfAborted();
    staged.push(store(row));
  }
  return staged;
}

export interface WrittenTable {
  readonly table: MemoryTable;
  readonly outcome: WriteOutcome;
}

/** The table after the write, and its outcome: the twin of the DuckDB driver's rules. */
export function writeRows(existing: MemoryTable | undefined, write: TableWrite, staged: readonly WarehouseRow[]): WrittenTable {
  const { table: spec, mode } = write;
  const { table } = prepare(existing, write);
  const sequence = (existing?.sequence ?? 0) + 1;
  if (mode === 'append' && table.identities.has(write.identity)) {
    return { table: { ...table, generation: spec.generation, sequence }, outcome: outcome([], table, write) };
  }
  assertFits(write, staged);
  const gone = leaving(write, staged);
  const removed = mode === 'append' ? [] : table.rows.filter(gone);
  const rows = removed.length === 0 ? [...table.rows, ...staged] : [...table.rows.filter((row) => !gone(row)), ...staged];
  const digest = addDigest(subtractDigest(table.digest, digestOf(removed.map(declaredOnly(spec)))), digestOf(staged));
  const identities = mode === 'append' ? new Set([...table.identities, write.identity]) : table.identities;
  const next = { ...table, generation: spec.generation, rows, digest, sequence, identities };
  return { table: next, outcome: outcome(staged, next, write) };
}

/** Whether a row makes way for the staged ones. */
function leaving({ table, mode, slices = [] }: TableWrite, staged: readonly WarehouseRow[]): (row: WarehouseRow) => boolean {
  if (mode !== 'merge') return inSlices(slices);
  const key = keyOf(table);
  const keys = new Set(staged.map(key));
  return (row) => keys.has(key(row));
}

function prepare(existing: MemoryTable | undefined, { table: spec, mode, slices = [], fullRefresh = false }: TableWrite): Prepared {
  const whole = mode === 'replace' && slices.length === 0;
  const outdated = existing !== undefined && (existing.generation !== spec.generation || differs(existing, spec));
  if (whole || (fullRefresh && outdated)) return { table: emptyTable(spec), made: 'created' };
  const prepared = ensure(existing, spec);
  if (mode !== 'replace')
    assertGeneration(spec, { generation: prepared.table.generation, rows: prepared.table.digest.rows }, prepared.made !== 'same');
  return prepared;
}

function differs(table: MemoryTable, spec: TableSpec): boolean {
  const { add, loosen, rebuild } = tableDifference(table, spec.columns);
  return add.length + loosen.length + rebuild.length > 0;
}

function assertFits({ table, mode, slices = [] }: TableWrite, staged: readonly WarehouseRow[]): void {
  if (mode === 'replace') {
    for (const slice of slices) {
      const inside = inSlice(slice);
      const outside = staged.filter((row) => !inside(row)).length;
      if (outside > 0) throw outsideSlice(table, outside, slice.column);
    }
  }
  if (mode !== 'merge') return;
  const seen = new Set<string>();
  for (const key of staged.map(keyOf(table))) {
    if (seen.has(key)) throw duplicateKey(table, key);
    seen.add(key);
  }
}

function keyOf({ key }: TableSpec): (row: WarehouseRow) => string {
  return (row) => JSON.stringify(Object.fromEntries(key.map((name) => [name, row[name]])));
}

function declaredOnly({ columns }: TableSpec): (row: WarehouseRow) => WarehouseRow {
  return (row) => Object.fromEntries(columns.map(({ name }) => [name, row[name]]));
}

function outcome(staged: readonly WarehouseRow[], { digest, rows }: MemoryTable, { table, slices = [] }: TableWrite): WriteOutcome {
  const bytes = staged.reduce((total, row) => total + JSON.stringify(row).length + 1, 0);
  const slice = slices.length === 0 ? undefined : digestOf(rows.filter(inSlices(slices)).map(declaredOnly(table)));
  return rowsOutcome({ rows: staged.length, bytes }, digest, slice);
}
