import { hasEnded, parseIdentity } from '../../drivers/disk/process-identity.ts';
import type { RunStatus, RunStore, RunSummary } from '../../runtime/resource/run-store.ts';

/** `died`: recorded as running, by a process of this machine that is no more. */
export type ShownStatus = RunStatus | 'died';

export async function shownStatus(store: RunStore, { run, status }: RunSummary): Promise<ShownStatus> {
  if (status !== 'running') return status;
  const [started] = await store.events({ run, types: ['run.started'] });
  const identity = started?.type === 'run.started' && started.process !== undefined ? parseIdentity(started.process) : undefined;
  return identity !== undefined && hasEnded(identity) ? 'died' : status;
}
