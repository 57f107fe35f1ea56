import type { AssetDefinition } from '../declare/definition.ts';
import { blockedBy } from '../plan/blocked.ts';
import { upstreamPartitions } from '../plan/inputs.ts';
import type { Failure } from './memory.ts';
import { stamp, type RunContext } from './run-context.ts';
import { stepFields, type StepName } from './step-name.ts';

/**
 * What keeps a step from running because of what happened upstream. A failed check keeps only a stale step from running: a fresh one has
 * used none of the data that failed.
 */
export function obstruction(
  run: RunContext,
  asset: AssetDefinition,
  { partition, stale }: { readonly partition: string | undefined; readonly stale: boolean },
): Failure | undefined {
  if (run.signal.aborted) return { cause: 'canceled', reason: 'the run was canceled' };
  for (const dependency of Object.values(asset.dependencies)) {
    const { upstream } = dependency;
    const partitions =
      upstream.partitions === undefined || asset.partitions === undefined
        ? undefined
        : [...upstreamPartitions(run, { downstream: asset, dependency, partition }), ...(partition === undefined ? [] : [partition])];
    const failure = run.memory.failure(upstream.key, partitions);
    if (failure !== undefined && (stale || failure.cause !== 'check-failed')) return failure;
  }
  const reason = stale ? blockedBy(run, asset, partition) : undefined;
  return reason === undefined ? undefined : { cause: 'check-failed', reason };
}

/** Records that a step is not done, and passes that on to its own dependents. */
export async function skipStep(run: RunContext, step: StepName, failure: Failure): Promise<void> {
  run.memory.fail(step, failure);
  await run.emit({ type: 'step.skipped', ...stamp(run), ...stepFields(step), ...failure });
}
