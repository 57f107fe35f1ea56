import type { Clock } from '../../runtime/resource/clock.ts';
import { backoffDelay } from '../../runtime/automation/loop.ts';

/** How long what could not be done has to wait before it is tried again: longer each time. */
export interface Backoff {
  waits(name: string): boolean;
  /** The milliseconds for which it still has to wait; 0 where it need not. */
  left(name: string): number;
  /** Gives the milliseconds to wait. */
  failed(name: string): number;
  worked(name: string): void;
}

export function createBackoff(clock: Clock): Backoff {
  const failures = new Map<string, { readonly count: number; readonly until: number }>();
  const left = (name: string): number => Math.max(0, (failures.get(name)?.until ?? -Infinity) - clock.elapsed());
  return {
    waits: (name) => left(name) > 0,
    left,
    failed(name) {
      const { count } = failures.get(name) ?? { count: 0 };
      const delay = backoffDelay(count);
      failures.set(name, { count: count + 1, until: clock.elapsed() + delay });
      return delay;
    },
    worked: (name) => void failures.delete(name),
  };
}
