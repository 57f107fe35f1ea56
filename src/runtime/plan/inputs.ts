import type { AssetDefinition, DependencyDefinition } from '../declare/definition.ts';
import { digest, digestAll } from '../digest.ts';
import type { TimeUnit } from '../partitions/definition.ts';
import { findPartition } from '../partitions/key.ts';
import type { TimeZones } from '../partitions/time-zone.ts';
import type { MaterializedEvent } from '../resource/run-store.ts';
import type { InputVersions } from '../run/event.ts';
import type { AssetRecord } from './record.ts';
import { rangeOf, upstreamPart } from './upstream-part.ts';

/** What reading the record takes. */
export interface Reading {
  /** The only partitions of an asset that are asked about, as keys and range keys; undefined for all of them. */
  includes?(asset: string): Iterable<string> | undefined;
  /** The partitions of an asset that this run was to make and did not: what depends on them is told so. */
  unmade?(asset: string): Iterable<string>;
  /** True for an asset that runs, or perhaps does, before those that are asked about: of a plan, which cannot know yet what it makes. */
  runsFirst?(asset: string): boolean;
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

/** The partitions of the upstream that one partition (or range) of the dependent reads, sorted: of those that were ever materialized. */
export function upstreamPartitions(reading: Reading, edge: Edge): readonly string[] {
  const made = reading.record.made(edge.dependency.upstream.key);
  const { partition } = edge;
  if (partition !== undefined && !partition.includes('..') && isSameKey(edge)) return made.has(partition) ? [partition] : [];
  return [...made.intersect(upstreamPart(reading, edge).partitions).keys()].toSorted();
}

/** True where a partition reads the upstream's partition of the same key, as most do. */
function isSameKey({ downstream: { partitions: own }, dependency: { mapping, upstream } }: Edge): boolean {
  const { partitions: other } = upstream;
  if (mapping.kind !== 'same' || own === undefined || other === undefined) return false;
  return own === other || (own.kind === 'time' && other.kind === 'time' && own.unit === other.unit && own.timezone === other.timezone);
}

/** The version of one input as one partition of the dependent sees it; undefined where there is nothing to read. */
export function inputVersion(reading: Reading, edge: Edge): string | undefined {
  const { record } = reading;
  const { downstream, dependency, partition } = edge;
  const { upstream } = dependency;
  const grain = grainOf(downstream, dependency);
  if (grain !== undefined && partition !== undefined) return sliceVersion(reading, edge, grain);
  if (upstream.partitions === undefined) return record.version(upstream.key);
  if (dependency.mapping.kind === 'every' || downstream.partitions === undefined) return record.whole(upstream.key);
  const keys = upstreamPartitions(reading, edge);
  return keys.length === 0 ? undefined : digestAll(keys.map((key) => `${key}:${record.version(upstream.key, key) ?? ''}`));
}

/** True where the upstream changed and nobody has asked since which of its event times did: a run asks, a plan from the record alone cannot. */
export function isUnseen({ record }: Reading, downstream: AssetDefinition, dependency: DependencyDefinition): boolean {
  const { key } = dependency.upstream;
  const grain = grainOf(downstream, dependency);
  return grain !== undefined && record.version(key) !== undefined && record.slices(key, grain.name) === undefined;
}

/** The version of the event time that a partition is; of a range, that of all of its slices. */
function sliceVersion({ record, zones }: Reading, { downstream, dependency, partition }: Edge, grain: Grain): string | undefined {
  const slices = record.slices(dependency.upstream.key, grain.name);
  if (slices === undefined || partition === undefined || downstream.partitions === undefined) return undefined;
  const time = findPartition(downstream.partitions, partition, { zones })?.slice;
  const [range] = time?.kind === 'time' ? time.ranges : [];
  if (range === undefined) return undefined;
  if (!partition.includes('..')) return slices[new Date(range.from).toISOString()];
  const within = Object.entries(slices).filter(([start]) => Date.parse(start) >= range.from && Date.parse(start) < range.to);
  return within.length === 0 ? undefined : digest(...within.map((entry) => entry.join(' ')).toSorted());
}

/** The versions of all inputs that carry data, by the upstream's key. An input that is not there yet is left out. Of a range, those of each of its partitions where they differ. */
export function inputVersions(reading: Reading, downstream: AssetDefinition, partition: string | undefined): InputVersions {
  const versions: Record<string, InputVersions[string]> = {};
  const own = rangeOf(reading, downstream.key, partition);
  const each = own === undefined ? undefined : [...own];
  for (const [upstream, dependencies] of byUpstream(downstream)) {
    const versionOf = (key: string | undefined) =>
      joined(dependencies.flatMap((dependency) => inputVersion(reading, { downstream, dependency, partition: key }) ?? []));
    const version = each === undefined ? versionOf(partition) : versionsOf(each, versionOf);
    if (version !== undefined) versions[upstream] = version;
  }
  return versions;
}

/** An upstream may be read in several ways: a day of it, say, and all of it. */
function byUpstream({ dependencies }: AssetDefinition): ReadonlyMap<string, readonly DependencyDefinition[]> {
  const found = new Map<string, DependencyDefinition[]>();
  for (const dependency of Object.values(dependencies)) {
    if (dependency.mapping.kind === 'order') continue;
    const known = found.get(dependency.upstream.key);
    if (known === undefined) found.set(dependency.upstream.key, [dependency]);
    else known.push(dependency);
  }
  return found;
}

const joined = (versions: readonly string[]): string | undefined => (versions.length > 1 ? digest(...versions) : versions[0]);

/** The input versions that a partition was made with: of one that was made in a range, its own among those of the range. */
export function inputsIn({ inputs, partition: made }: MaterializedEvent, partition: string | undefined): InputVersions {
  if (partition === undefined || partition === made) return inputs;
  const own = Object.entries(inputs).flatMap(([key, version]) => {
    const its = typeof version === 'string' ? version : version[partition];
    return its === undefined ? [] : [[key, its] as const];
  });
  return Object.fromEntries(own);
}

function versionsOf(keys: readonly string[], versionOf: (key: string) => string | undefined): InputVersions[string] | undefined {
  const entries = keys.flatMap((key) => {
    const version = versionOf(key);
    return version === undefined ? [] : [[key, version] as const];
  });
  const distinct = new Set(entries.map(([, version]) => version));
  if (distinct.size === 1 && entries.length === keys.length) return entries[0]?.[1];
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
