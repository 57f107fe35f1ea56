import { SpindleError } from '../errors.ts';

/** Runs work under a signal that also fires after so many milliseconds; then it rejects with STEP_TIMEOUT even where the work goes on regardless. */
export async function withTimeLimit<T>(
  limit: number | undefined,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const controller = new AbortController();
  const forward = () => controller.abort(outer.reason);
  outer.addEventListener('abort', forward, { once: true });
  const timer =
    limit === undefined
      ? undefined
      : setTimeout(
          () =>
            controller.abort(
              new SpindleError('STEP_TIMEOUT', `It took longer than its timeout of ${limit} ms.`, {
                remedy: 'Raise the timeout of the asset, or make it do less.',
              }),
            ),
          limit,
        );
  const { signal } = controller;
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  try {
    return await Promise.race([work(signal), aborted]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', forward);
  }
}
