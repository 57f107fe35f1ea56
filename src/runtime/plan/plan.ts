import type { AssetDefinition, CheckDefinition } from '../declare/definition.ts';
import type { Graph } from '../graph/graph.ts';
import { assess, type Assessing } from './assess.ts';
import { candidatePartitions, type Candidates } from './candidates.ts';
import { blockedBy } from './blocked.ts';
import { onlyGrew } from './field-change.ts';
import { isUnseen, type Reading } from './inputs.ts';
import { describeReason, type Reason } from './reason.ts';
import type { RequestedPartition } from './requested-partition.ts';
import { isLoaded } from '../store/table-columns.ts';

export interface PlannedStep {
  readonly partition: string | undefined;
  readonly reasons: readonly Reason[];
}

export const PLAN_ACTIONS = ['run', 'perhaps', 'skip', 'blocked', 'observe'] as const;
/** `perhaps`: only an upstream that runs first can make it stale; `observe`: something else writes it. */
export type PlanAction = (typeof PLAN_ACTIONS)[number];

export interface PlannedAsset {
  readonly asset: AssetDefinition;
  readonly action: PlanAction;
  readonly steps: readonly PlannedStep[];
  /** Partitions that were never materialized and are to be, beside those of `steps`: more than anyone would read. */
  readonly unlisted: number;
  /** Partitions (or the whole) that need nothing. */
  readonly fresh: number;
  /** Upstream assets that run first and may change, or changed in event times that were not asked for yet: what is stale is decided then. */
  readonly waitsFor: readonly string[];
  /** For `blocked`: the failed check upstream, or that it has to be rebuilt. */
  readonly blockedBy: string | undefined;
}

/** What a run would do, in order. Pure over the graph, the selection and the recorded state. */
export interface Plan {
  readonly assets: readonly PlannedAsset[];
  readonly checks: readonly CheckDefinition[];
}

export interface PlanOptions extends Assessing {
  readonly graph: Graph;
  /** Keys, in any order. */
  readonly selection: readonly string[];
  readonly request?: RequestedPartition | undefined;
}

export function plan(options: PlanOptions): Plan {
  const { graph } = options;
  const selected = new Set(options.selection);
  const changing = new Set<string>();
  const reading: Reading = { ...options, runsFirst: (key) => changing.has(key) };
  const assets = graph.assets.flatMap((asset): readonly PlannedAsset[] => {
    if (!selected.has(asset.key)) return [];
    if (asset.run === undefined && asset.transform === undefined)
      return [{ asset, action: 'observe', steps: [], unlisted: 0, fresh: 1, waitsFor: [], blockedBy: undefined }];
    const waitsFor = Object.values(asset.dependencies).flatMap((dependency) => {
      const { upstream, mapping } = dependency;
      const waits = mapping.kind !== 'order' && (changing.has(upstream.key) || isUnseen(options, asset, dependency));
      return waits ? [upstream.key] : [];
    });
    const candidates = candidatePartitions(reading, asset, options.request);
    const steps: PlannedStep[] = [];
    let blocker: string | undefined;
    const { listed, unlisted } = listPartitions(options, asset, candidates);
    for (const partition of listed) {
      const reasons = assess(options, asset, partition);
      if (reasons.length === 0) continue;
      const blocked =
        needsRebuild(asset, reasons, options.fullRefresh) ?? (waitsFor.length > 0 ? undefined : blockedBy(options, asset, partition));
      if (blocked !== undefined) blocker ??= blocked;
      else
        steps.push({ partition, reasons: [...reasons, ...waitsFor.map((upstream) => ({ kind: 'upstream', asset: upstream }) as const)] });
    }
    const action = steps.length > 0 ? 'run' : blocker !== undefined ? 'blocked' : waitsFor.length > 0 ? 'perhaps' : 'skip';
    if (action === 'run' || action === 'perhaps') changing.add(asset.key);
    return [{ asset, action, steps, unlisted, fresh: candidates.count - unlisted - steps.length, waitsFor, blockedBy: blocker }];
  });
  return { assets, checks: assets.flatMap(({ asset }) => graph.checksOf(asset.key)) };
}

const MOST_LISTED = 100_000;

/** The partitions to look at one by one: all of them, or, of very many, those that were materialized and the first ones of those that were not. */
function listPartitions(
  { record }: Assessing,
  { key }: AssetDefinition,
  { set, count, keys }: Candidates,
): { readonly listed: Iterable<string | undefined>; readonly unlisted: number } {
  if (set === undefined || count <= MOST_LISTED) return { listed: keys(), unlisted: 0 };
  const made = record.made(key);
  const never = set.subtract(made);
  const listed = function* (): Generator<string> {
    yield* set.intersect(made).keys();
    let left = MOST_LISTED;
    for (const partition of never.keys()) {
      if (left-- === 0) return;
      yield partition;
    }
  };
  return { listed: listed(), unlisted: Math.max(0, never.count() - MOST_LISTED) };
}

/** What was added up over time by other code cannot go on with this one; unless it is a table of loaded objects, whose rows no code made, and its columns only grew: then it is altered. */
export function needsRebuild(asset: AssetDefinition, reasons: readonly Reason[], fullRefresh: boolean): string | undefined {
  const code = reasons.find((reason) => reason.kind === 'code');
  if (asset.store?.spec.accumulates !== true || fullRefresh || code === undefined) return undefined;
  if (isLoaded(asset) && onlyGrew(code.schema)) return undefined;
  return `${describeReason(code)}; what it holds was added up by the code before: rebuild it with --full-refresh`;
}
