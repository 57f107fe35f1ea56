import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../src/runtime/resource/clock.ts';

export interface ManualClock {
  readonly clock: Clock;
  /** Moves on, stopping at each moment at which somebody wakes, so that all have their turn. */
  advance(milliseconds: number): Promise<void>;
  /** How many sleep. */
  sleeping(): number;
}

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** Turns of the event loop that a chain of promises may take. */
const TURNS = 8;

/** A clock that stands still until the test moves it. */
export function manualClock(start = '2026-01-01T00:00:00.000Z'): ManualClock {
  const sleepers = new Set<Sleeper>();
  let elapsed = 0;
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn++) await setImmediate();
  };
  return {
    clock: {
      now: () => new Date(Date.parse(start) + elapsed),
      elapsed: () => elapsed,
      sleep: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted === true) return reject(signal.reason as Error);
          const end = (settled: () => void): void => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', abort);
            settled();
          };
          const abort = (): void => end(() => reject(signal?.reason as Error));
          const sleeper: Sleeper = { until: elapsed + milliseconds, wake: () => end(resolve) };
          sleepers.add(sleeper);
          signal?.addEventListener('abort', abort);
        }),
    },
    async advance(milliseconds) {
      const end = elapsed + milliseconds;
      for (await settle(); ; await settle()) {
        const [next] = [...sleepers].toSorted((a, b) => a.until - b.until);
        if (next === undefined || next.until > end) break;
        elapsed = Math.max(elapsed, next.until);
        next.wake();
      }
      elapsed = end;
      await settle();
    },
    sleeping: () => sleepers.size,
  };
}
