import type { Clock } from '../resource/clock.ts';
import { linkAbort } from './linked-abort.ts';
import type { StreamNotice } from './notice.ts';

/** Milliseconds: of the first pause, and of the longest. */
const FIRST = 500;
const LONGEST = 60_000;

export interface Trying {
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>;
  /** Ends it: after that no error matters. */
  readonly until: AbortSignal;
  /** Nothing is tried again after it; an error of what is brought to its end then is thrown. */
  readonly drain: AbortSignal;
  tell(notice: Extract<StreamNotice, { type: 'interrupted' | 'resumed' }>): void;
}

/** What the work says of itself. */
export interface Progress {
  /** It gets on: the next error is the first one. */
  progressed(): void;
  /** It has reached all that it needs, and there is nothing to do: it goes on, but that a try succeeds is not shown yet. */
  idle(): void;
}

/**
 * Does the work again and again until it ends by itself, with growing pauses. Every error counts alike: what is terminal for a run may be mended under a
 * service (a topic's next incarnation begun, a bucket made), which then goes on without being started anew.
 */
export async function keepTrying(work: (progress: Progress) => Promise<void>, { clock, until, drain, tell }: Trying): Promise<void> {
  const end = linkAbort(until, drain);
  let delay = FIRST;
  let interrupted = false;
  const resumed = (): void => {
    if (interrupted) tell({ type: 'resumed' });
    interrupted = false;
  };
  const progress: Progress = {
    idle: resumed,
    progressed() {
      delay = FIRST;
      resumed();
    },
  };
  try {
    while (!end.signal.aborted) {
      const begun = clock.elapsed();
      try {
        return await work(progress);
      } catch (error) {
        if (until.aborted) return;
        if (drain.aborted) throw error;
        if (clock.elapsed() - begun > LONGEST) delay = FIRST;
        tell({ type: 'interrupted', error, delay });
        interrupted = true;
        await clock.sleep(delay, end.signal).catch(() => {}); // the end is no error
        delay = Math.min(2 * delay, LONGEST);
      }
    }
  } finally {
    end.unlink();
  }
}
