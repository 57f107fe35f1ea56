import { hasEnded, parseIdentity } from '../../drivers/disk/process-identity.ts';
import type { FiredEvent, RunStore } from '../../runtime/resource/run-store.ts';
import type { RunEvent } from '../../runtime/run/event.ts';

/** The newest firings whose runs came to an end of their own, or go on. One whose run was canceled or died is as if it had not been: it fires again. */
export async function answeredFirings(store: RunStore): Promise<readonly FiredEvent[]> {
  const { fired } = await store.state([]);
  const answered = new Map<string, boolean>();
  for (const { run } of fired) {
    if (!answered.has(run)) answered.set(run, isAnswer(await store.events({ run, types: ['run.started', 'run.finished'] })));
  }
  return fired.filter(({ run }) => answered.get(run));
}

/** A run that goes on again after it was stopped has two beginnings: the last event tells. One whose events are forgotten was long ago. */
function isAnswer(events: readonly RunEvent[]): boolean {
  const last = events.at(-1);
  if (last?.type === 'run.finished') return last.status !== 'canceled' && last.died !== true;
  const identity = last?.type === 'run.started' && last.process !== undefined ? parseIdentity(last.process) : undefined;
  return identity === undefined || !hasEnded(identity);
}
