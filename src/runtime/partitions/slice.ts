/** Half-open, in milliseconds since the epoch. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Part of a partitioned whole, held as ranges and sets: never a list of every partition. */
export type PartitionSlice =
  | { readonly kind: 'all' }
  | { readonly kind: 'time'; readonly ranges: readonly TimeRange[] }
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'cross'; readonly dimensions: Readonly<Record<string, PartitionSlice>> };

export const wholeSlice: PartitionSlice = { kind: 'all' };
