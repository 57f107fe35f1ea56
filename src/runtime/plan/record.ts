import type { PartitionSet } from '../partitions/set.ts';
import type { PartitionSpace, PartitionSpaces } from '../partitions/space.ts';
import type { CheckEvent, FailedEvent, MaterializedEvent, PlacedEvent, RecordedState } from '../resource/run-store.ts';
import type { RunEvent } from '../run/event.ts';
import { createHistory, type History } from './history.ts';

/**
 * What is known of each asset and partition: the recorded state, kept up to date by the events of the run at hand. A partition that was made in a range
 * is asked for by its own key; by the range's key, the range as it was made.
 */
export interface AssetRecord {
  materialized(asset: string, partition?: string): MaterializedEvent | undefined;
  /** The version that dependents see: of the newest materialization or observation. */
  version(asset: string, partition?: string): string | undefined;
  /** All partitions that an asset can have; undefined for one without partitions. */
  space(asset: string): PartitionSpace | undefined;
  /** The partitions that were materialized, of those that the asset's definition still has. */
  made(asset: string): PartitionSet;
  /** One version for all partitions that were materialized; undefined where none was. */
  whole(asset: string): string | undefined;
  /** The partitions with a failure that nothing has mended since. */
  failed(asset: string): PartitionSet;
  /** The keys of `made`, sorted. */
  partitions(asset: string): readonly string[];
  /** Those whose newest materialization is their own and no range's, sorted. */
  single(asset: string): readonly string[];
  /** The keys of the ranges that were made, sorted. */
  ranges(asset: string): readonly string[];
  /** Versions by event time; undefined where they were never asked for, or the asset has changed since. */
  slices(asset: string, grain: string): Readonly<Record<string, string>> | undefined;
  /** True where a driver that was asked had nothing of what was materialized. */
  gone(asset: string, partition?: string): boolean;
  /** A failure that nothing has mended since. */
  failure(asset: string, partition?: string): FailedEvent | undefined;
  /** The newest result of each check of the current version. */
  checks(asset: string, partition?: string): readonly CheckEvent[];
  apply(event: RunEvent): void;
}

/** `renamed` leads from the keys that assets had before to those that they have now: what was recorded under all of them is one history. */
export function createRecord(
  state: RecordedState,
  renamed: ReadonlyMap<string, string> = new Map(),
  spaces: PartitionSpaces = noSpaces,
): AssetRecord {
  const assets = new Map<string, History>();
  const of = (asset: string): History => {
    const history = assets.get(asset) ?? createHistory(spaces.of(asset));
    assets.set(asset, history);
    return history;
  };
  let applied = 0;
  const apply = (event: RunEvent): void => {
    switch (event.type) {
      case 'asset.materialized':
      case 'asset.observed':
      case 'check.finished':
      case 'step.failed':
        of(event.asset).apply(event, applied++);
        return;
      case 'run.started':
      case 'run.finished':
      case 'step.started':
      case 'step.skipped':
      case 'step.waiting':
      case 'step.retried':
      case 'log':
      case 'partitions.added':
      case 'partitions.removed':
      case 'automation.fired':
        return;
    }
  };
  const recorded = [...inOrder(state.materialized), ...state.observed, ...state.checks, ...inOrder(state.failed)];
  const orders = orderOf(recorded);
  const load = (event: PlacedEvent, asset = event.asset) =>
    of(asset).apply(asset === event.asset ? event : { ...event, asset }, orders?.get(event) ?? applied++);
  const present = new Set(renamed.values());
  for (const event of recorded) if (!renamed.has(event.asset) && !present.has(event.asset)) load(event);
  for (const events of histories(renamed, recorded)) for (const event of events) load(event, renamed.get(event.asset));
  applied = Math.max(applied, recorded.length);

  return {
    apply,
    space: (asset) => spaces.of(asset),
    materialized: (asset, partition) => assets.get(asset)?.materialized(partition),
    version: (asset, partition) => assets.get(asset)?.version(partition),
    made: (asset) => of(asset).made(),
    whole: (asset) => of(asset).whole(),
    failed: (asset) => of(asset).failed(),
    partitions: (asset) => [...of(asset).made().keys()].toSorted(),
    single: (asset) => assets.get(asset)?.single() ?? [],
    ranges: (asset) => assets.get(asset)?.ranges() ?? [],
    slices: (asset, grain) => assets.get(asset)?.slices(grain),
    gone: (asset, partition) => assets.get(asset)?.gone(partition) === true,
    failure: (asset, partition) => assets.get(asset)?.failure(partition),
    checks: (asset, partition) => assets.get(asset)?.checks(partition) ?? [],
  };
}

const noSpaces: PartitionSpaces = { of: () => undefined };

const mayBeRange = ({ partition }: PlacedEvent): boolean => partition?.includes('..') === true;
/** The older one first. */
export const byTime = (a: PlacedEvent, b: PlacedEvent): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

/** By time where ranges are among them: the newest of those that overlap counts. */
const inOrder = <T extends PlacedEvent>(events: readonly T[]): readonly T[] => (events.some(mayBeRange) ? events.toSorted(byTime) : events);

/** Which event is newer than which, where ranges are among them; elsewhere no two partitions' events are compared. */
function orderOf(events: readonly PlacedEvent[]): ReadonlyMap<PlacedEvent, number> | undefined {
  return events.some(mayBeRange) ? new Map(events.toSorted(byTime).map((event, index) => [event, index])) : undefined;
}

/** What was recorded of renamed assets, under whatever key, the history that was added to last at the end: in a chain of renames it tells most. */
function histories(renamed: ReadonlyMap<string, string>, recorded: readonly PlacedEvent[]): readonly (readonly PlacedEvent[])[] {
  const present = new Set(renamed.values());
  const byKey = new Map<string, PlacedEvent[]>([...renamed.keys(), ...present].map((key) => [key, []]));
  for (const event of recorded) byKey.get(event.asset)?.push(event);
  const newest = (events: readonly PlacedEvent[]): number => events.reduce((latest, { at }) => Math.max(latest, Date.parse(at)), 0);
  return [...byKey.values()].toSorted((one, other) => newest(one) - newest(other));
}

export const emptyState: RecordedState = { materialized: [], observed: [], checks: [], failed: [], fired: [], dynamicKeys: {} };
