import type { Mapping } from '../declare/definition.ts';
import { calendarOf } from './calendar.ts';
import type { PartitionsDefinition, TimeDefinition } from './definition.ts';
import { parsePartition } from './key.ts';
import { keysOf, type Existing } from './list.ts';
import { dimensionsOf, isFiner, pairDimensions, type Pair } from './pairing.ts';
import { dimensionOf, emptySlice, normalizeRanges } from './slice-algebra.ts';
import { wholeSlice, type PartitionSlice } from './slice.ts';
import { createTimeZones, type TimeZones } from './time-zone.ts';

/** One side of a dependency. An asset without partitions has no definition, and its key is undefined. */
export interface PartitionedSide {
  readonly asset: string;
  readonly definition: PartitionsDefinition | undefined;
  readonly key: string | undefined;
  /** That of the key, where it is known already. */
  readonly slice?: PartitionSlice | undefined;
}

/** What a step reads of an upstream: the slice, and, one by one, those of its partitions that exist. An upstream without partitions has none. */
export interface UpstreamPart {
  readonly slice: PartitionSlice;
  keys(existing: Existing): Iterable<string>;
}

/**
 * The part of an upstream that one partition of a downstream reads. An upstream without partitions is read by event time, where the downstream
 * has exactly one time dimension. An order-only dependency reads nothing; of a custom one the slice is the whole.
 */
export function upstreamSlice(options: {
  readonly mapping: Mapping;
  readonly downstream: PartitionedSide;
  readonly upstream: PartitionsDefinition | undefined;
  readonly zones?: TimeZones;
}): UpstreamPart {
  const { upstream } = options;
  const slice = readSlice({ zones: createTimeZones(), ...options });
  return { slice, keys: (existing) => (upstream === undefined ? [] : keysOf(upstream, { ...existing, slice })) };
}

function readSlice({ mapping, downstream, upstream, zones }: Parameters<typeof upstreamSlice>[0] & { zones: TimeZones }): PartitionSlice {
  if (mapping.kind === 'order') return emptySlice;
  // Which partitions a custom mapping reads is said by its functions of keys.
  if (mapping.kind === 'every' || mapping.kind === 'custom' || downstream.definition === undefined || downstream.key === undefined)
    return wholeSlice;
  const { definition, asset, key } = downstream;
  const own = downstream.slice ?? parsePartition(definition, key, { asset, zones }).slice;
  if (upstream === undefined) {
    const time = timeDimension(definition);
    return time === undefined ? wholeSlice : partOf(own, time);
  }
  const pairs = pairDimensions(definition, upstream, { around: mapping.kind === 'window', zones });
  const parts = Object.keys(dimensionsOf(upstream)).map((name) => {
    const pair = pairs.find(({ upstreamName }) => upstreamName === name);
    return [name, pair === undefined ? wholeSlice : upward(partOf(own, pair.downstreamName), pair, { mapping, zones })] as const;
  });
  return assemble(upstream, parts);
}

/** What changed upstream: a partition, or the event times that a write touched. */
export type Change = { readonly key: string } | { readonly slice: PartitionSlice };

export interface DownstreamOptions {
  readonly mapping: Mapping;
  readonly downstream: PartitionsDefinition | undefined;
  readonly upstream: { readonly asset: string; readonly definition: PartitionsDefinition | undefined };
  readonly changed: Change;
  readonly zones?: TimeZones;
}

/** The part of a downstream whose partitions read something of what changed: the inverse of `upstreamSlice`. Whole where the downstream has no partitions and reads it. */
export function downstreamSlice({ mapping, downstream, upstream, changed, zones = createTimeZones() }: DownstreamOptions): PartitionSlice {
  if (mapping.kind === 'order') return emptySlice;
  if (mapping.kind === 'every' || mapping.kind === 'custom' || downstream === undefined) return wholeSlice;
  const { definition, asset } = upstream;
  if (definition === undefined) {
    const time = timeDimension(downstream);
    if (time === undefined || !('slice' in changed)) return wholeSlice;
    return assemble(downstream, [[time, changed.slice]]);
  }
  const touched = 'slice' in changed ? changed.slice : parsePartition(definition, changed.key, { asset, zones }).slice;
  const pairs = pairDimensions(downstream, definition, { around: mapping.kind === 'window', zones });
  const parts = pairs.map((pair) => [pair.downstreamName, downward(partOf(touched, pair.upstreamName), pair, { mapping, zones })] as const);
  return assemble(downstream, parts);
}

/** The downstream partitions that exist and read something of what changed, lazily and in order. A downstream without partitions has none. */
export function downstreamKeys(options: DownstreamOptions & { readonly existing: Existing }): Iterable<string> {
  const { downstream, existing } = options;
  return downstream === undefined ? [] : keysOf(downstream, { ...existing, slice: downstreamSlice(options) });
}

interface Way {
  readonly mapping: Mapping;
  readonly zones: TimeZones;
}

/** Each range as the upstream's windows around it, from so many steps before to so many behind; of a coarser upstream the one that it lies in. */
function upward(part: PartitionSlice, { upstream, downstream }: Pair, { mapping, zones }: Way): PartitionSlice {
  if (upstream.kind !== 'time') return part;
  if (mapping.kind === 'same' && isFiner(downstream, upstream)) return stretch(part, upstream, { from: 0, to: 0, zones });
  if (mapping.kind !== 'window') return part;
  return stretch(part, upstream, { from: mapping.from, to: mapping.to, zones });
}

/** A window is read by whatever overlaps the windows that lie the same steps away in the other direction. */
function downward(part: PartitionSlice, { upstream }: Pair, { mapping, zones }: Way): PartitionSlice {
  if (mapping.kind !== 'window' || upstream.kind !== 'time') return part;
  return stretch(part, upstream, { from: -mapping.to, to: -mapping.from, zones });
}

function stretch(
  part: PartitionSlice,
  definition: TimeDefinition,
  { from, to, zones }: { from: number; to: number; zones: TimeZones },
): PartitionSlice {
  if (part.kind !== 'time') return part;
  const calendar = calendarOf(definition, zones);
  const ranges = part.ranges.map((range) => ({
    from: calendar.startOf(calendar.indexAt(range.from) + from),
    to: calendar.startOf(calendar.indexAt(range.to - 1) + to + 1),
  }));
  return { kind: 'time', ranges: normalizeRanges(ranges) };
}

/** The name of the only time dimension; the empty name where the definition is no cross. */
function timeDimension(definition: PartitionsDefinition): string | undefined {
  const times = Object.entries(dimensionsOf(definition)).filter(([, { kind }]) => kind === 'time');
  return times.length === 1 ? times[0]![0] : undefined;
}

function partOf(slice: PartitionSlice, name: string): PartitionSlice {
  return name === '' ? slice : dimensionOf(slice, name);
}

function assemble(definition: PartitionsDefinition, parts: readonly (readonly [string, PartitionSlice])[]): PartitionSlice {
  if (definition.kind !== 'cross') return parts[0]?.[1] ?? wholeSlice;
  return { kind: 'cross', dimensions: Object.fromEntries(parts) };
}
