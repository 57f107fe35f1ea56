import type { RunEvent } from './event.ts';

type Started = Extract<RunEvent, { type: 'run.started' }>;
type Finished = Extract<RunEvent, { type: 'run.finished' }>;

/** What ends a run, or the part of it that began so, whose process died before it could: a failure at the time of its last event. `began` is an ISO instant, as `at`. */
export function endOfDead({ run, part }: Started, { began, at }: { readonly began: string; readonly at: string }): Finished {
  const milliseconds = Date.parse(at) - Date.parse(began);
  return { type: 'run.finished', run, ...(part !== undefined && { part }), at, status: 'failed', died: true, milliseconds };
}
