import type { AssetDefinition } from '../declare/definition.ts';
import { findPartition, parsePartition } from '../partitions/key.ts';
import { keysOf } from '../partitions/list.ts';
import type { PartitionSlice } from '../partitions/slice.ts';
import type { TimeZones } from '../partitions/time-zone.ts';

/** The partition that somebody asked for: a key of at least one of the assets, and the part that it is. */
export interface RequestedPartition {
  readonly key: string;
  readonly slice: PartitionSlice;
}

/**
 * Reads a partition key for all partitioned assets at once: it must be a key of one of them, and of each that is not partitioned by time.
 * Assets of another time unit then take the partitions that share time with it. PARTITION_UNKNOWN otherwise.
 */
export function requestPartition(assets: readonly AssetDefinition[], key: string, zones: TimeZones): RequestedPartition | undefined {
  const partitioned = assets.flatMap(({ key: asset, partitions }) => (partitions === undefined ? [] : [{ asset, definition: partitions }]));
  const found = partitioned.flatMap(({ definition }) => findPartition(definition, key, zones) ?? [])[0];
  for (const { asset, definition } of partitioned)
    if (found?.slice.kind !== 'time' || definition.kind !== 'time') parsePartition(definition, key, { asset, zones });
  return found && { key, slice: found.slice };
}

/** The partitions of one asset that a request means. */
export function requestedKeys(
  asset: AssetDefinition,
  { key, slice }: RequestedPartition,
  { now, zones }: { readonly now: Date; readonly zones: TimeZones },
): readonly string[] {
  const { partitions } = asset;
  if (partitions === undefined) return [];
  return findPartition(partitions, key, zones) === undefined ? [...keysOf(partitions, { now, slice, zones })] : [key];
}
