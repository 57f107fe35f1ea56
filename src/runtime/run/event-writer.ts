import type { RunStore } from '../resource/run-store.ts';
import type { RunEvent } from './event.ts';

/**
 * Writes events in the order in which they come, without waiting for those before: the store keeps the order. Resolves when they are kept, and with them all
 * that came before. After an append that fails nothing is written: every later call rejects with its error.
 */
export function eventWriter({ append }: Pick<RunStore, 'append'>): (events: readonly RunEvent[]) => Promise<void> {
  let written: Promise<void> = Promise.resolve();
  let failed = false;
  return (events) => {
    if (events.length === 0 || failed) return written;
    written = Promise.all([written, append(events)]).then(() => {});
    written.catch(() => (failed = true)); // whoever emits next, or ends the run, gets this rejection
    return written;
  };
}
