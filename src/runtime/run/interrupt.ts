/** Stops waiting for work as soon as a signal fires, whatever the work does. */
export type Interrupt = <T>(work: Promise<T>) => Promise<T>;

/** Rejects with the signal's reason. One listener stands for all that is waited for: a step that adds and removes its own takes longer than a small one runs. */
export function createInterrupt(signal: AbortSignal): Interrupt {
  const waiting = new Set<(reason: unknown) => void>();
  const stop = (): void => {
    for (const reject of waiting) reject(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  return (work) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) reject(signal.reason as Error);
      waiting.add(reject);
      work.then(
        (value) => {
          waiting.delete(reject);
          resolve(value);
        },
        (error: unknown) => {
          waiting.delete(reject);
          reject(error as Error);
        },
      );
    });
}
