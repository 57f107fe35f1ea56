import type { AssetDefinition, CheckDefinition } from '../declare/definition.ts';
import type { Graph } from '../graph/graph.ts';
import { assess, type Assessing } from './assess.ts';
import { candidatePartitions } from './candidates.ts';
import { blockedBy } from './blocked.ts';
import type { Reason } from './reason.ts';
import type { RequestedPartition } from './requested-partition.ts';

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
  /** Partitions (or the whole) that need nothing. */
  readonly fresh: number;
  /** Upstream assets that run first and may change: what is stale then is decided then. */
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
  const assets = graph.assets.flatMap((asset): readonly PlannedAsset[] => {
    if (!selected.has(asset.key)) return [];
    if (asset.run === undefined && asset.transform === undefined)
      return [{ asset, action: 'observe', steps: [], fresh: 1, waitsFor: [], blockedBy: undefined }];
    const waitsFor = Object.values(asset.dependencies).flatMap(({ upstream, mapping }) =>
      mapping.kind !== 'order' && changing.has(upstream.key) ? [upstream.key] : [],
    );
    const candidates = candidatePartitions(options, asset, options.request);
    const steps: PlannedStep[] = [];
    let blocker: string | undefined;
    for (const partition of candidates) {
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
    return [{ asset, action, steps, fresh: candidates.length - steps.length, waitsFor, blockedBy: blocker }];
  });
  return { assets, checks: assets.flatMap(({ asset }) => graph.checksOf(asset.key)) };
}

/** What was added up over time by other code cannot go on with this one. */
export function needsRebuild({ store }: AssetDefinition, reasons: readonly Reason[], fullRefresh: boolean): string | undefined {
  if (store?.spec.accumulates !== true || fullRefresh || !reasons.some(({ kind }) => kind === 'code')) return undefined;
  return 'its code changed, and what it holds was added up by the code before: rebuild it with --full-refresh';
}
