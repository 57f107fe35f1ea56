import type { AssetDefinition, DependencyDefinition } from '../../runtime/declare/definition.ts';
import { kindsOf } from '../../runtime/graph/kind.ts';
import { explain, freshness } from '../../runtime/plan/explain.ts';
import { inputVersion } from '../../runtime/plan/inputs.ts';
import { requestPartition } from '../../runtime/plan/requested-partition.ts';
import { plan, type Plan, type PlanAction, type PlannedAsset } from '../../runtime/plan/plan.ts';
import { isEmpty } from '../plan-report.ts';
import type { MaterializedEvent } from '../../runtime/resource/run-store.ts';
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
}

/** Explains one asset from a run over it and all that it depends on, whose record is up to date. Pure: reads the record alone. */
export function explainAsset(run: RunContext, asset: AssetDefinition, partition: string | undefined): Explanation {
  const whole = plan({ ...run, selection: [...run.selected] });
  const planned =
    partition === undefined
      ? plannedOf(whole, asset.key)
      : plannedOf(plan({ ...run, selection: [asset.key], request: requestPartition([asset], partition, run.zones) }), asset.key);
  const isWhole = asset.partitions !== undefined && partition === undefined;
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
      ? { materialized: run.record.partitions(asset.key), toRun: planned.steps.flatMap((step) => step.partition ?? []) }
      : null,
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
  const recorded = run.record.materialized(asset.key, partition)?.inputs ?? {};
  const explainInput = (dependency: DependencyDefinition): ExplainedInput => {
    const { key, formerly } = dependency.upstream;
    const name = [key, ...formerly].find((known) => known in recorded) ?? key;
    const { action } = plannedOf(whole, key);
    const before = recorded[name];
    return {
      asset: key,
      recorded: before === undefined ? null : typeof before === 'string' ? before : JSON.stringify(before),
      present: inputVersion(run, { downstream: asset, dependency, partition }) ?? null,
      planned: action === 'skip' || action === 'observe' ? null : action,
    };
  };
  return Object.values(asset.dependencies)
    .filter(({ mapping }) => mapping.kind !== 'order')
    .map(explainInput);
}

function checksOf({ graph, record }: RunContext, { key }: AssetDefinition, partition: string | undefined): readonly ExplainedCheck[] {
  const results = new Map(record.checks(key, partition).map((event) => [event.check, event]));
  return graph.checksOf(key).map(({ name, blocking }) => {
    const event = results.get(name);
    const result = event === undefined ? 'not run' : event.passed ? 'passed' : 'failed';
    return { check: name, blocking, result, at: event?.at ?? null };
  });
}
