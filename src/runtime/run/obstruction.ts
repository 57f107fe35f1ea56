import type { AssetDefinition } from '../declare/definition.ts';
import { blockedBy } from '../plan/blocked.ts';
import type { PartitionSet } from '../partitions/set.ts';
import type { Edge } from '../plan/inputs.ts';
import { upstreamPart } from '../plan/upstream-part.ts';
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
      upstream.partitions === undefined || asset.partitions === undefined || run.memory.failure(upstream.key) === undefined
        ? undefined
        : partsBefore(run, { downstream: asset, dependency, partition });
    const failure = run.memory.failure(upstream.key, partitions);
    if (failure !== undefined && (stale || failure.cause !== 'check-failed')) return failure;
  }
  const reason = stale ? blockedBy(run, asset, partition) : undefined;
  return reason === undefined ? undefined : { cause: 'check-failed', reason };
}

/** The upstream's partitions that have to be done before: what is read of it, or, where it only runs before, the same one. */
function partsBefore(run: RunContext, edge: Edge): PartitionSet | undefined {
  const { mapping, upstream } = edge.dependency;
  if (mapping.kind !== 'order') return upstreamPart(run, edge).partitions;
  return run.record.space(upstream.key)?.ofKeys(edge.partition === undefined ? [] : [edge.partition]);
}

/** Records that a step is not done, and passes that on to its own dependents. */
export async function skipStep(run: RunContext, step: StepName, failure: Failure): Promise<void> {
  run.memory.fail(step, failure);
  await run.emit({ type: 'step.skipped', ...stamp(run), ...stepFields(step), ...failure });
}
