import { freshnessOf, freshnessText } from '../../runtime/automation/freshness.ts';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import { kindsOf } from '../../runtime/graph/kind.ts';
import { explain, freshness } from '../../runtime/plan/explain.ts';
import { inputsIn, inputVersions } from '../../runtime/plan/inputs.ts';
import { requestPartition } from '../../runtime/plan/requested-partition.ts';
import { plan, type Plan, type PlanAction, type PlannedAsset } from '../../runtime/plan/plan.ts';
import { isEmpty } from '../plan-report.ts';
import type { MaterializedEvent } from '../../runtime/resource/run-store.ts';
import { planOf } from '../../runtime/run/plan-of.ts';
import type { InputVersions } from '../../runtime/run/event.ts';
import type { RunContext } from '../../runtime/run/run-context.ts';

export interface ExplainedInput {
  readonly asset: string;
  /** What the last materialization read. */
  readonly recorded: string | null;
  readonly present: string | null;
  /** What a run would do with it first; null where it would leave it alone. */
  readonly planned: PlanAction | null;
}

export interface ExplainedCheck {
  readonly check: string;
  readonly blocking: boolean;
  /** Of the asset's present version. */
  readonly result: 'passed' | 'failed' | 'not run';
  readonly at: string | null;
}

/** The partitions of an asset, where none was asked for. */
export interface ExplainedPartitions {
  readonly materialized: readonly string[];
  readonly toRun: readonly string[];
  /** Partitions to run beside those of `toRun`: more than anyone would read. */
  readonly unlisted: number;
}

/** Everything that is known of one asset, or of one of its partitions. */
export interface Explanation {
  readonly asset: string;
  readonly partition: string | null;
  readonly description: string | null;
  readonly kinds: readonly string[];
  readonly location: string | null;
  readonly action: PlanAction;
  /** Sentences. */
  readonly why: readonly string[];
  readonly materialized: MaterializedEvent | null;
  readonly codeVersion: string;
  readonly inputs: readonly ExplainedInput[];
  readonly checks: readonly ExplainedCheck[];
  readonly partitions: ExplainedPartitions | null;
  /** As words that follow its name; null where it may be of any age. */
  readonly freshness: string | null;
}

/** Explains one asset from a run over it and all that it depends on, whose record is up to date. Pure: reads the record alone. */
export function explainAsset(run: RunContext, asset: AssetDefinition, partition: string | undefined): Explanation {
  const whole = planOf(run);
  const planned =
    partition === undefined
      ? plannedOf(whole, asset.key)
      : plannedOf(plan({ ...run, selection: [asset.key], request: requestPartition([asset], { key: partition }, run) }), asset.key);
  const isWhole = asset.partitions !== undefined && partition === undefined;
  const age = freshnessOf(asset, run.record, run.now);
  return {
    asset: asset.key,
    partition: partition ?? null,
    description: asset.description ?? null,
    kinds: kindsOf(asset),
    location: asset.store?.spec.location ?? null,
    action: planned.action,
    why:
      partition !== undefined && planned.action === 'skip'
        ? [`${asset.key} [${partition}] is fresh: ${freshness(run, asset, partition)}.`]
        : isWhole && (isEmpty(planned) || planned.action === 'perhaps') && planned.fresh === 0
          ? [emptyText(run, planned)]
          : explain(run, planned),
    materialized: run.record.materialized(asset.key, partition) ?? null,
    codeVersion: run.codeVersion(asset),
    inputs: isWhole ? [] : inputsOf(run, { asset, partition, whole }),
    checks: isWhole ? [] : checksOf(run, asset, partition),
    partitions: isWhole
      ? {
          materialized: run.record.partitions(asset.key),
          toRun: planned.steps.flatMap((step) => step.partition ?? []),
          unlisted: planned.unlisted,
        }
      : null,
    freshness: age === undefined ? null : freshnessText(age, asset.freshness ?? ''),
  };
}

/** No partition has data, at least for now. */
function emptyText({ record }: RunContext, { asset: { key }, waitsFor }: PlannedAsset): string {
  const before = record.partitions(key).length === 0 ? 'was never materialized, and no' : 'has nothing to do: no';
  const later = waitsFor.length === 0 ? '' : ` It runs if ${waitsFor.join(' or ')} changes.`;
  return `${key} ${before} partition has data.${later}`;
}

/** A plan has every selected asset. */
const plannedOf = (whole: Plan, key: string): PlannedAsset => whole.assets.find(({ asset }) => asset.key === key) as PlannedAsset;

interface Explained {
  readonly asset: AssetDefinition;
  readonly partition: string | undefined;
  readonly whole: Plan;
}

function inputsOf(run: RunContext, { asset, partition, whole }: Explained): readonly ExplainedInput[] {
  const made = run.record.materialized(asset.key, partition);
  const recorded = made === undefined ? {} : inputsIn(made, partition);
  const current = inputVersions(run, asset, partition);
  const text = (version: InputVersions[string] | undefined) =>
    version === undefined ? null : typeof version === 'string' ? version : JSON.stringify(version);
  const explainInput = ({ key, formerly }: AssetDefinition): ExplainedInput => {
    const name = [key, ...formerly].find((known) => known in recorded) ?? key;
    const { action } = plannedOf(whole, key);
    return {
      asset: key,
      recorded: text(recorded[name]),
      present: text(current[key]),
      planned: action === 'skip' || action === 'observe' ? null : action,
    };
  };
  const read = Object.values(asset.dependencies).filter(({ mapping }) => mapping.kind !== 'order');
  // One that is read in several ways is one input.
  return [...new Set(read.map(({ upstream }) => upstream))].map(explainInput);
}

function checksOf({ graph, record }: RunContext, { key }: AssetDefinition, partition: string | undefined): readonly ExplainedCheck[] {
  const results = new Map(record.checks(key, partition).map((event) => [event.check, event]));
  return graph.checksOf(key).map(({ name, blocking }) => {
    const event = results.get(name);
    const result = event === undefined ? 'not run' : event.passed ? 'passed' : 'failed';
    return { check: name, blocking, result, at: event?.at ?? null };
  });
}
