import type { AssetDefinition, DependencyDefinition } from '../declare/definition.ts';
import { digest } from '../digest.ts';
import { calendarOf } from '../partitions/calendar.ts';
import type { TimeUnit } from '../partitions/definition.ts';
import { findPartition, type Partition } from '../partitions/key.ts';
import { containsSlice } from '../partitions/slice-algebra.ts';
import { upstreamSlice } from '../partitions/mapping.ts';
import type { TimeZones } from '../partitions/time-zone.ts';
import type { InputVersions } from '../run/event.ts';
import type { AssetRecord } from './record.ts';

/** What reading the record takes. */
export interface Reading {
  readonly record: AssetRecord;
  readonly now: Date;
  readonly zones: TimeZones;
}

/** One step and one of its dependencies. */
export interface Edge {
  readonly downstream: AssetDefinition;
  readonly partition: string | undefined;
  readonly dependency: DependencyDefinition;
}

/** How finely a dependent needs an unpartitioned upstream's event time: its own time unit and zone. */
export interface Grain {
  readonly name: string;
  readonly unit: TimeUnit;
  readonly timezone: string;
}

/** The grain at which a dependent reads this upstream; undefined where it reads the whole, or partitions. */
export function grainOf({ partitions }: AssetDefinition, { upstream, mapping }: DependencyDefinition): Grain | undefined {
  if (
    mapping.kind !== 'same' ||
    partitions?.kind !== 'time' ||
    upstream.partitions !== undefined ||
    upstream.store?.spec.sliceVersions === undefined
  )
    return undefined;
  return { name: `${partitions.unit}@${partitions.timezone}`, unit: partitions.unit, timezone: partitions.timezone };
}

/** The partitions that were materialized and still are partitions of the asset: its definition may have changed since. */
export function knownPartitions({ record, zones }: Reading, { key, partitions }: AssetDefinition): readonly Partition[] {
  if (partitions === undefined) return [];
  return record.partitions(key).flatMap((name) => findPartition(partitions, name, zones) ?? []);
}

/** The partitions of the upstream that one partition of the dependent reads: of those that were ever materialized. */
export function upstreamPartitions(reading: Reading, { downstream, dependency, partition }: Edge): readonly string[] {
  const { upstream, mapping } = dependency;
  const side = { asset: downstream.key, definition: downstream.partitions, key: partition };
  const { slice } = upstreamSlice({ mapping, downstream: side, upstream: upstream.partitions, zones: reading.zones });
  return knownPartitions(reading, upstream).flatMap((known) => (containsSlice(slice, known.slice) ? [known.key] : []));
}

/** The version of one input as one partition of the dependent sees it; undefined where there is nothing to read. */
export function inputVersion(reading: Reading, edge: Edge): string | undefined {
  const { record, zones } = reading;
  const { downstream, dependency, partition } = edge;
  const { upstream } = dependency;
  const grain = grainOf(downstream, dependency);
  if (grain !== undefined && partition !== undefined && downstream.partitions?.kind === 'time') {
    const calendar = calendarOf(downstream.partitions, zones);
    const index = calendar.indexOf(partition);
    return index === undefined ? undefined : record.slices(upstream.key, grain.name)?.[new Date(calendar.startOf(index)).toISOString()];
  }
  if (upstream.partitions === undefined) return record.version(upstream.key);
  const versions = upstreamPartitions(reading, edge).map((key) => `${key}:${record.version(upstream.key, key) ?? ''}`);
  return versions.length === 0 ? undefined : digest(...versions);
}

/** The versions of all inputs that carry data, by the upstream's key. An input that is not there yet is left out. */
export function inputVersions(reading: Reading, downstream: AssetDefinition, partition: string | undefined): InputVersions {
  const versions: Record<string, string> = {};
  for (const dependency of Object.values(downstream.dependencies)) {
    if (dependency.mapping.kind === 'order') continue;
    const version = inputVersion(reading, { downstream, dependency, partition });
    if (version !== undefined) versions[dependency.upstream.key] = version;
  }
  return versions;
}
