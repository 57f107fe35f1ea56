import type { AssetDefinition } from '../../../../src/runtime/declare/definition.ts';
import { calendarOf, startInstant } from '../../../../src/runtime/partitions/calendar.ts';
import type { TimeUnit } from '../../../../src/runtime/partitions/definition.ts';
import { findPartition } from '../../../../src/runtime/partitions/key.ts';
import { keysOf } from '../../../../src/runtime/partitions/list.ts';
import { dimensionsOf } from '../../../../src/runtime/partitions/pairing.ts';
import { createPartitionSpaces } from '../../../../src/runtime/partitions/space.ts';
import { createTimeZones } from '../../../../src/runtime/partitions/time-zone.ts';
import { createRecord, emptyState } from '../../../../src/runtime/plan/record.ts';
import { requestedSet, requestPartition, type RequestedPartition } from '../../../../src/runtime/plan/requested-partition.ts';
import type { PartitionRequest } from '../../../../src/runtime/run/event.ts';
import type { ScheduledRun } from '../timetable.ts';
import type { ExportedDag } from './exported.ts';
import type { LocalJob } from './local.ts';
import { EXISTING } from './spans.ts';

const zones = createTimeZones();

/** Where the partition key of a run is not the window that ended last at its tick. */
export function keyProblems({ key: asset, partitions }: AssetDefinition, runs: readonly ScheduledRun[]): readonly string[] {
  if (partitions?.kind !== 'time') return [`${asset} is not partitioned by time, and its runs have keys`];
  const calendar = calendarOf(partitions, zones);
  const wrong = runs.flatMap(({ runAfter, partitionKey }) => {
    const wanted = calendar.keyOf(calendar.indexAt(Date.parse(runAfter)) - 1);
    return wanted === partitionKey ? [] : [`at ${runAfter} ${partitionKey} in place of ${wanted}`];
  });
  const keys = runs.map(({ partitionKey }) => partitionKey);
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  return wrong.length + twice.length === 0
    ? []
    : [`${asset} (${partitions.unit}, ${partitions.timezone}): ${wrong.slice(0, 3).join('; ')}; twice ${twice.slice(0, 3).join(', ')}`];
}

/** Where intervals do not tile, or the partitions that tasks make of them, as the command line reads them, are not each one that ends then, once. */
export function windowProblems(asset: AssetDefinition, runs: readonly ScheduledRun[]): readonly string[] {
  const gaps = runs.flatMap(({ start }, index) => (index === 0 || runs[index - 1]!.end === start ? [] : [`a gap before ${start}`]));
  const [first, last] = [runs[0], runs.at(-1)];
  if (first?.start == null || last?.end == null || asset.partitions === undefined) return gaps;
  const made = runs.flatMap(({ start, end }) => asked(asset, { window: { start: start!, end: end! } }, new Date(end!)));
  const wanted = endingWithin(asset, new Date(first.start), new Date(last.end));
  const twice = made.filter((key, index) => made.indexOf(key) !== index);
  const missing = wanted.filter((key) => !made.includes(key));
  const extra = made.filter((key) => !wanted.includes(key));
  const different = [...missing.map((key) => `never ${key}`), ...extra.map((key) => `also ${key}`), ...twice.map((key) => `twice ${key}`)];
  return [...gaps, ...different.slice(0, 4).map((what) => `${asset.key}: ${what}`)];
}

/** What the first runs make, from the DAG's own start on, begins with the asset's first partition. */
export function beginningProblems(asset: AssetDefinition, runs: readonly ScheduledRun[]): readonly string[] {
  const { partitions } = asset;
  if (partitions === undefined) return [];
  const [wanted] = keysOf(partitions, EXISTING);
  for (const { start, end, partitionKey } of runs) {
    const made = partitionKey === null ? asked(asset, { window: { start: start!, end: end! } }, new Date(end!)) : [partitionKey];
    if (made.length > 0 && made[0]! >= wanted!)
      return made[0] === wanted ? [] : [`${asset.key} begins with ${made[0]} in place of ${wanted}`];
  }
  return [`${asset.key}: ${runs.length} runs make nothing`];
}

const LONGEST: Readonly<Record<TimeUnit, number>> = { hour: 1, day: 1, week: 7, month: 31 };

/** By when each of the assets has a partition that ended, and the monthly tick behind it came. */
export function begunBy(assets: readonly AssetDefinition[]): Date {
  const times = assets.flatMap(({ partitions }) => (partitions === undefined ? [] : Object.values(dimensionsOf(partitions))));
  const ends = times.flatMap((time) =>
    time.kind === 'time' ? [(startInstant(time, zones) ?? 0) + (LONGEST[time.unit] + 33) * 86_400_000] : [],
  );
  return new Date(Math.max(...ends));
}

/** Where the tasks of a DAG make other partitions of a run's key than a local run of all of them does. */
export function requestProblems({ graph }: LocalJob, { making }: ExportedDag, key: string): readonly string[] {
  const now = EXISTING.now;
  const assetsOf = (keys: Iterable<string>) => [...keys].map((of) => graph.get(of));
  // Before the start of one of them, its own task refuses the key that a local run of all of them passes over.
  const begun = assetsOf(making.flatMap((task) => [...task.assets])).every(
    ({ partitions }) => partitions !== undefined && findPartition(partitions, key, { zones }) !== undefined,
  );
  if (!begun) return [];
  const read = (keys: Iterable<string>) => requestPartition(assetsOf(keys), { key }, { zones, ...EXISTING });
  return making.flatMap(({ id, selected }) => {
    try {
      const whole = read(making.flatMap((task) => task.selected));
      const own = read(selected);
      return assetsOf(selected).flatMap((asset) => {
        const [wanted, found] = [whole, own].map((request) => (request === undefined ? [] : partitionsOf(asset, request, now)).join());
        return wanted === found ? [] : [`${id} makes ${found} of ${asset.key} for ${key} in place of ${wanted}`];
      });
    } catch (error) {
      return [`${id} for ${key}: ${String(error)}`];
    }
  });
}

function asked(asset: AssetDefinition, request: PartitionRequest, now: Date): readonly string[] {
  const requested = requestPartition([asset], request, { zones });
  return requested === undefined ? [] : partitionsOf(asset, requested, now);
}

function partitionsOf(asset: AssetDefinition, requested: RequestedPartition, now: Date): readonly string[] {
  const spaces = createPartitionSpaces(() => asset.partitions, { zones });
  const set = requestedSet(asset, requested, { record: createRecord(emptyState, new Map(), spaces), now, zones });
  return set === undefined ? [] : [...set.keys()];
}

/** The partitions each of whose dimensions of time ends behind the one instant and not behind the other, by going through them. */
function endingWithin({ partitions }: AssetDefinition, from: Date, to: Date): readonly string[] {
  if (partitions === undefined) return [];
  const spaces = createPartitionSpaces(() => partitions, { zones });
  const space = spaces.of('')!;
  const times = Object.values(dimensionsOf(partitions)).flatMap((dimension) => (dimension.kind === 'time' ? [dimension] : []));
  return [...keysOf(partitions, { now: to, zones })].filter((key) => {
    const slice = space.slice(key)!;
    const ranges = (slice.kind === 'cross' ? Object.values(slice.dimensions) : [slice]).flatMap((part) =>
      part.kind === 'time' ? part.ranges : [],
    );
    return ranges.length === times.length && ranges.every((range) => range.to > from.getTime() && range.to <= to.getTime());
  });
}
