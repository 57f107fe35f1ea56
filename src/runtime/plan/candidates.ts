import type { AssetDefinition, DependencyDefinition } from '../declare/definition.ts';
import { downstreamSlice } from '../partitions/mapping.ts';
import type { PartitionSet } from '../partitions/set.ts';
import { grainOf, type Reading } from './inputs.ts';
import { requestedSet, type RequestedPartition } from './requested-partition.ts';
import { mappedKeys, upstreamPart } from './upstream-part.ts';

/** What is asked about of one asset, without a list of it. */
export interface Candidates {
  readonly count: number;
  /** Undefined for an asset without partitions. */
  readonly set: PartitionSet | undefined;
  /** In the order of the partitions, lazily; `undefined` stands for the whole of an asset without partitions. */
  keys(): Iterable<string | undefined>;
}

/**
 * The partitions of an asset that are worth asking about. They come from the data: those for which an upstream holds something, and none
 * that they need holds nothing. Where no upstream tells, all that are complete by now. A request for one key, a range, or a window is taken
 * at its word; of a span, and of what is missing, those for which an upstream holds something.
 */
export function candidatePartitions(reading: Reading, asset: AssetDefinition, request?: RequestedPartition): Candidates {
  const all = candidateSet(reading, asset, request);
  const included = reading.includes?.(asset.key);
  const set = included === undefined ? all : all?.intersect(reading.record.space(asset.key)?.ofKeys(included) ?? all);
  return set === undefined ? { count: 1, set, keys: () => [undefined] } : { count: set.count(), set, keys: () => set.keys() };
}

/** The same as a set; undefined for an asset without partitions. */
export function candidateSet(reading: Reading, asset: AssetDefinition, request?: RequestedPartition): PartitionSet | undefined {
  const set = askedFor(reading, asset, request);
  // Those that are fresh cost a look each, and are left alone.
  return request?.request.stale === true ? set?.union(reading.record.made(asset.key)) : set;
}

function askedFor(reading: Reading, asset: AssetDefinition, request: RequestedPartition | undefined): PartitionSet | undefined {
  const space = reading.record.space(asset.key);
  if (space === undefined) return undefined;
  const wanted = request === undefined ? undefined : requestedSet(asset, request, reading);
  if (wanted !== undefined && (request?.request.key ?? request?.request.window) !== undefined) return wanted;
  const among = wanted ?? space.existing(reading.now);
  const told = Object.values(asset.dependencies).flatMap((dependency) => {
    const set = toldBy(reading, asset, { dependency, among });
    if (set === undefined) return [];
    const mature = wanted === undefined ? set.intersect(matureFor(reading, asset, dependency) ?? set) : set;
    return [{ set: mature, needed: isNeeded(reading, dependency) }];
  });
  if (told.length === 0) return wanted ?? space.existing(reading.now, { complete: true });
  const union = told.reduce((sum, { set }) => sum.union(set), space.empty);
  const all = told.reduce((rest, { set, needed }) => (needed ? rest.intersect(set) : rest), union);
  return wanted === undefined ? all : wanted.intersect(all);
}

/**
 * Whether a step can only fail without its part of this upstream. A day without rows is read as such; an upstream without a store that never ran, and
 * does not run now either, is made when it is read.
 */
const isNeeded = ({ record, runsFirst }: Reading, { upstream }: DependencyDefinition): boolean =>
  upstream.partitions !== undefined &&
  (upstream.store !== undefined || record.made(upstream.key).count() > 0 || runsFirst?.(upstream.key) === true);

/**
 * A window around a partition, a week of days say, is there in part before the partition's own time has passed or the upstream holds it. Undefined for
 * another mapping.
 */
function matureFor(reading: Reading, asset: AssetDefinition, { upstream, mapping }: DependencyDefinition): PartitionSet | undefined {
  const { record, now, zones } = reading;
  const space = record.space(asset.key);
  if (space === undefined || upstream.partitions === undefined || mapping.kind !== 'window') return undefined;
  const own = { ...mapping, from: 0, to: 0 };
  const change = { mapping: own, downstream: asset.partitions, upstream: { asset: upstream.key, definition: upstream.partitions }, zones };
  const held = Array.from(record.made(upstream.key).slices(), (slice) => downstreamSlice({ ...change, changed: { slice } }));
  return space.existing(now, { complete: true }).union(space.ofSlices(held));
}

interface Telling {
  readonly dependency: DependencyDefinition;
  /** Nobody asks about others. */
  readonly among: PartitionSet;
}

/** The partitions for which this upstream holds something, held it once, or was to hold it by now; undefined where it cannot tell. */
function toldBy(reading: Reading, asset: AssetDefinition, { dependency, among }: Telling): PartitionSet | undefined {
  const { record, zones } = reading;
  const { upstream, mapping } = dependency;
  const space = record.space(asset.key);
  if (space === undefined) return undefined;
  const grain = grainOf(asset, dependency);
  if (grain !== undefined) {
    const starts = Object.keys(record.slices(upstream.key, grain.name) ?? {}).map((start) => Date.parse(start));
    const held = space.ofSlice({ kind: 'time', ranges: starts.map((start) => ({ from: start, to: start + 1 })) });
    return held.union(record.made(asset.key)); // what it was made of may all be gone since
  }
  if (upstream.partitions === undefined || mapping.kind === 'order') return undefined;
  const unmade = record.space(upstream.key)?.ofKeys(reading.unmade?.(upstream.key) ?? []);
  const made = unmade === undefined ? record.made(upstream.key) : record.made(upstream.key).union(unmade);
  if (mapping.kind === 'custom') {
    if (mapping.downstream === undefined) return space.ofKeys(readersOf(made, { reading, asset, dependency, among }));
    const call = { dependent: asset, mapping, side: 'downstream', space, named: asset.key } as const;
    return among.intersect(space.ofKeys([...made.keys()].flatMap((key) => mappedKeys({ ...call, key }))));
  }
  const definition = upstream.partitions;
  const change = { mapping, downstream: asset.partitions, upstream: { asset: upstream.key, definition }, zones };
  return among.intersect(space.ofSlices(Array.from(made.slices(), (slice) => downstreamSlice({ ...change, changed: { slice } }))));
}

interface Readers extends Telling {
  readonly reading: Reading;
  readonly asset: AssetDefinition;
}

/** Where a custom mapping has no inverse, each partition is asked what it reads: those that read something of what was made, or nothing at all. */
function* readersOf(made: PartitionSet, { reading, asset, dependency, among }: Readers): Generator<string> {
  for (const partition of among.keys()) {
    const { partitions } = upstreamPart(reading, { downstream: asset, dependency, partition });
    if (partitions.isEmpty || !partitions.intersect(made).isEmpty) yield partition;
  }
}
