import type { CronSchedule } from '../../runtime/automation/cron.ts';
import type { TimeDefinition } from '../../runtime/partitions/definition.ts';

/** What ticks once in each window, as the five fields of a cron expression. */
const ONCE = {
  hour: /^\d+ \* \* \* \*$/,
  day: /^\d+ \d+ \* \* \*$/,
  // A week begins on Monday, and its key is that day.
  week: /^\d+ \d+ \* \* (1|MON)$/i,
  // Each month has these days.
  month: /^\d+ \d+ ([1-9]|1\d|2[0-8]) \* \*$/,
} as const;

/** True where each tick stands for one window, the one that ended last, and the tick before it lies in that window. */
export function ticksOnce({ cron, timezone }: CronSchedule, definition: TimeDefinition): boolean {
  const zone = definition.unit === 'hour' ? 'UTC' : definition.timezone;
  return timezone === zone && ONCE[definition.unit].test(cron.trim().replaceAll(/\s+/g, ' '));
}
