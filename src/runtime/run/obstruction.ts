import type { AssetDefinition } from '../declare/definition.ts';
import { blockedBy } from '../plan/blocked.ts';
import { upstreamPartitions } from '../plan/inputs.ts';
import { stamp, type RunContext } from './run-context.ts';
import { stepFields } from './step-name.ts';

/** Whether a step cannot run because of what happened upstream; then that is recorded, and passed on to its own dependents. */
export async function isObstructed(run: RunContext, asset: AssetDefinition, partition: string | undefined): Promise<boolean> {
  const name = { asset: asset.key, partition };
  const skip = async (cause: 'upstream-failed' | 'check-failed' | 'canceled', reason: string) => {
    run.memory.fail(name, reason);
    await run.emit({ type: 'step.skipped', ...stamp(run), ...stepFields(name), cause, reason });
    return true;
  };
  if (run.signal.aborted) return skip('canceled', 'the run was canceled');
  for (const dependency of Object.values(asset.dependencies)) {
    const { upstream } = dependency;
    const partitions =
      upstream.partitions === undefined || asset.partitions === undefined
        ? undefined
        : [...upstreamPartitions(run, { downstream: asset, dependency, partition }), ...(partition === undefined ? [] : [partition])];
    const reason = run.memory.failure(upstream.key, partitions);
    if (reason !== undefined) return skip(reason.includes('blocking check') ? 'check-failed' : 'upstream-failed', reason);
  }
  const blocked = blockedBy(run, asset, partition);
  return blocked === undefined ? false : skip('check-failed', blocked);
}
