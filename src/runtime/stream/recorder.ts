import { SpindleError } from '../errors.ts';
import type { Clock } from '../resource/clock.ts';
import type { RunStore } from '../resource/run-store.ts';
import type { RunEvent } from '../run/event.ts';

/** Milliseconds between two tries to write what the run store did not take. */
const PAUSE = 2_000;
/** Flushes and interruptions that wait at most; beyond, the oldest are left out: the data itself is where it belongs. */
const WAITING = 10_000;

/** Writes events in their order, and goes on trying where the run store is out of reach: a stream does not stop for its log. */
export interface Recorder {
  record(...events: readonly RunEvent[]): void;
  /** Resolves when all is written, or nothing more can be for `patience` milliseconds: then with the error. */
  end(patience: number): Promise<Error | undefined>;
}

export function createRecorder(store: RunStore | undefined, clock: Pick<Clock, 'sleep'>): Recorder {
  let waiting: readonly RunEvent[] = [];
  /** Being written. */
  let under: readonly RunEvent[] = [];
  let writing: Promise<void> | undefined;
  let failure: unknown;
  const ended = new AbortController();
  const write = async (): Promise<void> => {
    while (waiting.length > 0 && !ended.signal.aborted) {
      [under, waiting] = [waiting, []];
      try {
        await store?.append(under);
        failure = undefined;
      } catch (error) {
        failure = error;
        waiting = shortened([...under, ...waiting]);
      }
      under = [];
      if (failure !== undefined) await clock.sleep(PAUSE, ended.signal).catch(() => {}); // the end is no error
    }
    writing = undefined;
  };
  return {
    record(...events) {
      waiting = shortened([...waiting, ...events]);
      writing ??= write();
    },
    async end(patience) {
      const over = new AbortController();
      await Promise.race([writing, clock.sleep(patience, over.signal).catch(() => {})]); // a sleep that is not needed any more
      over.abort();
      ended.abort();
      const lost = under.length + waiting.length;
      return lost === 0 ? undefined : ((failure as Error | undefined) ?? unwritten(lost, patience));
    },
  };
}

/** What begins and ends runs is kept: without it, nothing says what the rest belongs to. */
function shortened(events: readonly RunEvent[]): readonly RunEvent[] {
  let beyond = events.length - WAITING;
  if (beyond <= 0) return events;
  return events.filter(({ type }) => type === 'run.started' || type === 'run.finished' || --beyond < 0);
}

const unwritten = (events: number, patience: number): SpindleError =>
  new SpindleError('RUN_STORE_UNREACHABLE', `The run store did not take the last ${events} events within ${patience / 1000} seconds.`, {
    remedy: 'What was produced and landed is where it belongs: the next run finds it there. See that the run store can be reached.',
    transient: true,
  });
