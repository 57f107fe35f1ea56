import type { PartitionSlice, TimeRange } from './slice.ts';

/** The slice that holds nothing. */
export const emptySlice: PartitionSlice = { kind: 'keys', keys: [] };

/** Ascending, without empty ranges, and without two that touch: the one way to write a set of instants. All functions below return this form. */
export function normalizeRanges(ranges: readonly TimeRange[]): readonly TimeRange[] {
  const sorted = ranges.filter(({ from, to }) => from < to).toSorted((a, b) => a.from - b.from);
  const merged: TimeRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last === undefined || last.to < range.from) merged.push(range);
    else if (last.to < range.to) merged[merged.length - 1] = { from: last.from, to: range.to };
  }
  return merged;
}

export function unionRanges(a: readonly TimeRange[], b: readonly TimeRange[]): readonly TimeRange[] {
  return normalizeRanges([...a, ...b]);
}

export function intersectRanges(a: readonly TimeRange[], b: readonly TimeRange[]): readonly TimeRange[] {
  const left = normalizeRanges(a);
  const right = normalizeRanges(b);
  const common: TimeRange[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const [x, y] = [left[i]!, right[j]!];
    const [from, to] = [Math.max(x.from, y.from), Math.min(x.to, y.to)];
    if (from < to) common.push({ from, to });
    if (x.to < y.to) i += 1;
    else j += 1;
  }
  return common;
}

export function subtractRanges(a: readonly TimeRange[], b: readonly TimeRange[]): readonly TimeRange[] {
  const cuts = normalizeRanges(b);
  const rest: TimeRange[] = [];
  let next = 0;
  for (const { from, to } of normalizeRanges(a)) {
    let start = from;
    while (next < cuts.length && cuts[next]!.to <= from) next += 1;
    // The last cut may reach into the next range, so `next` stays on it.
    for (let i = next; i < cuts.length && cuts[i]!.from < to; i += 1) {
      if (start < cuts[i]!.from) rest.push({ from: start, to: cuts[i]!.from });
      start = Math.max(start, cuts[i]!.to);
    }
    if (start < to) rest.push({ from: start, to });
  }
  return rest;
}

/** True where every instant of `inner` is in `outer`. */
export function containsRanges(outer: readonly TimeRange[], inner: readonly TimeRange[]): boolean {
  return subtractRanges(inner, outer).length === 0;
}

export function isEmptySlice(slice: PartitionSlice): boolean {
  switch (slice.kind) {
    case 'all':
      return false;
    case 'time':
      return normalizeRanges(slice.ranges).length === 0;
    case 'keys':
      return slice.keys.length === 0;
    case 'cross':
      return Object.values(slice.dimensions).some(isEmptySlice);
  }
}

/** True where all of `inner` is in `outer`. Slices of different kinds have nothing in common; a dimension that a cross slice leaves out is whole. */
export function containsSlice(outer: PartitionSlice, inner: PartitionSlice): boolean {
  if (outer.kind === 'all' || isEmptySlice(inner)) return true;
  if (outer.kind === 'time' && inner.kind === 'time') return containsRanges(outer.ranges, inner.ranges);
  if (outer.kind === 'keys' && inner.kind === 'keys') {
    const keys = new Set(outer.keys);
    return inner.keys.every((key) => keys.has(key));
  }
  if (outer.kind !== 'cross') return false;
  return Object.entries(outer.dimensions).every(([name, part]) => containsSlice(part, dimensionOf(inner, name)));
}

/** What both hold, in the order of `a` where that is a list of keys. */
export function intersectSlices(a: PartitionSlice, b: PartitionSlice): PartitionSlice {
  if (a.kind === 'all') return b;
  if (b.kind === 'all') return a;
  if (a.kind === 'time' && b.kind === 'time') return { kind: 'time', ranges: intersectRanges(a.ranges, b.ranges) };
  if (a.kind === 'keys' && b.kind === 'keys') {
    const keys = new Set(b.keys);
    return { kind: 'keys', keys: a.keys.filter((key) => keys.has(key)) };
  }
  if (a.kind !== 'cross' || b.kind !== 'cross') return emptySlice;
  const names = [...new Set([...Object.keys(a.dimensions), ...Object.keys(b.dimensions)])].toSorted();
  return {
    kind: 'cross',
    dimensions: Object.fromEntries(names.map((name) => [name, intersectSlices(dimensionOf(a, name), dimensionOf(b, name))])),
  };
}

/** The part of a cross slice that concerns one dimension: whole where it says nothing of it. */
export function dimensionOf(slice: PartitionSlice, name: string): PartitionSlice {
  if (slice.kind === 'cross') return Object.hasOwn(slice.dimensions, name) ? slice.dimensions[name]! : { kind: 'all' };
  return slice.kind === 'all' ? slice : emptySlice;
}
