import { randomUUID } from 'node:crypto';
import type { Asset } from '../declare/asset.ts';
import type { Check } from '../declare/check.ts';
import type { KeyOf, NeedsOfAll } from '../declare/project.ts';
import { digest } from '../digest.ts';
import { SpindleError } from '../errors.ts';
import { buildGraph } from '../graph/graph.ts';
import { select } from '../graph/selection/evaluate.ts';
import type { RunStore } from '../resource/run-store.ts';
import type { RunEvent } from './event.ts';
import type { Configured, Given } from './fixture.ts';
import { loadValue } from './load-inputs.ts';
import { runSelection } from './run-selection.ts';
import { createTally, type Tally } from './tally.ts';
import { startRun } from './start-run.ts';
import { storeContext } from './store-access.ts';
import { stillClock, systemClock } from './system-clock.ts';
import type { RunContext } from './run-context.ts';

export interface MaterializeOptions<A extends readonly Asset[]> {
  resources: NeedsOfAll<A>;
  checks?: readonly Check[];
  /** A selection of the assets; all of them unless given. */
  select?: string;
  partition?: string;
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
  // oxlint-disable-next-line typescript/no-explicit-any -- an asset of the run with any needs and config
  output<O, P>(asset: Asset<KeyOf<A>, O, any, P, any>, options?: { partition: string }): Promise<O>;
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
    resources: fixedResources(options.resources as Readonly<Record<string, unknown>>),
    clock: options.now === undefined ? systemClock : stillClock(options.now),
    signal: options.signal ?? new AbortController().signal,
    ...(options.runStore && { runStore: options.runStore }),
    ...(options.partition !== undefined && { partition: options.partition }),
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
  return {
    id: run.run,
    ok,
    ran: keys(tally.materialized),
    skipped: keys(tally.skipped),
    digest: digest(...versions.toSorted(), ...results.toSorted()),
    events,
    async output(asset, output) {
      const definition = run.graph.get(asset.key);
      const store = definition.store?.spec;
      const value =
        store?.readsRows === true
          ? await store.read(await storeContext(run, { asset: definition, partition: output?.partition }))
          : await loadValue(run, definition, output?.partition);
      return value as never; // the asset's own type says what its store reads
    },
    explain: ({ key }) => explainEvents(events, key),
  };
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

function fixedResources(resources: Readonly<Record<string, unknown>>): RunContext['resources'] {
  return {
    async open(name) {
      if (resources[name] !== undefined) return resources[name];
      throw new SpindleError('RESOURCE_MISSING', `The run needs the resource "${name}", and none was given.`, {
        field: name,
        remedy: `Pass it: materialize([...], { resources: { ${name}: … } }).`,
      });
    },
  };
}
