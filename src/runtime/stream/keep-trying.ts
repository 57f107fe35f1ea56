import type { Clock } from '../resource/clock.ts';
import type { StreamNotice } from './notice.ts';

/** Milliseconds: of the first pause, and of the longest. */
const FIRST = 500;
const LONGEST = 60_000;

export interface Trying {
  readonly clock: Clock;
  /** Ends it: after that no error matters. */
  readonly until: AbortSignal;
  /** Nothing is tried again after it; an error of what is brought to its end then is thrown. */
  readonly drain: AbortSignal;
  tell(notice: Extract<StreamNotice, { type: 'interrupted' | 'resumed' }>): void;
}

/**
 * Does the work again and again until it ends by itself, with growing pauses. Every error counts alike: what is terminal for a run may be mended under a
 * service (a topic's next incarnation begun, a bucket made), which then goes on without being started anew. The work calls `progressed` when it gets on.
 */
export async function keepTrying(work: (progressed: () => void) => Promise<void>, { clock, until, drain, tell }: Trying): Promise<void> {
  let delay = FIRST;
  let interrupted = false;
  const progressed = (): void => {
    delay = FIRST;
    if (interrupted) tell({ type: 'resumed' });
    interrupted = false;
  };
  while (!until.aborted && !drain.aborted) {
    try {
      return await work(progressed);
    } catch (error) {
      if (until.aborted) return;
      if (drain.aborted) throw error;
      tell({ type: 'interrupted', error, delay });
      interrupted = true;
      await clock.sleep(delay, AbortSignal.any([until, drain])).catch(() => {}); // the end is no error
      delay = Math.min(2 * delay, LONGEST);
    }
  }
}
