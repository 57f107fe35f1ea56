/** Milliseconds behind the clock from which on a stream counts as late, and may send twice as fast. */
const LATE = 1_000;
/** A pause shorter than this is not worth a timer. */
const LEAST = 1;

export interface LimiterOptions {
  /** Records a second; undefined for as many as there are. */
  readonly rate: number | undefined;
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  elapsed(): number;
}

/** Says how many milliseconds to wait before a record is taken: until its own time has come, and as the rate wants. A stream that is late may catch up at twice the rate. */
export function createLimiter({ rate, now, elapsed }: LimiterOptions): (timestamp: number | undefined) => number {
  const step = rate === undefined ? 0 : 1_000 / rate;
  let free = elapsed();
  return (timestamp) => {
    const early = timestamp === undefined ? 0 : timestamp - now();
    const current = elapsed();
    // What was not used in a pause is lost, but for a second of it: no flood follows a quiet hour.
    free = Math.max(free, current - LATE) + (early < -LATE ? step / 2 : step);
    const wait = Math.max(early, free - current);
    return wait < LEAST ? 0 : wait;
  };
}
