import type { AssetDefinition } from '../declare/definition.ts';
import type { PartitionSpace } from '../partitions/space.ts';
import { assess } from '../plan/assess.ts';
import { candidatePartitions } from '../plan/candidates.ts';
import { freshness } from '../plan/explain.ts';
import { needsRebuild } from '../plan/plan.ts';
import type { Reason } from '../plan/reason.ts';
import type { RecordedError } from './event.ts';
import { failStep } from './fail-step.ts';
import { obstruction, skipStep } from './obstruction.ts';
import type { PartitionProgress } from './partition-progress.ts';
import { stamp, type RunContext } from './run-context.ts';
import { runMissingChecks } from './run-checks.ts';
import { stepFields } from './step-name.ts';
import { runInputTests } from './transform-tests.ts';

export interface StaleStep {
  readonly partition: string | undefined;
  readonly reasons: readonly Reason[];
}

/**
 * The steps of an asset that are due, each found when it is asked for. Those that cannot run are recorded as skipped or failed on the way; that there are
 * none is recorded at the end. With `backfill: 'range'`, neighbors are one step.
 */
export async function* staleSteps(run: RunContext, asset: AssetDefinition, progress: PartitionProgress): AsyncGenerator<StaleStep> {
  const candidates = candidatePartitions(run, asset, run.request);
  progress.expect(candidates.count);
  const space = asset.backfill === 'range' ? run.record.space(asset.key) : undefined;
  const due = new Map<string, readonly Reason[]>();
  let [stale, fresh, seen] = [0, 0, 0];
  let isTested = false;
  let last: string | undefined;
  for (const partition of candidates.keys()) {
    if (run.signal.aborted && partition !== undefined) return await skipRest(run, asset, candidates.count - seen);
    seen++;
    const reasons = assess(run, asset, partition);
    if (reasons.length > 0 && !isTested) {
      isTested = true;
      await runInputTests(run, asset);
    }
    const rebuild = needsRebuild(asset, reasons, run.fullRefresh);
    const obstructed = obstruction(run, asset, { partition, stale: reasons.length > 0 });
    if (obstructed !== undefined) await skipStep(run, { asset: asset.key, partition }, obstructed);
    else if (rebuild !== undefined)
      failStep(run, { asset: asset.key, partition }, { error: rebuildError(asset, rebuild), milliseconds: 0 });
    else if (reasons.length > 0) {
      stale++;
      if (space !== undefined && partition !== undefined) due.set(partition, reasons);
      else yield { partition, reasons };
    } else {
      fresh++;
      last = partition;
      await runMissingChecks(run, asset, partition);
    }
    if (reasons.length === 0 || obstructed !== undefined || rebuild !== undefined) progress.done(partition);
  }
  if (space !== undefined) yield* ranges(space, due);
  if (stale > 0 || fresh === 0) return;
  const reason = candidates.count === 1 ? freshness(run, asset, last) : `every partition is as it was materialized (${fresh})`;
  const step = { asset: asset.key, partition: candidates.count === 1 ? last : undefined };
  await run.emit({ type: 'step.skipped', ...stamp(run), ...stepFields(step), cause: 'fresh', reason });
}

/** Neighbors as one step, for all of the reasons that they have; reasons of one kind are told once. */
export function* ranges(space: PartitionSpace, due: ReadonlyMap<string, readonly Reason[]>): Generator<StaleStep> {
  for (const partition of space.ofKeys(due.keys()).rangeKeys()) {
    const reasons = new Map<string, Reason>();
    for (const key of space.range(partition)?.keys() ?? [partition])
      for (const reason of due.get(key) ?? []) reasons.set(reason.kind + ('asset' in reason ? reason.asset : ''), reason);
    yield { partition, reasons: [...reasons.values()] };
  }
}

/** There may be a million of them. */
function skipRest(run: RunContext, { key }: AssetDefinition, left: number): Promise<void> {
  const reason = `the run was canceled: ${left} ${left === 1 ? 'partition was' : 'partitions were'} left`;
  return skipStep(run, { asset: key, partition: undefined }, { cause: 'canceled', reason });
}

const rebuildError = ({ key }: AssetDefinition, reason: string): RecordedError => ({
  code: 'TABLE_NEEDS_REBUILD',
  message: `${key}: ${reason}.`,
  remedy: `Run: spindle materialize --select ${key} --full-refresh`,
  transient: false,
});
