import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Clock } from '../resource/clock.ts';

/** The time of the machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await setTimeout(milliseconds, undefined, signal && { signal });
  },
};

/** The machine's clock, but for the instant: it is always the same one. */
export function clockAt(instant: string): Clock {
  return { ...systemClock, now: () => new Date(instant) };
}

/** A clock that stands still in every way: nothing takes any time, and who waits only lets the others have their turn. */
export function stillClock(instant: string): Clock {
  return { now: () => new Date(instant), elapsed: () => 0, sleep: () => setImmediate() };
}
