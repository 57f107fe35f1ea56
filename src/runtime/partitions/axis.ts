import { calendarOf, END_OF_TIME, firstIndex } from './calendar.ts';
import type { TimeDefinition } from './definition.ts';
import { splitRangeKey } from './key-text.ts';
import type { Dimension } from './pairing.ts';
import { intersectRanges, normalizeRanges, subtractRanges } from './slice-algebra.ts';
import type { PartitionSlice } from './slice.ts';
import type { TimeZones } from './time-zone.ts';

/** Neighboring numbers: half-open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One dimension of partitions as numbers: windows of time by their place in the calendar, listed keys by their place in the list. */
export interface Axis {
  /** The dimension's name; empty where the definition is no cross. */
  readonly name: string;
  readonly isTime: boolean;
  /** Every number that is a partition, as ascending spans: time up to the end of the year 9998. */
  readonly all: readonly Span[];
  keyOf(index: number): string;
  /** The numbers that a key, or a range of time, names; undefined where it names none. */
  spanOf(key: string): Span | undefined;
  /** Those that share something with the slice. */
  within(slice: PartitionSlice): readonly Span[];
  /** Those that have begun by then, or, with `complete`, that are over. Keys of a list always are. */
  existing(now: Date, complete: boolean): readonly Span[];
  sliceOf(spans: readonly Span[]): PartitionSlice;
}

/** The axis of a listed dimension: static keys, or those of a dynamic definition that are registered. */
export function listedAxis(name: string, keys: readonly string[]): Axis {
  const positions = new Map(keys.map((key, index) => [key, index]));
  const all = keys.length === 0 ? [] : [{ from: 0, to: keys.length }];
  const spanOf = (key: string): Span | undefined => {
    const index = positions.get(key);
    return index === undefined ? undefined : { from: index, to: index + 1 };
  };
  return {
    name,
    isTime: false,
    all,
    keyOf: (index) => keys[index] ?? '',
    spanOf,
    within(slice) {
      if (slice.kind === 'all') return all;
      return slice.kind === 'keys' ? normalizeRanges(slice.keys.flatMap((key) => spanOf(key) ?? [])) : [];
    },
    existing: () => all,
    sliceOf: (spans) => ({ kind: 'keys', keys: spans.flatMap(({ from, to }) => keys.slice(from, to)) }),
  };
}

/** The axis of a dimension of time. */
export function timeAxis(name: string, definition: TimeDefinition, zones: TimeZones): Axis {
  const calendar = calendarOf(definition, zones);
  const first = firstIndex(definition, zones);
  const last = calendar.indexAt(END_OF_TIME - 1);
  const skipped = definition.unit === 'day' ? skippedDays(definition, { from: first, to: last + 1 }, zones) : [];
  const all = subtractRanges([{ from: first, to: last + 1 }], skipped);
  const isPartition = (index: number) => index >= first && !skipped.some(({ from, to }) => from <= index && index < to);
  const indexes = remembered((key: string): number | undefined => {
    const index = calendar.indexNear(key);
    return index !== undefined && isPartition(index) && calendar.keyOf(index) === key ? index : undefined;
  });
  const keys = remembered(calendar.keyOf);
  const spanOf = (key: string): Span | undefined => {
    const ends = splitRangeKey(key);
    const from = indexes(ends === undefined ? key : ends[0]);
    const to = ends === undefined ? from : indexes(ends[1]);
    return from === undefined || to === undefined || from > to ? undefined : { from, to: to + 1 };
  };
  return {
    name,
    isTime: true,
    all,
    keyOf: keys,
    spanOf,
    within(slice) {
      if (slice.kind === 'all') return all;
      if (slice.kind === 'keys') return normalizeRanges(slice.keys.flatMap((key) => spanOf(key) ?? []));
      if (slice.kind !== 'time') return [];
      const spans = normalizeRanges(slice.ranges).map(({ from, to }) => ({
        from: calendar.indexAt(from),
        to: calendar.indexAt(to - 1) + 1,
      }));
      return intersectRanges(spans, all);
    },
    existing: (now, complete) => intersectRanges([{ from: first, to: calendar.indexAt(now.getTime()) + (complete ? 0 : 1) }], all),
    sliceOf: (spans) => ({
      kind: 'time',
      ranges: normalizeRanges(spans.map(({ from, to }) => ({ from: calendar.startOf(from), to: calendar.startOf(to) }))),
    }),
  };
}

const MOST_REMEMBERED = 1 << 16;

/** Planning asks for the same keys again and again, and dates are slow to read and to write. */
function remembered<K, V>(of: (from: K) => V): (from: K) => V {
  const known = new Map<K, V>();
  return (from) => {
    const found = known.get(from);
    if (found !== undefined) return found;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const value = of(from);
    known.set(from, value);
    return value;
  };
}

export function axisOf(
  name: string,
  dimension: Dimension,
  { zones, keys }: { zones: TimeZones; keys(name: string): readonly string[] },
): Axis {
  switch (dimension.kind) {
    case 'time':
      return timeAxis(name, dimension, zones);
    case 'static':
      return listedAxis(name, dimension.keys);
    case 'dynamic':
      return listedAxis(name, keys(dimension.name));
  }
}

/** The days of a span that the zone skipped: it can only have moved over the date line, which shows in the offset. Zones (since 1970) moved one way only. */
function skippedDays(definition: TimeDefinition, span: Span, zones: TimeZones): readonly Span[] {
  const calendar = calendarOf(definition, zones);
  const zone = zones.get(definition.timezone);
  const search = ({ from, to }: Span): readonly Span[] => {
    const [start, end] = [calendar.startOf(from), calendar.startOf(to)];
    if (to - from === 1) return start === end ? [{ from, to }] : [];
    if (Math.abs(zone.offsetAt(end) - zone.offsetAt(start)) < 20 * 3_600_000) return [];
    const middle = Math.floor((from + to) / 2);
    return normalizeRanges([...search({ from, to: middle }), ...search({ from: middle, to })]);
  };
  return search(span);
}
