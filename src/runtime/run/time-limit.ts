import { SpindleError } from '../errors.ts';
import { createInterrupt, type Interrupt } from './interrupt.ts';

/** Runs work under a signal that also fires after so many milliseconds; then it rejects with STEP_TIMEOUT even where the work goes on regardless. */
export async function withTimeLimit<T>(
  limit: number | undefined,
  { signal: outer, interrupt }: { readonly signal: AbortSignal; readonly interrupt: Interrupt },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  if (limit === undefined) return interrupt(work(outer));
  const expiry = new AbortController();
  const timer = setTimeout(() => expiry.abort(timeout(limit)), limit);
  try {
    return await interrupt(createInterrupt(expiry.signal)(work(AbortSignal.any([outer, expiry.signal]))));
  } finally {
    clearTimeout(timer);
  }
}

function timeout(limit: number): SpindleError {
  return new SpindleError('STEP_TIMEOUT', `It took longer than its timeout of ${limit} ms.`, {
    remedy: 'Raise the timeout of the asset, or make it do less.',
  });
}
