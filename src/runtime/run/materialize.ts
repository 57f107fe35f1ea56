import { randomUUID } from 'node:crypto';
import type { Asset } from '../declare/asset.ts';
import type { Check } from '../declare/check.ts';
import type { KeyOf, NeedsOfAll } from '../declare/project.ts';
import { digestAll } from '../digest.ts';
import { SpindleError } from '../errors.ts';
import { buildGraph } from '../graph/graph.ts';
import { select } from '../graph/selection/evaluate.ts';
import type { RunStore } from '../resource/run-store.ts';
import type { Rows } from '../store/rows.ts';
import type { GivenTable, Warehouse } from '../resource/warehouse.ts';
import type { RunEvent } from './event.ts';
import type { Configured, Given } from './fixture.ts';
import { givenTables, overGivenTables } from './given-tables.ts';
import { readAsset } from './read-asset.ts';
import { requirePartition } from './require-partition.ts';
import { failureOf, runError } from './run-error.ts';
import { runSelection } from './run-selection.ts';
import { createTally, type Tally } from './tally.ts';
import { startRun } from './start-run.ts';
import { stillClock, systemClock } from './system-clock.ts';
import type { RunContext } from './run-context.ts';

interface OtherResources {
  readonly [name: string]: unknown;
}

/** Which partition: of a value, one must be named. A handle of rows covers all of them unless one is. */
type OutputOptions<O, P> = P extends undefined
  ? []
  : O extends Rows<unknown>
    ? [options?: PartitionOption]
    : unknown extends P
      ? [options?: PartitionOption]
      : [options: PartitionOption];

interface PartitionOption {
  readonly partition: string;
}

export interface MaterializeOptions<A extends readonly Asset[]> {
  /** Those that the assets need. Others may be among them: of upstreams that are read and not part of the run. */
  resources: NeedsOfAll<A> & OtherResources;
  checks?: readonly Check[];
  /** A selection of the assets; all of them unless given. */
  select?: string;
  /** A key of one partition, or of a range: `2026-01-01..2026-01-31`. */
  partition?: string;
  /** The registered keys of dynamic partitions, by the name of their definition; without it those of the run store. */
  dynamicKeys?: Readonly<Record<string, readonly string[]>>;
  seed?: number;
  /** An ISO instant at which the run's clock stands still. */
  now?: string;
  concurrency?: number;
  given?: readonly Given[];
  config?: readonly Configured[];
  signal?: AbortSignal;
  /** Where the run is recorded; without one every asset counts as never materialized. */
  runStore?: RunStore;
  listen?(event: RunEvent): void;
}

export interface Run<A extends readonly Asset[]> {
  readonly id: string;
  readonly ok: boolean;
  /** Keys in the order in which they were materialized, each once. */
  readonly ran: readonly KeyOf<A>[];
  readonly skipped: readonly KeyOf<A>[];
  /** Equal for runs that produced the same versions and check results, whatever ran at once. */
  readonly digest: string;
  readonly events: readonly RunEvent[];
  /** The run itself where it is ok; else throws the error of the first step that failed, or what the checks say. */
  orThrow(): Run<A>;
  /** What dependents of the asset receive. Throws the error of the step where it failed in this run. */
  // oxlint-disable-next-line typescript/no-explicit-any -- an asset of the run with any needs and config
  output<O, P>(asset: Asset<KeyOf<A>, O, any, P, any>, ...options: OutputOptions<O, P>): Promise<O>;
  /** Why the asset ran, was skipped or failed, in words. */
  explain(asset: Asset): string;
}

/** Materializes assets with the given resources. Throws for a graph, selection or config that cannot be; a step that fails is reported by `ok` and `explain`. */
export async function materialize<const A extends readonly Asset[]>(assets: A, options: MaterializeOptions<A>): Promise<Run<A>> {
  const graph = buildGraph({
    assets: assets.map(({ definition }) => definition),
    checks: (options.checks ?? []).map(({ definition }) => definition),
    jobs: [],
  });
  const listed = new Set(assets.map(({ key }) => key));
  const selection = options.select === undefined ? [...listed] : select(graph, options.select).filter((key) => listed.has(key));
  const given = new Set((options.given ?? []).map(({ asset }) => asset));
  const events: RunEvent[] = [];
  const tally = createTally();
  const run = await startRun({
    run: randomUUID(),
    graph,
    selection: selection.filter((key) => !given.has(key)),
    resources: fixedResources(options.resources as Readonly<Record<string, unknown>>, givenTables(graph, options.given ?? [])),
    clock: options.now === undefined ? systemClock : stillClock(options.now),
    signal: options.signal ?? new AbortController().signal,
    ...(options.runStore && { runStore: options.runStore }),
    ...(options.partition !== undefined && { partitions: { key: options.partition } }),
    ...(options.dynamicKeys && { dynamicKeys: options.dynamicKeys }),
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
    given: options.given ?? [],
    config: options.config ?? [],
    listen(event) {
      events.push(event);
      tally.listen(event);
      options.listen?.(event);
    },
  });
  const status = await runSelection(
    run,
    { project: 'materialize', environment: 'given', selection: options.select ?? '*' },
    tally.hasFailed,
  );
  return runResult<A>(run, { tally, events, ok: status === 'succeeded' });
}

function runResult<A extends readonly Asset[]>(
  run: RunContext,
  { tally, events, ok }: { tally: Tally; events: readonly RunEvent[]; ok: boolean },
): Run<A> {
  const keys = (named: readonly { readonly asset: string }[]) =>
    [...new Set(named.map(({ asset }) => asset))] as unknown as readonly KeyOf<A>[];
  const versions = tally.materialized.map(({ asset, partition, version }) => `${asset}|${partition ?? ''}|${version}`);
  const results = tally.checks.map(({ asset, partition, check, passed }) => `${asset}|${partition ?? ''}|${check}|${passed}`);
  const result: Run<A> = {
    id: run.run,
    ok,
    orThrow() {
      if (ok) return result;
      throw runError(run, tally);
    },
    ran: keys(tally.materialized),
    skipped: keys(tally.skipped),
    digest: digestAll([...versions.toSorted(), ...results.toSorted()]),
    events,
    async output(asset, ...[output]) {
      const definition = run.graph.get(asset.key);
      const failure = failureOf(run, tally, { asset: asset.key, partition: output?.partition });
      if (failure !== undefined) throw failure;
      requirePartition(run, definition, output?.partition);
      return (await readAsset(run, definition, output?.partition)) as never; // the asset's own type says what its store reads
    },
    explain: ({ key }) => explainEvents(events, key),
  };
  return result;
}

function explainEvents(events: readonly RunEvent[], key: string): string {
  const sentences = events.flatMap((event): readonly string[] => {
    if (!('asset' in event) || event.asset !== key) return [];
    const name = event.partition === undefined ? key : `${key} [${event.partition}]`;
    if (event.type === 'step.started') return event.reasons.map((reason) => `${name} ran because ${reason}.`);
    if (event.type === 'step.skipped') return [`${name} was skipped: ${event.reason}.`];
    if (event.type === 'step.failed') return [`${name} failed: ${event.error.message}`];
    return [];
  });
  return sentences.length === 0 ? `${key} was not part of the run.` : sentences.join('\n');
}

function fixedResources(
  resources: Readonly<Record<string, unknown>>,
  given: ReadonlyMap<string, readonly GivenTable[]>,
): RunContext['resources'] {
  return {
    async open(name) {
      const tables = given.get(name);
      if (resources[name] !== undefined)
        return tables === undefined ? resources[name] : overGivenTables(resources[name] as Warehouse, tables);
      throw new SpindleError('RESOURCE_MISSING', `The run needs the resource "${name}", and none was given.`, {
        field: name,
        remedy: `Pass it: materialize([...], { resources: { ${name}: … } }).`,
      });
    },
  };
}
