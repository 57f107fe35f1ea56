import type { SliceFilter, WarehouseRow } from './warehouse.ts';

/** Whether a row lies in all of the slices; a null lies in none. */
export function inSlices(slices: readonly SliceFilter[] = []): (row: WarehouseRow) => boolean {
  const tests = slices.map(inSlice);
  return (row) => tests.every((test) => test(row));
}

export function inSlice(slice: SliceFilter): (row: WarehouseRow) => boolean {
  switch (slice.kind) {
    case 'ranges':
      return (row) => {
        const at = instantOf(row[slice.column]);
        return at !== undefined && slice.ranges.some(({ from, to }) => at >= from && at < to);
      };
    case 'values': {
      const values = new Set(slice.values);
      return (row) => row[slice.column] !== null && values.has(String(row[slice.column]));
    }
  }
}

/** A timestamp, or a date's midnight in UTC, in milliseconds since the epoch. */
export function instantOf(value: unknown): number | undefined {
  return typeof value === 'string' ? Date.parse(value) : undefined;
}
