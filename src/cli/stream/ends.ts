import { SpindleError } from '../../runtime/errors.ts';
import { after } from './after.ts';

/** Milliseconds in which what was read is to be landed once the end is ordered. */
const PATIENCE = 45_000;

/** The two ends of a stream: in order, by the signal or when the time is over; and at once, where that takes too long. Before the stream has begun there is only the second. */
export interface Ends {
  readonly signal: AbortSignal;
  readonly drain: AbortSignal;
  readonly begun: boolean;
  /** From now on it ends in order. */
  begin(): void;
  close(): void;
}

/** `lasting` is how many milliseconds it is to go on once it has begun; until it is stopped where that is undefined. */
export function createEnds(stop: AbortSignal, lasting: number | undefined): Ends {
  const hard = new AbortController();
  const soft = new AbortController();
  const stops: (() => void)[] = [];
  let begun = false;
  const end = (): void => {
    if (!begun) return hard.abort(stop.reason);
    if (soft.signal.aborted) return;
    soft.abort(stop.reason);
    const late = new SpindleError('CANCELED', `What was read could not be written within ${PATIENCE / 1000} seconds.`, {
      remedy: 'Nothing is lost: the next process goes on from there.',
    });
    stops.push(after(PATIENCE, () => hard.abort(late)));
  };
  if (stop.aborted) end();
  else stop.addEventListener('abort', end, { once: true });
  return {
    signal: hard.signal,
    drain: soft.signal,
    get begun() {
      return begun;
    },
    begin() {
      begun = true;
      if (lasting !== undefined) stops.push(after(lasting, end));
    },
    close() {
      stop.removeEventListener('abort', end);
      for (const stopTimer of stops) stopTimer();
    },
  };
}
