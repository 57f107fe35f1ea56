import type { AssetDefinition, DependencyDefinition } from '../declare/definition.ts';
import { calendarOf, firstIndex } from '../partitions/calendar.ts';
import type { PartitionsDefinition } from '../partitions/definition.ts';
import { keysOf } from '../partitions/list.ts';
import { downstreamKeys } from '../partitions/mapping.ts';
import { grainOf, knownPartitions, type Reading } from './inputs.ts';
import { requestedKeys, type RequestedPartition } from './requested-partition.ts';

/**
 * The partitions of an asset that are worth asking about. They come from the data: those for which an upstream holds something. Where no
 * upstream tells, all that are complete by now. `undefined` stands for the whole of an asset without partitions.
 */
export function candidatePartitions(
  reading: Reading,
  asset: AssetDefinition,
  request?: RequestedPartition,
): readonly (string | undefined)[] {
  const { partitions } = asset;
  if (partitions === undefined) return [undefined];
  if (request !== undefined) return requestedKeys(asset, request, reading);
  const told = Object.values(asset.dependencies).flatMap((dependency) => {
    const keys = toldBy(reading, asset, dependency);
    return keys === undefined ? [] : [keys];
  });
  return told.length > 0 ? [...new Set(told.flat())].toSorted() : completeKeys(reading, partitions);
}

/** The partitions for which this upstream holds something; undefined where it cannot tell. */
function toldBy(reading: Reading, asset: AssetDefinition, dependency: DependencyDefinition): readonly string[] | undefined {
  const { record, now, zones } = reading;
  const { upstream, mapping } = dependency;
  const downstream = asset.partitions;
  const grain = grainOf(asset, dependency);
  if (grain !== undefined && downstream?.kind === 'time') {
    const calendar = calendarOf(downstream, zones);
    const first = firstIndex(downstream, zones);
    const indexes = Object.keys(record.slices(upstream.key, grain.name) ?? {}).map((start) => calendar.indexAt(Date.parse(start)));
    return indexes.filter((index) => index >= first).map((index) => calendar.keyOf(index));
  }
  if (upstream.partitions === undefined || mapping.kind === 'order') return undefined;
  const definition = upstream.partitions;
  return knownPartitions(reading, upstream).flatMap(({ key }) => [
    ...downstreamKeys({
      mapping,
      downstream,
      upstream: { asset: upstream.key, definition },
      changed: { key },
      existing: { now, zones },
      zones,
    }),
  ]);
}

function completeKeys({ now, zones }: Reading, definition: PartitionsDefinition): readonly string[] {
  const begun = [...keysOf(definition, { now, zones })];
  if (definition.kind !== 'time') return begun;
  const calendar = calendarOf(definition, zones);
  const current = calendar.keyOf(calendar.indexAt(now.getTime()));
  return begun.filter((key) => key !== current);
}
