import { setMaxListeners } from 'node:events';

/** Where readers wait until something arrives. */
export interface Arrival {
  /** Resolves with the next `arrived`; rejects with the signal's reason. */
  wait(signal?: AbortSignal): Promise<void>;
  arrived(): void;
}

export function createArrival(): Arrival {
  const waiting = new Set<() => void>();
  return {
    wait: (signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const end = (settle: () => void) => {
          waiting.delete(wake);
          signal?.removeEventListener('abort', abort);
          settle();
        };
        const wake = () => end(resolve);
        const abort = () => end(() => reject(signal?.reason as Error));
        waiting.add(wake);
        if (signal === undefined) return;
        // one signal may stop the readers of any number of partitions: Node takes more than ten listeners for a leak
        setMaxListeners(0, signal);
        signal.addEventListener('abort', abort);
      }),
    arrived() {
      for (const wake of waiting) wake();
    },
  };
}
