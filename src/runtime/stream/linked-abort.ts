import { setMaxListeners } from 'node:events';

/** An abort of its own, that others bring about too. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Leaves nothing behind at the others: they may outlive it by months. */
  unlink(): void;
}

/** As `AbortSignal.any`, but for work that is begun again and again under signals that stay: Node 20 remembers each composite of theirs for good. */
export function linkAbort(...others: readonly AbortSignal[]): LinkedAbort {
  const own = new AbortController();
  setMaxListeners(0, own.signal); // as many partitions listen as there are
  const onAbort = (event: Event): void => own.abort((event.target as AbortSignal).reason);
  const unlink = (): void => {
    for (const other of others) other.removeEventListener('abort', onAbort);
  };
  for (const other of others) {
    if (other.aborted) own.abort(other.reason);
    else other.addEventListener('abort', onAbort, { once: true });
  }
  return { signal: own.signal, abort: (reason) => own.abort(reason), unlink };
}
