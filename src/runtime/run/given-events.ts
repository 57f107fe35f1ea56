import type { AssetDefinition } from '../declare/definition.ts';
import { SpindleError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { parsePartition } from '../partitions/key.ts';
import { wholeSlice } from '../partitions/slice.ts';
import type { TimeZones } from '../partitions/time-zone.ts';
import { grainOf } from '../plan/inputs.ts';
import type { StandIn } from '../store/store.ts';
import { divideByTime, divideGiven } from './divide-given.ts';
import type { RunEvent, SliceVersions } from './event.ts';
import type { Given } from './fixture.ts';
import { givenValue, givenVersion } from './given-value.ts';
import type { ResourceOpener } from './run-context.ts';

export interface GivenScope {
  readonly run: string;
  /** ISO instant. */
  readonly at: string;
  readonly graph: Graph;
  readonly zones: TimeZones;
  readonly resources: ResourceOpener;
  /** True where the run is of one partition. */
  readonly requested: boolean;
}

/**
 * What a fixture counts as: a materialization of what it stands in for, of each partition that its rows tell. Fixtures that cannot stand
 * in are rejected: ASSET_UNKNOWN, PARTITION_UNKNOWN, ROWS_INVALID, VALUE_INVALID.
 */
export function givenEvents(scope: GivenScope, fixture: Given): readonly RunEvent[] {
  const { graph, zones } = scope;
  const { asset: key, rows, partition } = fixture;
  if (!graph.has(key)) {
    throw new SpindleError('ASSET_UNKNOWN', `Rows were given for ${key}, which nothing in this run depends on.`, {
      asset: key,
      remedy: 'Remove the fixture, or add the asset that reads it.',
    });
  }
  const asset = graph.get(key);
  const { partitions } = asset;
  if (partition !== undefined && partitions === undefined) throw notPartitioned(key, partition);
  if (partition !== undefined && partitions !== undefined) parsePartition(partitions, partition, { asset: key, zones });
  givenValue(scope, asset, { fixtures: [fixture], slice: wholeSlice }); // rejects what the store would not take
  const stood = asset.store?.spec.standIn?.(rows as readonly unknown[], key);
  const version = givenVersion(rows);
  const whole = materialized(scope, { asset: key, partition, version });
  if (stood?.partitionBy === undefined) {
    if (partitions !== undefined && partition === undefined && !scope.requested) throw partitionMissing(key);
    return [whole];
  }
  if (partitions === undefined) return [whole, ...sliceEvents(scope, asset, { stood, version })];
  const divided = divideGiven(partitions, { asset: key, zones, stood });
  if (partition === undefined)
    return [...divided].map(([part, its]) => materialized(scope, { asset: key, partition: part, version: givenVersion(its) }));
  const strange = [...divided.keys()].find((part) => part !== partition);
  if (strange !== undefined) throw ofAnother(key, partition, strange);
  return [whole];
}

/** Of an asset without partitions: the versions by event time that dependents ask for. */
function sliceEvents(
  scope: GivenScope,
  asset: AssetDefinition,
  { stood, version }: { readonly stood: StandIn; readonly version: string },
): readonly RunEvent[] {
  const { run, at, graph, zones } = scope;
  const slices: Record<string, SliceVersions[string]> = {};
  for (const key of graph.downstream(asset.key)) {
    const dependent = graph.get(key);
    for (const dependency of Object.values(dependent.dependencies)) {
      const grain = dependency.upstream.key === asset.key ? grainOf(dependent, dependency) : undefined;
      if (grain === undefined || slices[grain.name] !== undefined) continue;
      const divided = divideByTime(grain, { zones, stood });
      slices[grain.name] = Object.fromEntries([...divided].map(([start, rows]) => [start, givenVersion(rows)]));
    }
  }
  if (Object.keys(slices).length === 0) return [];
  return [{ type: 'asset.observed', run, at, asset: asset.key, version, slices }];
}

function materialized(
  { run, at }: GivenScope,
  { asset, partition, version }: { readonly asset: string; readonly partition: string | undefined; readonly version: string },
): RunEvent {
  return {
    type: 'asset.materialized',
    run,
    at,
    asset,
    ...(partition !== undefined && { partition }),
    version,
    codeVersion: 'given',
    configVersion: '',
    inputs: {},
    milliseconds: 0,
    metadata: {},
  };
}

const notPartitioned = (asset: string, partition: string): SpindleError =>
  new SpindleError('PARTITION_UNKNOWN', `${asset} has no partitions, and something was given for its partition ${partition}.`, {
    asset,
    partition,
    remedy: 'Give it without { partition }.',
  });

export const partitionMissing = (asset: string): SpindleError =>
  new SpindleError('PARTITION_UNKNOWN', `Nothing tells which partition of ${asset} is given.`, {
    asset,
    remedy: 'Say it, given(asset, …, { partition }), or materialize one partition: { partition }.',
  });

const ofAnother = (asset: string, partition: string, other: string): SpindleError =>
  new SpindleError('ROWS_INVALID', `Rows given for the partition ${partition} of ${asset} belong to ${other}.`, {
    asset,
    partition,
    remedy: 'Correct the rows, or leave { partition } out: their column tells it.',
  });
