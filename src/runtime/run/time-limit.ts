import { SpindleError } from '../errors.ts';

/** Runs work under a signal that also fires after so many milliseconds; then it rejects with STEP_TIMEOUT even where the work goes on regardless. */
export async function withTimeLimit<T>(
  limit: number | undefined,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const expiry = new AbortController();
  const timer = limit === undefined ? undefined : setTimeout(() => expiry.abort(timeout(limit)), limit);
  const signal = AbortSignal.any([outer, expiry.signal]);
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  try {
    return await Promise.race([work(signal), aborted]);
  } finally {
    clearTimeout(timer);
  }
}

function timeout(limit: number): SpindleError {
  return new SpindleError('STEP_TIMEOUT', `It took longer than its timeout of ${limit} ms.`, {
    remedy: 'Raise the timeout of the asset, or make it do less.',
  });
}
