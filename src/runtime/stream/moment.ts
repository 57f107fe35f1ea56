import type { Clock } from '../resource/clock.ts';

/** What came first: what was waited for, the end of the patience, or the order to come to an end. */
export type Moment<T> = { readonly kind: 'value'; readonly value: T } | { readonly kind: 'due' } | { readonly kind: 'drain' };

export interface Patience {
  /** How long to wait; Infinity for as long as it takes. */
  readonly milliseconds: number;
  readonly drain?: AbortSignal | undefined;
  /** The clock's; a timer of the machine unless given. */
  readonly sleep?: Clock['sleep'];
}

const DUE = { kind: 'due' } as const;
const DRAIN = { kind: 'drain' } as const;
/** A timer of Node waits no longer. */
const LONGEST = 2 ** 31 - 1;

/** Waits for one of the three. The work goes on where another came first: it can be waited for again. */
export async function firstOf<T>(work: Promise<T>, { milliseconds, drain, sleep }: Patience): Promise<Moment<T>> {
  if (drain?.aborted === true) return DRAIN;
  if (milliseconds <= 0) return DUE;
  if (milliseconds === Infinity && drain === undefined) return { kind: 'value', value: await work };
  return new Promise((resolve, reject) => {
    const stopTimer =
      milliseconds === Infinity ? () => {} : startTimer(Math.min(milliseconds, LONGEST), () => end(() => resolve(DUE)), sleep);
    const onDrain = (): void => end(() => resolve(DRAIN));
    const end = (settle: () => void): void => {
      stopTimer();
      drain?.removeEventListener('abort', onDrain);
      settle();
    };
    drain?.addEventListener('abort', onDrain, { once: true });
    work.then(
      (value) => end(() => resolve({ kind: 'value', value })),
      (error: unknown) => end(() => reject(error as Error)),
    );
  });
}

/** Calls back after so many milliseconds, unless it is stopped. */
function startTimer(milliseconds: number, call: () => void, sleep: Clock['sleep'] | undefined): () => void {
  if (sleep === undefined) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  }
  const stopped = new AbortController();
  sleep(milliseconds, stopped.signal).then(call, () => {}); // it was stopped
  return () => stopped.abort();
}
