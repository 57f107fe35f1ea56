import type { AssetDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import { SpindleError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { createTimeZones } from '../partitions/time-zone.ts';
import { createRecord, emptyState } from '../plan/record.ts';
import { requestPartition } from '../plan/requested-partition.ts';
import type { Clock } from '../resource/clock.ts';
import { noFaults, type Faults } from '../resource/faults.ts';
import type { RunStore } from '../resource/run-store.ts';
import { createConfigs } from './configs.ts';
import type { RunEvent } from './event.ts';
import type { Configured, Given } from './fixture.ts';
import { createRunMemory } from './memory.ts';
import type { ResourceOpener, RunContext } from './run-context.ts';
import type { StepName } from './step-name.ts';

export interface RunSettings {
  readonly run: string;
  readonly graph: Graph;
  /** Keys. */
  readonly selection: readonly string[];
  readonly resources: ResourceOpener;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly runStore?: RunStore | undefined;
  readonly partition?: string | undefined;
  readonly seed?: number;
  readonly concurrency?: number;
  readonly force?: boolean;
  readonly fullRefresh?: boolean;
  readonly given?: readonly Given[];
  readonly config?: readonly Configured[];
  readonly faults?: Faults;
  /** By asset key; assets that are not named get the one that they declare, or none. */
  readonly codeVersions?: ReadonlyMap<string, string>;
  listen?(event: RunEvent): void;
  progress?(step: StepName, done: number, total: number | undefined): void;
}

/** Reads the recorded state and puts together what a run (or a plan, or a check) shares. */
export async function startRun(settings: RunSettings): Promise<RunContext> {
  const { graph, runStore, clock, given = [], signal } = settings;
  const renamed = graph.assets.flatMap(({ key, formerly }) => formerly.toReversed().map((former) => [former, key] as const));
  const record = createRecord((await runStore?.state()) ?? emptyState, new Map(renamed));
  const now = clock.now();
  const zones = createTimeZones();
  for (const fixture of given) record.apply(givenEvent(settings, fixture));
  const configs = createConfigs(graph, settings.config ?? []);
  const codeVersion = (asset: AssetDefinition): string => asset.codeVersion ?? settings.codeVersions?.get(asset.key) ?? UNVERSIONED;

  let written: Promise<void> = Promise.resolve();
  const emit = (...events: readonly RunEvent[]): Promise<void> => {
    for (const event of events) {
      record.apply(event);
      settings.listen?.(event);
    }
    if (runStore === undefined) return written;
    const write = written.then(() => runStore.append(events));
    written = write;
    write.catch(() => {}); // whoever emits next, or ends the run, gets this rejection: events are written in order, and none behind a lost one
    return write;
  };

  return {
    run: settings.run,
    graph,
    record,
    now,
    zones,
    codeVersion,
    configVersion: configs.version,
    config: configs.values,
    force: settings.force ?? false,
    fullRefresh: settings.fullRefresh ?? false,
    seed: settings.seed ?? 0,
    clock,
    signal,
    faults: settings.faults ?? noFaults,
    resources: settings.resources,
    concurrency: settings.concurrency ?? 4,
    request:
      settings.partition === undefined
        ? undefined
        : requestPartition(
            settings.selection.map((key) => graph.get(key)),
            settings.partition,
            zones,
          ),
    selected: new Set(settings.selection),
    memory: createRunMemory(),
    given: groupGiven(given),
    emit,
    progress: settings.progress ?? (() => {}),
  };
}

/** Where nobody computed a version: of assets materialized from a test, say. */
const UNVERSIONED = 'unversioned';

function groupGiven(given: readonly Given[]): (asset: string) => readonly Given[] {
  const byAsset = new Map<string, Given[]>();
  for (const fixture of given) byAsset.set(fixture.asset, [...(byAsset.get(fixture.asset) ?? []), fixture]);
  return (asset) => byAsset.get(asset) ?? [];
}

/** A fixture counts as a materialization of what it stands in for. */
function givenEvent({ run, clock, graph }: RunSettings, { asset, rows, partition }: Given): RunEvent {
  if (!graph.has(asset)) {
    throw new SpindleError('ASSET_UNKNOWN', `Rows were given for ${asset}, which nothing in this run depends on.`, {
      asset,
      remedy: 'Remove the fixture, or add the asset that reads it.',
    });
  }
  const version = digest(canonicalJson(rows) ?? '');
  return {
    type: 'asset.materialized',
    run,
    at: clock.now().toISOString(),
    asset,
    ...(partition !== undefined && { partition }),
    version,
    codeVersion: UNVERSIONED,
    configVersion: '',
    inputs: {},
    milliseconds: 0,
    metadata: {},
  };
}
