import type { CheckEvent, FailedEvent, MaterializedEvent, RecordedState } from '../resource/run-store.ts';
import type { RunEvent, SliceVersions } from '../run/event.ts';

/** What is known of each asset and partition: the recorded state, kept up to date by the events of the run at hand. */
export interface AssetRecord {
  materialized(asset: string, partition?: string): MaterializedEvent | undefined;
  /** The version that dependents see: of the newest materialization or observation. */
  version(asset: string, partition?: string): string | undefined;
  /** The partitions that were materialized, in the order of their keys. */
  partitions(asset: string): readonly string[];
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

interface Entry {
  materialized?: MaterializedEvent;
  version?: string | undefined;
  gone?: boolean;
  slices?: { readonly of: string | undefined; readonly versions: SliceVersions };
  failure?: FailedEvent | undefined;
  readonly checks: Map<string, CheckEvent>;
}

/** `renamed` leads from the keys that assets had before to those that they have now, the newest of several last: what was recorded under both is one history. */
export function createRecord(state: RecordedState, renamed: ReadonlyMap<string, string> = new Map()): AssetRecord {
  const assets = new Map<string, Map<string, Entry>>();
  const find = (asset: string, partition = ''): Entry | undefined => assets.get(asset)?.get(partition);
  const touch = (asset: string, partition = ''): Entry => {
    const partitions = assets.get(asset) ?? new Map<string, Entry>();
    assets.set(asset, partitions);
    const entry = partitions.get(partition) ?? { checks: new Map() };
    partitions.set(partition, entry);
    return entry;
  };
  const apply = (event: RunEvent): void => {
    switch (event.type) {
      case 'asset.materialized': {
        const entry = touch(event.asset, event.partition);
        entry.materialized = event;
        entry.version = event.version;
        entry.gone = false;
        entry.failure = undefined;
        return;
      }
      case 'asset.observed': {
        const entry = touch(event.asset, event.partition);
        entry.version = event.version ?? undefined;
        entry.gone = event.version === null;
        if (event.slices !== undefined) entry.slices = { of: entry.version, versions: event.slices };
        return;
      }
      case 'check.finished':
        touch(event.asset, event.partition).checks.set(event.check, event);
        return;
      case 'step.failed':
        touch(event.asset, event.partition).failure = event;
        return;
      case 'run.started':
      case 'run.finished':
      case 'step.started':
      case 'step.skipped':
      case 'step.retried':
      case 'log':
        return;
    }
  };
  const recorded = [...state.materialized, ...state.observed, ...state.checks, ...state.failed];
  for (const [former, asset] of renamed) for (const event of recorded) if (event.asset === former) apply({ ...event, asset });
  for (const event of recorded) if (!renamed.has(event.asset)) apply(event);

  return {
    apply,
    materialized: (asset, partition) => find(asset, partition)?.materialized,
    version: (asset, partition) => find(asset, partition)?.version,
    partitions: (asset) => {
      const keys = [...(assets.get(asset) ?? [])].flatMap(([partition, { materialized }]) =>
        partition !== '' && materialized !== undefined ? [partition] : [],
      );
      return keys.toSorted();
    },
    slices: (asset, grain) => {
      const entry = find(asset);
      return entry?.slices !== undefined && entry.slices.of === entry.version ? entry.slices.versions[grain] : undefined;
    },
    gone: (asset, partition) => find(asset, partition)?.gone === true,
    failure: (asset, partition) => find(asset, partition)?.failure,
    checks: (asset, partition) => {
      const entry = find(asset, partition);
      return [...(entry?.checks.values() ?? [])].filter(({ version }) => version === (entry?.version ?? null));
    },
  };
}

export const emptyState: RecordedState = { materialized: [], observed: [], checks: [], failed: [] };
