import { calendarOf, firstIndex, windowAt, type Calendar } from './calendar.ts';
import type { PartitionsDefinition, TimeDefinition, TimeWindow } from './definition.ts';
import type { DynamicKeys } from './key.ts';
import { crossKey } from './key-text.ts';
import { dimensionOf, normalizeRanges } from './slice-algebra.ts';
import { wholeSlice, type PartitionSlice, type TimeRange } from './slice.ts';
import { createTimeZones, type TimeZones } from './time-zone.ts';

/** Which partitions there are at a moment. */
export interface Existing {
  /** A time partition exists as soon as its window has begun. */
  readonly now: Date;
  /** Dynamic partitions that are not named here have no keys. */
  readonly dynamicKeys?: DynamicKeys;
  readonly zones?: TimeZones;
}

export interface ListOptions extends Existing {
  /** Only the partitions that share something with this slice. */
  readonly slice?: PartitionSlice;
}

/** The windows that overlap the range, from the definition's first one on, in order and lazily. */
export function* windowsBetween(definition: TimeDefinition, range: TimeRange, zones: TimeZones = createTimeZones()): Generator<TimeWindow> {
  const calendar = calendarOf(definition, zones);
  if (range.from >= range.to) return;
  const last = calendar.indexAt(range.to - 1);
  for (let index = Math.max(firstIndex(definition, zones), calendar.indexAt(range.from)); index <= last; index += 1) {
    if (isReal(definition, calendar, index)) yield windowAt(calendar, index);
  }
}

/** Every key, lazily: time in order, static and dynamic keys as they are listed, cross keys by the dimensions in alphabetical order, the first one outermost. */
export function* keysOf(definition: PartitionsDefinition, options: ListOptions): Generator<string> {
  const { slice = wholeSlice, zones = createTimeZones() } = options;
  switch (definition.kind) {
    case 'time': {
      const calendar = calendarOf(definition, zones);
      for (const [first, last] of spansOf(definition, { ...options, slice, zones })) {
        for (let index = first; index <= last; index += 1) if (isReal(definition, calendar, index)) yield calendar.keyOf(index);
      }
      return;
    }
    case 'static':
      yield* listedIn(definition.keys, slice);
      return;
    case 'dynamic':
      yield* listedIn(options.dynamicKeys?.[definition.name] ?? [], slice);
      return;
    case 'cross': {
      const names = Object.keys(definition.dimensions).toSorted();
      const listOf = (name: string) => keysOf(definition.dimensions[name]!, { ...options, zones, slice: dimensionOf(slice, name) });
      for (const keys of combinations(names, listOf)) yield crossKey(keys);
    }
  }
}

/** How many keys `keysOf` would list, without listing them. */
export function countKeys(definition: PartitionsDefinition, options: ListOptions): number {
  const { slice = wholeSlice, zones = createTimeZones() } = options;
  switch (definition.kind) {
    case 'time': {
      let count = 0;
      for (const span of spansOf(definition, { ...options, slice, zones })) count += countSpan(definition, span, zones);
      return count;
    }
    case 'static':
      return listedIn(definition.keys, slice).length;
    case 'dynamic':
      return listedIn(options.dynamicKeys?.[definition.name] ?? [], slice).length;
    case 'cross': {
      let product = 1;
      for (const [name, dimension] of Object.entries(definition.dimensions)) {
        product *= countKeys(dimension, { ...options, zones, slice: dimensionOf(slice, name) });
      }
      return product;
    }
  }
}

/** Only days can be skipped by a zone: they are then empty, and no partitions. */
function isReal({ unit }: TimeDefinition, calendar: Calendar, index: number): boolean {
  return unit !== 'day' || calendar.startOf(index) < calendar.startOf(index + 1);
}

type Span = readonly [first: number, last: number];

/** The numbers of the windows that have begun and overlap the slice: ascending spans, both ends included. */
function spansOf(
  definition: TimeDefinition,
  { slice, now, zones }: ListOptions & { slice: PartitionSlice; zones: TimeZones },
): readonly Span[] {
  const calendar = calendarOf(definition, zones);
  const first = firstIndex(definition, zones);
  const last = calendar.indexAt(now.getTime());
  const wanted = wantedSpans(calendar, slice, [first, last]).map(([from, to]): TimeRange => ({
    from: Math.max(from, first),
    to: Math.min(to, last) + 1,
  }));
  return normalizeRanges(wanted).map(({ from, to }) => [from, to - 1]);
}

function wantedSpans(calendar: Calendar, slice: PartitionSlice, whole: Span): readonly Span[] {
  switch (slice.kind) {
    case 'all':
      return [whole];
    case 'time':
      return normalizeRanges(slice.ranges).map(({ from, to }) => [calendar.indexAt(from), calendar.indexAt(to - 1)]);
    case 'keys':
      return slice.keys.flatMap((key) => {
        const index = calendar.indexOf(key);
        return index === undefined ? [] : [[index, index] as const];
      });
    case 'cross':
      return [];
  }
}

function countSpan(definition: TimeDefinition, [first, last]: Span, zones: TimeZones): number {
  const count = last - first + 1;
  if (definition.unit !== 'day') return count;
  const calendar = calendarOf(definition, zones);
  const zone = zones.get(definition.timezone);
  // Zones only ever skipped a day (since 1970) by moving across the date line, which shows in the offset.
  const moved = zone.offsetAt(calendar.startOf(last + 1)) - zone.offsetAt(calendar.startOf(first));
  if (Math.abs(moved) < 20 * 3_600_000) return count;
  let real = 0;
  for (let index = first; index <= last; index += 1) if (isReal(definition, calendar, index)) real += 1;
  return real;
}

function listedIn(keys: readonly string[], slice: PartitionSlice): readonly string[] {
  if (slice.kind === 'all') return keys;
  if (slice.kind !== 'keys') return [];
  const wanted = new Set(slice.keys);
  return keys.filter((key) => wanted.has(key));
}

function* combinations(names: readonly string[], listOf: (name: string) => Iterable<string>): Generator<Readonly<Record<string, string>>> {
  const [name, ...rest] = names;
  if (name === undefined) {
    yield {};
    return;
  }
  for (const key of listOf(name)) for (const others of combinations(rest, listOf)) yield { [name]: key, ...others };
}
