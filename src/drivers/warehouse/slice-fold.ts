import { digest } from '../../runtime/digest.ts';
import { calendarOf } from '../../runtime/partitions/calendar.ts';
import type { TimeUnit } from '../../runtime/partitions/definition.ts';
import { createTimeZones } from '../../runtime/partitions/time-zone.ts';

/** Rows of some stretch of time that no slice border cuts: their number, and the xor and the sum of their hashes. */
export interface Bucket {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly rows: number;
  readonly xor: bigint;
  readonly sum: bigint;
}

/** One digest for each slice, by the instant at which it starts, ascending: the slices are those of the partitions' calendar. */
export function foldSlices(buckets: Iterable<Bucket>, unit: TimeUnit, timezone: string): Map<string, string> {
  const calendar = calendarOf({ unit, timezone }, createTimeZones());
  const slices = new Map<number, Omit<Bucket, 'at'>>();
  for (const { at, rows, xor, sum } of buckets) {
    const index = calendar.indexAt(at);
    const slice = slices.get(index) ?? { rows: 0, xor: 0n, sum: 0n };
    slices.set(index, { rows: slice.rows + rows, xor: slice.xor ^ xor, sum: slice.sum + sum });
  }
  const ordered = [...slices].toSorted(([a], [b]) => a - b);
  return new Map(
    ordered.map(([index, { rows, xor, sum }]) => [new Date(calendar.startOf(index)).toISOString(), digest(`${rows}`, `${xor}`, `${sum}`)]),
  );
}
