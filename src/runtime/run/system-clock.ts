import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../resource/clock.ts';

/** The time of the machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await setTimeout(milliseconds, undefined, signal && { signal });
  },
};

/** A clock that stands still; sleeping takes no time. */
export function fixedClock(instant: string): Clock {
  return { now: () => new Date(instant), sleep: async () => {} };
}
