import { hasEnded, parseIdentity } from '../../drivers/disk/process-identity.ts';
import { RUN_STATUSES, type RunStore, type RunSummary } from '../../runtime/resource/run-store.ts';
import { shownParts, statusOfParts } from './run-parts.ts';

/** `died`: its process ended before the run did. */
export const SHOWN_STATUSES = [...RUN_STATUSES, 'died'] as const;
export type ShownStatus = (typeof SHOWN_STATUSES)[number];

export interface ListedRun extends Omit<RunSummary, 'status'> {
  readonly status: ShownStatus;
}

export interface RunsWanted {
  readonly limit: number;
  readonly tag: string | undefined;
  readonly status: ShownStatus | undefined;
}

/** Runs with the status that they are shown with, newest first. */
export async function listRuns(store: RunStore, { limit, tag, status }: RunsWanted): Promise<readonly ListedRun[]> {
  const runs = await store.runs({ ...(tag !== undefined && { tag }), ...(status === undefined && { limit }) });
  const listed: ListedRun[] = [];
  for (const run of runs) {
    if (listed.length === limit) break;
    // What succeeded or was canceled is no other thing: nothing has to be read for it.
    if (status !== undefined && run.status !== status && run.status !== 'running' && run.status !== 'failed') continue;
    const shown = await shownStatus(store, run);
    if (status === undefined || shown === status) listed.push({ ...run, status: shown });
  }
  return listed;
}

/** The status of a run. That its process died is in its log where the run store found out; else it is found out here, for a process of this machine. */
export async function shownStatus(store: RunStore, { run, status, parts }: RunSummary): Promise<ShownStatus> {
  if (parts !== undefined && (status === 'failed' || status === 'running'))
    return statusOfParts(shownParts({ parts }, await store.events({ run, types: ['run.started', 'run.finished'] })));
  if (status === 'failed') {
    const [finished] = await store.events({ run, types: ['run.finished'], limit: 1 });
    return finished?.type === 'run.finished' && finished.died === true ? 'died' : status;
  }
  if (status !== 'running') return status;
  const [started] = await store.events({ run, types: ['run.started'], limit: 1 });
  const identity = started?.type === 'run.started' && started.process !== undefined ? parseIdentity(started.process) : undefined;
  return identity !== undefined && hasEnded(identity) ? 'died' : status;
}
