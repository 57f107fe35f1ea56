import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient } from './transient.ts';

const FIRST_DELAY = 50;
const LONGEST_DELAY = 2_000;

export interface Patience {
  /** Milliseconds from the first attempt on after which none is begun. */
  readonly milliseconds: number;
  /** Ends the waiting, with its reason; not an attempt that is under way. */
  readonly signal: AbortSignal;
}

/** Attempts something, and again after growing pauses as long as it fails for a moment only; then rejects as the last attempt did. */
export async function withRetries<T>(attempt: () => Promise<T>, { milliseconds, signal }: Patience): Promise<T> {
  const deadline = performance.now() + milliseconds;
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      // at random, so that those who failed together do not come back together
      const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** tries) * (0.5 + Math.random() / 2);
      if (!isTransient(error) || performance.now() + delay > deadline) throw error;
      await waited(delay, signal);
    }
  }
}

async function waited(delay: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(delay, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
