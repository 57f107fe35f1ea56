import { digest, digestAll } from '../digest.ts';
import { createPartitionSet, type PartitionSet } from '../partitions/set.ts';
import type { PartitionSpace } from '../partitions/space.ts';
import type { CheckEvent, FailedEvent, MaterializedEvent, PlacedEvent } from '../resource/run-store.ts';
import type { SliceVersions } from '../run/event.ts';
import { createCover } from './cover.ts';

/**
 * What is known of one asset. An entry that was made as a range stands for each of its partitions, unless the partition was made by itself, or in
 * another range, after it.
 */
export interface History {
  /** `order` tells which of two events is newer. */
  apply(event: PlacedEvent, order: number): void;
  materialized(partition: string | undefined): MaterializedEvent | undefined;
  version(partition: string | undefined): string | undefined;
  gone(partition: string | undefined): boolean;
  slices(grain: string): Readonly<Record<string, string>> | undefined;
  failure(partition: string | undefined): FailedEvent | undefined;
  checks(partition: string | undefined): readonly CheckEvent[];
  made(): PartitionSet;
  failed(): PartitionSet;
  /** One version for all that was made: told at once as long as nothing changes. */
  whole(): string | undefined;
  /** The partitions whose newest materialization is their own and no range's. */
  single(): readonly string[];
  /** The keys of the ranges that were made and still are ranges of the definition, sorted. */
  ranges(): readonly string[];
}

interface Entry {
  readonly key: string;
  materialized?: MaterializedEvent;
  materializedOrder: number;
  version?: string | undefined;
  gone?: boolean;
  slices?: { readonly of: string | undefined; readonly versions: SliceVersions };
  failure?: FailedEvent | undefined;
  failureOrder: number;
  readonly checks: Map<string, CheckEvent>;
}

const NEVER = -1;
const noPartitions = createPartitionSet([], []);

export function createHistory(space: PartitionSpace | undefined): History {
  const entries = new Map<string, Entry>();
  const ranges = space && createCover<Entry>();
  const failedRanges = space && createCover<Entry>();
  let made = space?.empty ?? noPartitions;
  let pending: string[] = [];
  let failed: PartitionSet | undefined;
  let whole: { readonly version: string | undefined } | undefined;

  const touch = (key = ''): Entry => {
    const entry = entries.get(key) ?? { key, materializedOrder: NEVER, failureOrder: NEVER, checks: new Map() };
    entries.set(key, entry);
    return entry;
  };
  /** The place of a range key; undefined for the key of a single partition. */
  const rangePlace = (key: string) => {
    const place = key.includes('..') ? space?.place(key) : undefined;
    return place !== undefined && place.span.to - place.span.from > 1 ? place : undefined;
  };
  const covering = (cover: typeof ranges, key: string): Entry | undefined => {
    if (cover === undefined || cover.isEmpty) return undefined;
    const place = space?.place(key);
    return place && cover.at(place);
  };
  /** The entry that tells of a partition: its own, or that of the range it was made in last. */
  const find = (key = ''): Entry | undefined => {
    const own = entries.get(key);
    const range = covering(ranges, key);
    return range !== undefined && range.materializedOrder > (own?.materializedOrder ?? NEVER) ? range : own;
  };
  const currentFailure = (key: string): FailedEvent | undefined => {
    const own = entries.get(key);
    const range = covering(failedRanges, key);
    const newest = find(key);
    const stands = (entry: Entry | undefined): entry is Entry =>
      entry?.failure !== undefined && (newest === undefined || newest === entry || entry.failureOrder > newest.materializedOrder);
    const [a, b] = [stands(own) ? own : undefined, stands(range) ? range : undefined];
    return a === undefined || (b !== undefined && b.failureOrder > a.failureOrder) ? b?.failure : a.failure;
  };
  const findFailed = (): PartitionSet => {
    if (space === undefined) return noPartitions;
    const failing = [...entries.values()].filter(({ key, failure }) => key !== '' && failure !== undefined);
    const single = failing.filter(({ key }) => rangePlace(key) === undefined && currentFailure(key) !== undefined);
    const sets = failing
      .filter(({ key }) => rangePlace(key) !== undefined)
      .map((entry) => {
        const later = [...entries.values()].filter((other) => other !== entry && other.materializedOrder > entry.failureOrder);
        return space.ofKeys([entry.key]).subtract(space.ofKeys(later.map(({ key }) => key)));
      });
    return sets.reduce((all, set) => all.union(set), space.ofKeys(single.map(({ key }) => key)));
  };

  const makeMade = (): PartitionSet => {
    if (pending.length > 0 && space !== undefined) made = made.union(space.ofKeys(pending));
    pending = [];
    return made;
  };

  return {
    apply(event, order) {
      const { partition } = event;
      const entry = touch(partition);
      whole = undefined;
      switch (event.type) {
        case 'asset.materialized': {
          entry.materialized = event;
          entry.materializedOrder = order;
          entry.version = event.version;
          entry.gone = false;
          entry.failure = undefined;
          failed = undefined;
          if (partition === undefined) return;
          pending.push(partition);
          const place = rangePlace(partition);
          if (place !== undefined) ranges?.put(place, entry);
          return;
        }
        case 'asset.observed':
          entry.version = event.version ?? undefined;
          entry.gone = event.version === null;
          if (event.slices !== undefined) entry.slices = { of: entry.version, versions: event.slices };
          return;
        case 'check.finished':
          entry.checks.set(event.check, event);
          return;
        case 'step.failed': {
          entry.failure = event;
          entry.failureOrder = order;
          failed = undefined;
          const place = partition === undefined ? undefined : rangePlace(partition);
          if (place !== undefined) failedRanges?.put(place, entry);
          return;
        }
      }
    },
    materialized: (partition) => find(partition)?.materialized,
    version: (partition) => versionIn(find(partition), partition),
    gone: (partition) => find(partition)?.gone === true,
    slices(grain) {
      const entry = entries.get('');
      return entry?.slices !== undefined && entry.slices.of === entry.version ? entry.slices.versions[grain] : undefined;
    },
    failure: (partition = '') => currentFailure(partition),
    checks(partition) {
      const entry = find(partition);
      const own = entries.get(partition ?? '');
      // What was found of all partitions together holds for as long as none of them changes.
      const version = partition === undefined && space !== undefined ? this.whole() : versionIn(entry, partition);
      const ownChecks = [...(own?.checks.values() ?? [])].filter((check) => check.version === (version ?? null));
      if (entry === own || entry === undefined) return ownChecks;
      const later = new Set(ownChecks.map(({ check }) => check));
      const ofRange = [...entry.checks.values()].filter((check) => check.version === (entry.version ?? null) && !later.has(check.check));
      return [...ofRange, ...ownChecks];
    },
    made: makeMade,
    failed: () => (failed ??= findFailed()),
    whole: () => (whole ??= { version: wholeVersion() }).version,
    ranges: () => [...entries.values()].flatMap((entry) => (isRange(entry) ? [entry.key] : [])).toSorted(),
    single: () => [...entries.values()].flatMap((entry) => (isSingle(entry) && find(entry.key) === entry ? [entry.key] : [])).toSorted(),
  };

  function wholeVersion(): string | undefined {
    const keys = [...makeMade().keys()].toSorted();
    return keys.length === 0 ? undefined : digestAll(keys.map((key) => `${key}:${versionIn(find(key), key) ?? ''}`));
  }

  function isRange({ key, materialized }: Entry): boolean {
    return materialized !== undefined && rangePlace(key) !== undefined;
  }

  function isSingle({ key, materialized }: Entry): boolean {
    return key !== '' && materialized !== undefined && space?.place(key) !== undefined && rangePlace(key) === undefined;
  }
}

/** The version of a partition; of one that was made in a range, derived from the range's version and its own key. */
function versionIn(entry: Entry | undefined, partition = ''): string | undefined {
  if (entry === undefined) return undefined;
  const { key, version } = entry;
  return key === partition || version === undefined ? version : digest(version, partition);
}
