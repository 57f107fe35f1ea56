import { SpindleError } from '../../runtime/errors.ts';
import type { FailedEvent, RunStore } from '../../runtime/resource/run-store.ts';
import type { ExternalTask, RunEvent } from '../../runtime/run/event.ts';
import { partOf } from '../../runtime/run/external-task.ts';
import { stepText } from '../progress/event-line.ts';

/** Failures that the error names one by one. */
const NAMED = 10;

/**
 * EARLIER_TRY_FAILED where the last recorded try of the task failed for good: each of its failures would come again. Airflow raises the number of tries of a
 * task that is cleared, and then it is tried again; so is what timed out, was stopped or died.
 */
export async function refuseHopelessTry(store: RunStore, run: string, task: ExternalTask): Promise<void> {
  const part = partOf(task);
  const recorded = await store.events({ run, types: ['run.started', 'step.failed', 'run.finished'] });
  const events = recorded.filter((event) => event.part === part);
  const at = events.findLastIndex(({ type }) => type === 'run.started');
  const earlier = externalOf(events[at]);
  if (earlier === undefined || earlier.try >= task.try || earlier.maxTries !== task.maxTries) return;
  const failures = terminalFailures(events.slice(at + 1));
  if (failures.length === 0) return;
  const issues = failures.slice(0, NAMED).map(({ error, ...step }) => `${stepText(step)}: error[${error.code}] ${error.message}`);
  throw new SpindleError('EARLIER_TRY_FAILED', `Try ${earlier.try} of the task ${part} failed, and another one would fail the same way.`, {
    issues: failures.length > NAMED ? [...issues, `… and ${failures.length - NAMED} more`] : issues,
    remedy: 'Mend it, then clear the task in Airflow.',
  });
}

const externalOf = (event: RunEvent | undefined): ExternalTask | undefined => (event?.type === 'run.started' ? event.external : undefined);

/** What failed in a try, where nothing of it may go better the next time; else nothing. */
function terminalFailures(events: readonly RunEvent[]): readonly FailedEvent[] {
  const end = events.findLast((event) => event.type === 'run.finished');
  if (end === undefined || end.status !== 'failed' || end.died === true) return [];
  const failures = events.filter((event) => event.type === 'step.failed');
  return failures.every(({ error }) => !error.transient && error.code !== 'STEP_TIMEOUT') ? failures : [];
}
