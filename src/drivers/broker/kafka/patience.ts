import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_DELAY = 50;
const LONGEST_DELAY = 1_000;

/** The promise, or the signal's reason as soon as it is aborted. What the promise stands for goes on. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  // one signal may stop the readers of any number of partitions: Node takes more than ten listeners for a leak
  setMaxListeners(0, signal);
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

export interface Retries {
  /** Milliseconds from the first attempt on. */
  readonly patience: number;
  readonly signal?: AbortSignal | undefined;
  isTransient(error: unknown): boolean;
  /** Told of each failure that is followed by another attempt. */
  failed?(error: unknown): void;
}

/** Tries until it works, the failure is one that stays, or patience ends: then with the newest failure. */
export async function tryAgain<T>(attempt: () => Promise<T>, { patience, signal, isTransient, failed }: Retries): Promise<T> {
  const deadline = performance.now() + patience;
  for (let delay = FIRST_DELAY; ; delay = Math.min(2 * delay, LONGEST_DELAY)) {
    signal?.throwIfAborted();
    try {
      return await abortable(attempt(), signal);
    } catch (error) {
      if (signal?.aborted || !isTransient(error)) throw error;
      if (performance.now() + delay > deadline) throw error;
      failed?.(error);
    }
    await sleep(delay, undefined, { signal }).catch(() => undefined);
  }
}
