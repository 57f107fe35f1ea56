import type { WarehouseRow } from '../../runtime/resource/warehouse.ts';
import { table } from '../table.ts';

/** Rows of any columns, aligned: numbers on the right, nulls empty, anything nested as JSON. */
export function rowsText(rows: readonly WarehouseRow[], title: (text: string) => string): string {
  const [first] = rows;
  if (first === undefined) return 'No rows.';
  const columns = Object.keys(first).map((name) => ({
    title: name,
    text: (row: WarehouseRow) => cellText(row[name]),
    align: rows.every((row) => row[name] === null || typeof row[name] === 'number') ? ('right' as const) : ('left' as const),
  }));
  return table(columns, rows, title);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean | bigint);
}
