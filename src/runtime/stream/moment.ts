/** What came first: what was waited for, the end of the patience, or the order to come to an end. */
export type Moment<T> = { readonly kind: 'value'; readonly value: T } | { readonly kind: 'due' } | { readonly kind: 'drain' };

export interface Patience {
  /** How long to wait; Infinity for as long as it takes. */
  readonly milliseconds: number;
  readonly drain?: AbortSignal | undefined;
}

const DUE = { kind: 'due' } as const;
const DRAIN = { kind: 'drain' } as const;
/** A timer of Node waits no longer. */
const LONGEST = 2 ** 31 - 1;

/** Waits for one of the three. The work goes on where another came first: it can be waited for again. */
export async function firstOf<T>(work: Promise<T>, { milliseconds, drain }: Patience): Promise<Moment<T>> {
  if (drain?.aborted === true) return DRAIN;
  if (milliseconds <= 0) return DUE;
  if (milliseconds === Infinity && drain === undefined) return { kind: 'value', value: await work };
  return new Promise((resolve, reject) => {
    const timer = milliseconds === Infinity ? undefined : setTimeout(() => settle(DUE), Math.min(milliseconds, LONGEST));
    const onDrain = () => settle(DRAIN);
    const settle = (moment: Moment<T>) => {
      clearTimeout(timer);
      drain?.removeEventListener('abort', onDrain);
      resolve(moment);
    };
    drain?.addEventListener('abort', onDrain, { once: true });
    work.then(
      (value) => settle({ kind: 'value', value }),
      (error: unknown) => {
        clearTimeout(timer);
        drain?.removeEventListener('abort', onDrain);
        reject(error as Error);
      },
    );
  });
}
