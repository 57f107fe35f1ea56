import type { AssetDefinition, DependencyDefinition, JobDefinition } from '../declare/definition.ts';
import type { Graph } from '../graph/graph.ts';
import type { Assessing } from '../plan/assess.ts';
import { inputVersion, upstreamPartitions } from '../plan/inputs.ts';
import type { PlannedAsset, PlannedStep } from '../plan/plan.ts';
import { describeReason } from '../plan/reason.ts';
import type { FiredEvent } from '../resource/run-store.ts';
import { causeOf, isStaleness, jobCause, wholeVersion } from './cause.ts';
import type { AutomationFacts } from './evaluate.ts';
import { freshnessOf, type Freshness } from './freshness.ts';

/** What the facts are taken from. Nothing is observed or opened: the record is as new as whoever made it saw to. */
export interface FactsSource extends Assessing {
  readonly graph: Graph;
  /** The newest firing of a subject that a run answered. */
  fired(subject: string): FiredEvent | undefined;
}

/** The facts' source over a run (or a plan) and the newest firings that were answered. */
export function createFactsSource(context: Assessing & { readonly graph: Graph }, firings: readonly FiredEvent[]): FactsSource {
  const bySubject = new Map(firings.map((event) => [event.subject, event]));
  const formerly = (subject: string) => (context.graph.has(subject) ? context.graph.get(subject).formerly : []);
  const fired = (subject: string) =>
    [subject, ...formerly(subject)].map((name) => bySubject.get(name)).find((event) => event !== undefined);
  return { ...context, fired };
}

export const jobSubject = (name: string): string => `job:${name}`;

/** What is known of an asset, or of the partition that a planned step is about. */
export function assetFacts(
  source: FactsSource,
  asset: AssetDefinition,
  { step, runsFirst }: { readonly step: PlannedStep | undefined; readonly runsFirst: string | undefined },
): AutomationFacts {
  const { record, now } = source;
  const partition = step?.partition;
  const reasons = step?.reasons ?? [];
  const fired = source.fired(asset.key);
  const recorded = record.materialized(asset.key, partition);
  // A partition is made once for each version of its data, so that only an asset without partitions answers a tick by being there.
  const materializedAt = asset.partitions === undefined && recorded !== undefined ? new Date(recorded.at) : undefined;
  const firedAt = fired && new Date(fired.at);
  const tried =
    firedAt !== undefined &&
    isTried(fired?.causes?.[partition ?? ''], causeOf(source, asset, partition), { firedAt, recorded: recorded?.at });
  const lacks = lackOf(source, asset, partition);
  const freshness = freshnessOf(asset, record, now);
  return {
    now,
    tick: source.tick,
    missing: reasons.some(({ kind }) => kind === 'missing' || kind === 'gone'),
    stale: reasons.filter(isStaleness).map(describeReason),
    updatedSince: (key) => {
      const dependencies = dependenciesOn(asset, key);
      if (dependencies.length === 0) return isUnseen(source, key, fired);
      if (tried) return false;
      return reasons.some((reason) =>
        reason.kind === 'missing'
          ? dependencies.some((dependency) => inputVersion(source, { downstream: asset, dependency, partition }) !== undefined)
          : reason.kind === 'input' && reason.asset === key && reason.to !== undefined,
      );
    },
    ...(materializedAt !== undefined && { lastMaterializedAt: materializedAt }),
    ...(firedAt !== undefined && { lastFiredAt: firedAt }),
    ...(tried && { triedAt: firedAt }),
    ...(runsFirst !== undefined && { runsFirst }),
    ...(lacks !== undefined && { lacks }),
    ...(freshness !== undefined && { freshness }),
  };
}

/** What is known of a job: of the assets that it selects, taken together. */
export function jobFacts(source: FactsSource, { name }: JobDefinition, planned: readonly PlannedAsset[]): AutomationFacts {
  const fired = source.fired(jobSubject(name));
  const steps = planned.flatMap(({ asset, steps: ofAsset }) => ofAsset.map((step) => ({ asset, ...step })));
  const firedAt = fired && new Date(fired.at);
  const tried = firedAt !== undefined && fired?.causes?.[''] === jobCause(source, planned);
  const stale = steps.filter(({ reasons }) => reasons.some((reason) => isStaleness(reason) || reason.kind === 'missing'));
  const freshness = worst(planned.flatMap(({ asset }) => freshnessOf(asset, source.record, source.now) ?? []));
  return {
    now: source.now,
    tick: source.tick,
    missing: steps.some(({ reasons }) => reasons.some(({ kind }) => kind === 'missing' || kind === 'gone')),
    stale: [...new Set(stale.map(({ asset }) => asset.key))],
    updatedSince: (key) => isUnseen(source, key, fired),
    ...(firedAt !== undefined && { lastFiredAt: firedAt }),
    ...(tried && { triedAt: firedAt }),
    ...(freshness !== undefined && { freshness }),
  };
}

/** A firing counts as tried until something that goes in changes, or the asset was materialized after all. */
function isTried(
  cause: string | undefined,
  current: string,
  { firedAt, recorded }: { readonly firedAt: Date; readonly recorded: string | undefined },
): boolean {
  return cause === current && (recorded === undefined || Date.parse(recorded) < firedAt.getTime());
}

function isUnseen({ graph, record }: FactsSource, key: string, fired: FiredEvent | undefined): boolean {
  const version = wholeVersion(record, graph.get(key));
  return version !== undefined && fired?.seen?.[key] !== version;
}

const dependenciesOn = ({ dependencies }: AssetDefinition, key: string): readonly DependencyDefinition[] =>
  Object.values(dependencies).filter(({ upstream, mapping }) => upstream.key === key && mapping.kind !== 'order');

/** The first input that holds nothing: what a run would refuse to read. */
function lackOf(source: FactsSource, asset: AssetDefinition, partition: string | undefined): string | undefined {
  if (asset.partitions !== undefined && partition === undefined) return undefined;
  for (const dependency of Object.values(asset.dependencies)) {
    const { upstream, mapping } = dependency;
    if (mapping.kind === 'order' || (upstream.store === undefined && upstream.observe === undefined)) continue;
    const empty =
      upstream.partitions === undefined
        ? source.record.version(upstream.key) === undefined
        : upstreamPartitions(source, { downstream: asset, dependency, partition }).length === 0;
    if (empty) return `${upstream.key}, which it reads, holds nothing yet`;
  }
  return undefined;
}

function worst(all: readonly Freshness[]): Freshness | undefined {
  const rank = (freshness: Freshness): number =>
    freshness.status === 'overdue' ? freshness.since.getTime() : freshness.status === 'never' ? 8.64e15 : Infinity;
  return all.toSorted((a, b) => rank(a) - rank(b))[0];
}
