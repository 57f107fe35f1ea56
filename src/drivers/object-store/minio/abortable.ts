/** What `work` resolves to, or a rejection with the signal's reason as soon as it is aborted: then `discard` is given what comes too late. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined, discard?: (late: T) => void): Promise<T> {
  if (signal === undefined) return work;
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([aborted, work]);
  } catch (error) {
    if (signal.aborted) void work.then(discard, () => {}); // it was given up
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
