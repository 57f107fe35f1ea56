import { setMaxListeners } from 'node:events';
import { createTicks } from '../automation/cron.ts';
import type { AssetDefinition } from '../declare/definition.ts';
import type { Graph } from '../graph/graph.ts';
import type { DynamicKeys } from '../partitions/key.ts';
import { createPartitionSpaces } from '../partitions/space.ts';
import { createTimeZones } from '../partitions/time-zone.ts';
import { createRecord, emptyState } from '../plan/record.ts';
import { requestPartition } from '../plan/requested-partition.ts';
import { rangeOf } from '../plan/upstream-part.ts';
import type { Clock } from '../resource/clock.ts';
import { noFaults, type Faults } from '../resource/faults.ts';
import type { RunStore } from '../resource/run-store.ts';
import { createConfigs } from './configs.ts';
import type { ExternalTask, PartitionRequest, RunEvent } from './event.ts';
import { eventWriter } from './event-writer.ts';
import { partOf } from './external-task.ts';
import type { Configured, Given } from './fixture.ts';
import { givenEvents } from './given-events.ts';
import { withGivenKeys } from './given-keys.ts';
import { holderOf } from './holder.ts';
import { createInterrupt } from './interrupt.ts';
import { createRunMemory } from './memory.ts';
import { createRecordedFields } from './recorded-fields.ts';
import type { ResourceOpener, RunContext, RunScope } from './run-context.ts';
import type { StepName } from './step-name.ts';

export interface RunSettings extends RunScope {
  readonly run: string;
  /** The name of the project, where there is one. */
  readonly project?: string | undefined;
  /** The task of another system that this process does of the run; the others write to the same run at the same time. */
  readonly external?: ExternalTask | undefined;
  readonly graph: Graph;
  /** Keys. */
  readonly selection: readonly string[];
  readonly resources: ResourceOpener;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly runStore?: RunStore | undefined;
  /** Of the assets that have partitions; without it those that are due. */
  readonly partitions?: PartitionRequest | undefined;
  /** Keys of dynamic partitions by the name of their definition, in place of those that are registered under it. */
  readonly dynamicKeys?: DynamicKeys | undefined;
  readonly seed?: number;
  readonly concurrency?: number;
  /** Leaves the checks that are functions to others. */
  readonly skipChecks?: boolean;
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
  const { graph, runStore, clock, given = [], signal, external } = settings;
  setMaxListeners(0, signal); // each step listens, and as many run at once as the run allows
  const renamed = graph.assets.flatMap(({ key, formerly }) => formerly.toReversed().map((former) => [former, key] as const));
  const now = clock.now();
  const zones = createTimeZones();
  const scope = {
    run: settings.run,
    at: now.toISOString(),
    graph,
    zones,
    resources: settings.resources,
    requested: settings.partitions?.key !== undefined,
  };
  const givens = given.flatMap((fixture) => givenEvents(scope, fixture));
  const state = (await runStore?.state()) ?? emptyState;
  const definitionOf = (key: string) => (graph.has(key) ? graph.get(key).partitions : undefined);
  const dynamicKeys = withGivenKeys({ ...state.dynamicKeys, ...settings.dynamicKeys }, givens, definitionOf);
  const record = createRecord(state, new Map(renamed), createPartitionSpaces(definitionOf, { zones, dynamicKeys }));
  for (const event of givens) record.apply(event);
  const configs = createConfigs(graph, settings.config ?? []);
  const codeVersion = (asset: AssetDefinition): string => asset.codeVersion ?? settings.codeVersions?.get(asset.key) ?? UNVERSIONED;

  const write = runStore === undefined ? async () => {} : eventWriter(runStore);
  const emit = (...events: readonly RunEvent[]): Promise<void> => {
    for (const event of events) {
      record.apply(event);
      settings.listen?.(event);
    }
    return write(events);
  };

  const part = external && partOf(external);
  const memory = createRunMemory((asset, partition) => rangeOf({ record }, asset, partition));
  return {
    run: settings.run,
    project: settings.project,
    part,
    holder: holderOf({ run: settings.run, ...(part !== undefined && { part }) }),
    external,
    graph,
    record,
    now,
    zones,
    codeVersion,
    configVersion: configs.version,
    fields: createRecordedFields(configs.values),
    config: configs.values,
    tick: createTicks(now),
    force: settings.force ?? false,
    fullRefresh: settings.fullRefresh ?? false,
    ...(settings.done && { done: settings.done }),
    ...(settings.includes && { includes: settings.includes }),
    ...(settings.asked && { asked: settings.asked }),
    seed: settings.seed ?? 0,
    clock,
    signal,
    interrupt: createInterrupt(signal),
    faults: settings.faults ?? noFaults,
    resources: settings.resources,
    skipsChecks: settings.skipChecks ?? false,
    concurrency: settings.concurrency ?? 4,
    request:
      settings.partitions === undefined
        ? undefined
        : requestPartition(
            settings.selection.map((key) => graph.get(key)),
            settings.partitions,
            { zones, dynamicKeys },
          ),
    selected: new Set(settings.selection),
    memory,
    unmade: memory.unmade,
    given: groupGiven(given),
    emit,
    runStore,
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
