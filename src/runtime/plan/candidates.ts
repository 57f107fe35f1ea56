import type { AssetDefinition, DependencyDefinition } from '../declare/definition.ts';
import { downstreamSlice } from '../partitions/mapping.ts';
import type { PartitionSet } from '../partitions/set.ts';
import { grainOf, type Reading } from './inputs.ts';
import { requestedSet, type RequestedPartition } from './requested-partition.ts';
import { mappedKeys } from './upstream-part.ts';

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
 * that they need holds nothing. Where no upstream tells, all that are complete by now. A request for one key, or a range, is taken at its word; of a span, and of what is missing, those for which
 * an upstream holds something.
 */
export function candidatePartitions(reading: Reading, asset: AssetDefinition, request?: RequestedPartition): Candidates {
  const all = candidateSet(reading, asset, request);
  const included = reading.includes?.(asset.key);
  const set = included === undefined ? all : all?.intersect(reading.record.space(asset.key)?.ofKeys(included) ?? all);
  return set === undefined ? { count: 1, set, keys: () => [undefined] } : { count: set.count(), set, keys: () => set.keys() };
}

/** The same as a set; undefined for an asset without partitions. */
export function candidateSet(reading: Reading, asset: AssetDefinition, request?: RequestedPartition): PartitionSet | undefined {
  const space = reading.record.space(asset.key);
  if (space === undefined) return undefined;
  const wanted = request === undefined ? undefined : requestedSet(asset, request, reading);
  if (wanted !== undefined && request?.request.key !== undefined) return wanted;
  const told = Object.values(asset.dependencies).flatMap((dependency) => {
    const set = toldBy(reading, asset, dependency);
    return set === undefined ? [] : [{ set, needed: isNeeded(reading, dependency) }];
  });
  if (told.length === 0) return wanted ?? space.existing(reading.now, { complete: true });
  const union = told.reduce((sum, { set }) => sum.union(set), space.empty);
  const all = told.reduce((rest, { set, needed }) => (needed ? rest.intersect(set) : rest), union);
  return wanted === undefined ? all : wanted.intersect(all);
}

/**
 * Whether a step can only fail without its part of this upstream. A day without rows is read as such; an upstream without a store that never ran is
 * made when it is read.
 */
const isNeeded = ({ record }: Reading, { upstream }: DependencyDefinition): boolean =>
  upstream.partitions !== undefined && (upstream.store !== undefined || record.made(upstream.key).count() > 0);

/** The partitions for which this upstream holds something, or was to hold it by now; undefined where it cannot tell. */
function toldBy(reading: Reading, asset: AssetDefinition, dependency: DependencyDefinition): PartitionSet | undefined {
  const { record, now, zones } = reading;
  const { upstream, mapping } = dependency;
  const space = record.space(asset.key);
  if (space === undefined) return undefined;
  const grain = grainOf(asset, dependency);
  if (grain !== undefined) {
    const starts = Object.keys(record.slices(upstream.key, grain.name) ?? {}).map((start) => Date.parse(start));
    return space.ofSlice({ kind: 'time', ranges: starts.map((start) => ({ from: start, to: start + 1 })) });
  }
  if (upstream.partitions === undefined || mapping.kind === 'order') return undefined;
  const unmade = record.space(upstream.key)?.ofKeys(reading.unmade?.(upstream.key) ?? []);
  const made = unmade === undefined ? record.made(upstream.key) : record.made(upstream.key).union(unmade);
  const existing = space.existing(now);
  if (mapping.kind === 'custom' && mapping.downstream !== undefined) {
    const call = { dependent: asset, mapping, side: 'downstream', space, named: asset.key } as const;
    return existing.intersect(space.ofKeys([...made.keys()].flatMap((key) => mappedKeys({ ...call, key }))));
  }
  const definition = upstream.partitions;
  const change = { mapping, downstream: asset.partitions, upstream: { asset: upstream.key, definition }, zones };
  return existing.intersect(space.ofSlices(Array.from(made.slices(), (slice) => downstreamSlice({ ...change, changed: { slice } }))));
}
