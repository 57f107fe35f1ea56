import type { AssetDefinition } from '../declare/definition.ts';
import { isSpindleError } from '../errors.ts';
import { failStep } from './fail-step.ts';
import { observeSlices } from './observe.ts';
import { partitionProgress } from './partition-progress.ts';
import type { RunContext } from './run-context.ts';
import { recordedError } from './recorded-error.ts';
import { runStepAlone } from './run-step-alone.ts';
import { semaphore } from '../semaphore.ts';
import { staleSteps } from './stale-steps.ts';
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
  for (const unit of units) {
    for (const id of unit.after) {
      const known = dependents.get(id);
      if (known === undefined) dependents.set(id, [unit]);
      else known.push(unit);
    }
  }
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
  if (unit.transform !== undefined) await runTransform(run, unit.assets, (work) => pooled(undefined, work));
  else for (const asset of unit.assets) await runAsset(run, asset, pooled);
  for (const asset of unit.assets) await observeSlices(run, asset);
}

async function runAsset(run: RunContext, asset: AssetDefinition, pooled: Pooled): Promise<void> {
  if (asset.run === undefined && asset.transform === undefined) return; // a source: it was observed when the run began
  const progress = partitionProgress(run, asset);
  const steps = staleSteps(run, asset, progress);
  const lane = async (): Promise<void> => {
    for (let next = await steps.next(); next.done !== true; next = await steps.next()) {
      await runStepAlone(run, asset, { step: next.value, enter: (work) => pooled(asset.pool, work) });
      progress.done(next.value.partition);
    }
  };
  const lanes = asset.partitions === undefined || asset.store?.spec.exclusive === true ? 1 : run.concurrency;
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } catch (error) {
    // A function of a mapping, which no other asset has to do with.
    if (!isSpindleError(error) || error.place.asset !== asset.key) throw error;
    failStep(run, { asset: asset.key, partition: undefined }, { error: recordedError(error, asset.key), milliseconds: 0 });
  }
}
