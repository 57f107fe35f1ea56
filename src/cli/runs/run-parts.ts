import { hasEnded, parseIdentity } from '../../drivers/disk/process-identity.ts';
import type { RunPart, RunSummary } from '../../runtime/resource/run-store.ts';
import type { RunEvent } from '../../runtime/run/event.ts';
import type { ShownStatus } from './run-status.ts';

/** A part of a run as it is shown. */
export interface ShownPart extends Omit<RunPart, 'status'> {
  readonly status: ShownStatus;
  /** Of the part's newest try. */
  readonly startedAt: string;
  readonly try?: number;
  readonly maxTries?: number;
}

/** The parts of a run by name, in the order in which they first began. `events` holds the beginnings and ends of the run. */
export function shownParts({ parts = {} }: Pick<RunSummary, 'parts'>, events: readonly RunEvent[]): Readonly<Record<string, ShownPart>> {
  const shown: Record<string, ShownPart> = {};
  for (const event of events) {
    const { part: name } = event;
    const part = name === undefined ? undefined : parts[name];
    if (event.type !== 'run.started' || name === undefined || part === undefined) continue;
    const { external, process = '', at: startedAt } = event;
    const end = events.findLast((other) => other.part === name && other.type === 'run.finished');
    const status = statusOf(part, { died: end?.type === 'run.finished' && end.died === true, process });
    shown[name] = { ...part, status, startedAt, ...(external !== undefined && { try: external.try, maxTries: external.maxTries }) };
  }
  return shown;
}

/** A part whose process died counts as failed once the run store found out. */
function statusOf({ status }: RunPart, { died, process }: { readonly died: boolean; readonly process: string }): ShownStatus {
  if (status === 'failed' && died) return 'died';
  const identity = status === 'running' ? parseIdentity(process) : undefined;
  return identity !== undefined && hasEnded(identity) ? 'died' : status;
}

const PRECEDENCE: readonly ShownStatus[] = ['running', 'failed', 'died', 'canceled', 'succeeded'];

/** The status of a run with parts: that of the one that says most of it. */
export function statusOfParts(parts: Readonly<Record<string, ShownPart>>): ShownStatus {
  const statuses = new Set(Object.values(parts).map(({ status }) => status));
  return PRECEDENCE.find((status) => statuses.has(status)) ?? 'running';
}
