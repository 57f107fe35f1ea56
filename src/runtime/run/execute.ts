import type { AssetDefinition } from '../declare/definition.ts';
import { assess } from '../plan/assess.ts';
import { candidatePartitions } from '../plan/candidates.ts';
import { freshness } from '../plan/explain.ts';
import { needsRebuild } from '../plan/plan.ts';
import type { Reason } from '../plan/reason.ts';
import type { RecordedError } from './event.ts';
import { failStep } from './fail-step.ts';
import { observeSlices } from './observe.ts';
import { obstruction, skipStep } from './obstruction.ts';
import { stamp, type RunContext } from './run-context.ts';
import { stepFields } from './step-name.ts';
import { runMissingChecks } from './run-checks.ts';
import { runStep } from './run-step.ts';
import { semaphore } from './semaphore.ts';
import { runTransform } from './run-transform.ts';
import { unitsOf, type Unit } from './unit.ts';

/**
 * Runs the selected assets in the order of the graph, as many steps at once as the run allows. What is stale is decided when an asset's
 * turn comes, with the versions that its inputs have then; so an upstream that ran and changed nothing leaves its dependents alone.
 */
export async function execute(run: RunContext): Promise<void> {
  const units = unitsOf(run.graph, run.selected);
  const waiting = new Map(units.map((unit) => [unit.id, unit.after.length]));
  const dependents = new Map<string, Unit[]>();
  for (const unit of units) for (const id of unit.after) dependents.set(id, [...(dependents.get(id) ?? []), unit]);
  const slot = semaphore(run.concurrency);
  const pools = new Map<string, ReturnType<typeof semaphore>>();
  const pooled = <T>(pool: string | undefined, work: () => Promise<T>): Promise<T> => {
    if (pool === undefined) return slot(work);
    const known = pools.get(pool) ?? semaphore(1);
    pools.set(pool, known);
    return known(() => slot(work));
  };

  await new Promise<void>((resolve, reject) => {
    let left = units.length;
    if (left === 0) resolve();
    const start = (unit: Unit): void => {
      runUnit(run, unit, pooled).then(() => {
        left--;
        if (left === 0) resolve();
        for (const dependent of dependents.get(unit.id) ?? []) {
          const count = (waiting.get(dependent.id) ?? 0) - 1;
          waiting.set(dependent.id, count);
          if (count === 0) start(dependent);
        }
      }, reject);
    };
    for (const unit of units) if (unit.after.length === 0) start(unit);
  });
}

type Pooled = <T>(pool: string | undefined, work: () => Promise<T>) => Promise<T>;

async function runUnit(run: RunContext, unit: Unit, pooled: Pooled): Promise<void> {
  if (unit.transform !== undefined) await pooled(undefined, () => runTransform(run, unit.assets));
  else for (const asset of unit.assets) await runAsset(run, asset, pooled);
  for (const asset of unit.assets) await observeSlices(run, asset);
}

async function runAsset(run: RunContext, asset: AssetDefinition, pooled: Pooled): Promise<void> {
  if (asset.run === undefined) return; // a source: it was observed when the run began
  const stale: { readonly partition: string | undefined; readonly reasons: readonly Reason[] }[] = [];
  let fresh = 0;
  const candidates = candidatePartitions(run, asset, run.request);
  for (const partition of candidates) {
    const reasons = assess(run, asset, partition);
    const rebuild = needsRebuild(asset, reasons, run.fullRefresh);
    const obstructed = obstruction(run, asset, { partition, stale: reasons.length > 0 });
    if (obstructed !== undefined) await skipStep(run, { asset: asset.key, partition }, obstructed);
    else if (rebuild !== undefined)
      failStep(run, { asset: asset.key, partition }, { error: rebuildError(asset, rebuild), milliseconds: 0 });
    else if (reasons.length > 0) stale.push({ partition, reasons });
    else {
      fresh++;
      await runMissingChecks(run, asset, partition);
    }
  }
  if (stale.length === 0 && fresh > 0) {
    const [only] = candidates;
    const reason = candidates.length === 1 ? freshness(run, asset, only) : `every partition is as it was materialized (${fresh})`;
    const step = { asset: asset.key, partition: candidates.length === 1 ? only : undefined };
    await run.emit({ type: 'step.skipped', ...stamp(run), ...stepFields(step), cause: 'fresh', reason });
  }
  const steps = stale.map((step) => () => pooled(asset.pool, () => runStep(run, asset, step)));
  if (asset.store?.spec.exclusive === true) for (const step of steps) await step();
  else await Promise.all(steps.map((step) => step()));
}

const rebuildError = ({ key }: AssetDefinition, reason: string): RecordedError => ({
  code: 'TABLE_NEEDS_REBUILD',
  message: `${key}: ${reason}.`,
  remedy: `Run: spindle materialize --select ${key} --full-refresh`,
  transient: false,
});
