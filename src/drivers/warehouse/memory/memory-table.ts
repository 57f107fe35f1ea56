import type { TableSpec, WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import type { Column } from '../../../runtime/schema/column.ts';
import { schemaDifference, type SchemaDifference } from '../../../runtime/schema/schema-difference.ts';
import { sqlType } from '../../../runtime/schema/sql-type.ts';
import type { LoadedObject } from '../candidates.ts';
import { addDigest, emptyDigest, hash64, type TableDigest } from '../version.ts';

/** A table as one value: writing makes a new one, so that a failed write leaves nothing behind. */
export interface MemoryTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly generation: string;
  readonly rows: readonly WarehouseRow[];
  readonly digest: TableDigest;
  /** 0 where it was only created. */
  readonly sequence: number;
  readonly loads: ReadonlyMap<string, LoadedObject>;
  readonly identities: ReadonlySet<string>;
}

export function emptyTable({ name, columns, generation }: TableSpec): MemoryTable {
  return { name, columns, generation, rows: [], digest: emptyDigest, sequence: 0, loads: new Map(), identities: new Set() };
}

/** How far the table is from its declaration, as DuckDB would tell. */
export function tableDifference(table: MemoryTable, declared: readonly Column[]): SchemaDifference {
  const actual = table.columns.map((column) => ({ name: column.name, type: sqlType(column, 'duckdb'), nullable: column.nullable }));
  return schemaDifference(actual, declared, 'duckdb');
}

/** The row as the table keeps and gives it back: every declared column, null where absent, instants in one writing. */
export function storeRow(columns: readonly Column[]): (row: WarehouseRow) => WarehouseRow {
  return (row) => Object.fromEntries(columns.map((column) => [column.name, storeValue(column, row[column.name])]));
}

function storeValue({ type }: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'timestamp':
      return storeInstant(value as string);
    case 'json':
      return JSON.parse(JSON.stringify(value)) as unknown;
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
    case 'date':
      return value;
  }
}

/** Milliseconds, and microseconds where there are any; finer digits fall away as they do in DuckDB. */
function storeInstant(text: string): string {
  const instant = new Date(text).toISOString();
  const micros = /\.\d{3}(\d{1,3})/.exec(text)?.[1]?.padEnd(3, '0') ?? '000';
  return micros === '000' ? instant : `${instant.slice(0, -1)}${micros}Z`;
}

/** A hash of a row's values by their columns' names; nulls do not count. */
export function hashRow(row: WarehouseRow): bigint {
  const names = Object.keys(row).filter((name) => row[name] !== null);
  return hash64(JSON.stringify(names.toSorted().map((name) => [name, row[name]])));
}

export function digestOf(rows: readonly WarehouseRow[]): TableDigest {
  return rows.reduce((sum, row) => addDigest(sum, { rows: 1, sum: hashRow(row) }), emptyDigest);
}
