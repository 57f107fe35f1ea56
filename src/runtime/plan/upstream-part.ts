import type { CustomMapping, AssetDefinition } from '../declare/definition.ts';
import { SpindleError } from '../errors.ts';
import { upstreamSlice } from '../partitions/mapping.ts';
import { createPartitionSet, type PartitionSet } from '../partitions/set.ts';
import type { PartitionSpace } from '../partitions/space.ts';
import { dimensionOf, normalizeRanges } from '../partitions/slice-algebra.ts';
import type { PartitionSlice } from '../partitions/slice.ts';
import type { Edge, Reading } from './inputs.ts';

/** What a step reads of an upstream: the slice, and its partitions, whether they were made or not. An upstream without partitions has none. */
export interface UpstreamPart {
  readonly slice: PartitionSlice;
  readonly partitions: PartitionSet;
}

/** The partitions that a range key stands for; undefined for the key of one partition. */
export function rangeOf({ record }: Pick<Reading, 'record'>, asset: string, partition: string | undefined): Iterable<string> | undefined {
  return partition === undefined ? undefined : record.space(asset)?.range(partition)?.keys();
}

export function upstreamPart(reading: Reading, edge: Edge): UpstreamPart {
  const { downstream, dependency, partition } = edge;
  const { upstream, mapping } = dependency;
  const space = reading.record.space(upstream.key);
  if (mapping.kind === 'custom' && space !== undefined && partition !== undefined) {
    const own = rangeOf(reading, downstream.key, partition) ?? [partition];
    const call = { dependent: downstream, mapping, side: 'upstream', space, named: upstream.key } as const;
    const partitions = space.ofKeys([...own].flatMap((key) => mappedKeys({ ...call, key })));
    return { slice: oneSlice(space, partitions, edge), partitions };
  }
  const own = partition === undefined ? undefined : reading.record.space(downstream.key)?.slice(partition);
  const side = { asset: downstream.key, definition: downstream.partitions, key: partition, slice: own };
  const { slice } = upstreamSlice({ mapping, downstream: side, upstream: upstream.partitions, zones: reading.zones });
  return { slice, partitions: space?.ofSlice(slice) ?? createPartitionSet([], []) };
}

/** One call of a function of a custom mapping, which the dependent declares. */
interface MappedCall {
  readonly dependent: AssetDefinition;
  readonly mapping: CustomMapping;
  readonly side: 'upstream' | 'downstream';
  readonly key: string;
  /** Of the asset whose keys the function gives. */
  readonly space: PartitionSpace;
  readonly named: string;
}

/** The keys that the function gives for one key; PARTITION_UNKNOWN for one that is no partition. */
export function mappedKeys({ dependent, mapping, side, key, space, named }: MappedCall): readonly string[] {
  const keys = callMapping({ dependent, mapping, side, key });
  const wrong = keys.find((other) => space.place(other) === undefined);
  if (wrong === undefined) return keys;
  throw new SpindleError(
    'PARTITION_UNKNOWN',
    `"${wrong}", which the mapping of ${dependent.key} gives for "${key}", is no partition of ${named}.`,
    {
      asset: dependent.key,
      partition: wrong,
      remedy: `Correct the function "${side}" that ${dependent.key} passes to mapped(…): it must give keys of ${named} alone.`,
    },
  );
}

/** ASSET_FAILED where the function throws. */
function callMapping({ dependent, mapping, side, key }: Omit<MappedCall, 'space' | 'named'>): readonly string[] {
  try {
    return [...(side === 'upstream' ? mapping.upstream(key) : (mapping.downstream?.(key) ?? []))];
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new SpindleError('ASSET_FAILED', `The mapping of ${dependent.key} failed for "${key}": ${what}`, {
      asset: dependent.key,
      partition: key,
      remedy: `Correct the function "${side}" that ${dependent.key} passes to mapped(…).`,
      cause,
    });
  }
}

/** The one slice that is the set. PARTITION_UNSUPPORTED where there is none: the keys of a cross must be every combination of some keys of each dimension. */
function oneSlice(space: PartitionSpace, partitions: PartitionSet, { downstream, dependency: { upstream } }: Edge): PartitionSlice {
  const slices = [...partitions.slices()];
  const [only] = slices;
  if (slices.length <= 1) return only ?? { kind: 'keys', keys: [] };
  const names = Object.keys(only?.kind === 'cross' ? only.dimensions : {});
  const around: PartitionSlice = {
    kind: 'cross',
    dimensions: Object.fromEntries(names.map((name) => [name, unionSlices(slices.map((slice) => dimensionOf(slice, name)))])),
  };
  if (space.ofSlice(around).equals(partitions) || upstream.store?.spec.readsRows !== true) return around;
  throw new SpindleError(
    'PARTITION_UNSUPPORTED',
    `The mapping of ${downstream.key} names partitions of ${upstream.key} that no one handle can read.`,
    {
      asset: downstream.key,
      remedy: 'Name every combination of some keys of each dimension.',
    },
  );
}

function unionSlices(slices: readonly PartitionSlice[]): PartitionSlice {
  const ranges = slices.flatMap((slice) => (slice.kind === 'time' ? slice.ranges : []));
  const keys = new Set(slices.flatMap((slice) => (slice.kind === 'keys' ? slice.keys : [])));
  return ranges.length > 0 ? { kind: 'time', ranges: normalizeRanges(ranges) } : { kind: 'keys', keys: [...keys] };
}
