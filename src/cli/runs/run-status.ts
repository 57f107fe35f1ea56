import { hasEnded, parseIdentity } from '../../drivers/disk/process-identity.ts';
import type { RunStatus, RunStore, RunSummary } from '../../runtime/resource/run-store.ts';

/** `died`: its process ended before the run did. */
export type ShownStatus = RunStatus | 'died';

/** The status of a run. That its process died is in its log where the run store found out; else it is found out here, for a process of this machine. */
export async function shownStatus(store: RunStore, { run, status }: RunSummary): Promise<ShownStatus> {
  if (status === 'failed') {
    const [finished] = await store.events({ run, types: ['run.finished'] });
    return finished?.type === 'run.finished' && finished.died === true ? 'died' : status;
  }
  if (status !== 'running') return status;
  const [started] = await store.events({ run, types: ['run.started'] });
  const identity = started?.type === 'run.started' && started.process !== undefined ? parseIdentity(started.process) : undefined;
  return identity !== undefined && hasEnded(identity) ? 'died' : status;
}
