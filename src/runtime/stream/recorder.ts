import type { Clock } from '../resource/clock.ts';
import type { RunStore } from '../resource/run-store.ts';
import type { RunEvent } from '../run/event.ts';

/** Milliseconds between two tries to write what the run store did not take. */
const PAUSE = 2_000;
/** Events that wait at most; beyond, the oldest flushes are left out: the data itself is where it belongs. */
const WAITING = 10_000;

/** Writes events in their order, and goes on trying where the run store is out of reach: a stream does not stop for its log. */
export interface Recorder {
  record(...events: readonly RunEvent[]): void;
  /** Resolves when all is written, or nothing more can be for `patience` milliseconds: then with the error. */
  end(patience: number): Promise<unknown>;
}

export function createRecorder(store: RunStore | undefined, clock: Clock): Recorder {
  let waiting: RunEvent[] = [];
  let writing: Promise<void> | undefined;
  let failure: unknown;
  const ended = new AbortController();
  const write = async (): Promise<void> => {
    while (waiting.length > 0 && !ended.signal.aborted) {
      const events = waiting;
      waiting = [];
      try {
        await store?.append(events);
        failure = undefined;
      } catch (error) {
        failure = error;
        waiting = [...events, ...waiting].slice(-WAITING);
        await clock.sleep(PAUSE, ended.signal).catch(() => {}); // the end is no error
      }
    }
    writing = undefined;
  };
  return {
    record(...events) {
      waiting.push(...events);
      writing ??= write();
    },
    async end(patience) {
      const over = new AbortController();
      await Promise.race([writing, clock.sleep(patience, over.signal).catch(() => {})]); // a sleep that is not needed any more
      over.abort();
      ended.abort();
      return waiting.length > 0 ? failure : undefined;
    },
  };
}
