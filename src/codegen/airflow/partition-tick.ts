import type { CronSchedule } from '../../runtime/automation/cron.ts';
import { startInstant } from '../../runtime/partitions/calendar.ts';
import type { TimeDefinition } from '../../runtime/partitions/definition.ts';
import type { TimeZones } from '../../runtime/partitions/time-zone.ts';

/** What ticks once in each window, as the five fields of a cron expression. */
const ONCE = {
  hour: /^\d+ \* \* \* \*$/,
  day: /^\d+ \d+ \* \* \*$/,
  // A week begins on Monday, and its key is that day.
  week: /^\d+ \d+ \* \* (1|MON)$/i,
  // Each month has these days.
  month: /^\d+ \d+ ([1-9]|1\d|2[0-8]) \* \*$/,
} as const;

/** True where each tick stands for one window, the one that ended last, and the tick before it lies in that window, as Airflow finds it. */
export function ticksOnce({ cron, timezone }: CronSchedule, definition: TimeDefinition, zones: TimeZones): boolean {
  const zone = definition.unit === 'hour' ? 'UTC' : definition.timezone;
  const fields = cron.trim().replaceAll(/\s+/g, ' ');
  if (timezone !== zone || !ONCE[definition.unit].test(fields)) return false;
  const [minute = 0, hour = 0] = fields.split(' ').map(Number);
  // Of a tick that clocks skip, Airflow takes the tick itself for the one before it.
  return definition.unit === 'hour' || !isSkipped((hour * 60 + minute) * MINUTE, definition, zones);
}

/** True where Airflow finds no end of an interval behind a change of clocks: it ticks every hour, and clocks change by a part of one. */
export function stopsAtClockChange({ cron, timezone }: CronSchedule, zones: TimeZones): boolean {
  const [, hours = ''] = cron.trim().split(/\s+/);
  if (!/^(\*|\*\/1|0-23)$/.test(hours)) return false;
  const zone = zones.get(timezone);
  const offsets = Array.from({ length: 2 * YEARS }, (_, half) => zone.offsetAt(Date.UTC(FIRST_YEAR, half * 6)));
  return offsets.some((offset, index) => index > 0 && (offset - offsets[index - 1]!) % HOUR !== 0);
}

const FIRST_YEAR = 2024;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 1440 * MINUTE;
const YEARS = 20;

/** Whether clocks skip a time of day, some day in twenty years from the start on. */
function isSkipped(time: number, definition: TimeDefinition, zones: TimeZones): boolean {
  const zone = zones.get(definition.timezone);
  const start = Math.floor((startInstant(definition, zones) ?? 0) / DAY) * DAY;
  for (let week = start; week < start + YEARS * 366 * DAY; week += 7 * DAY) {
    if (zone.offsetAt(week - DAY) === zone.offsetAt(week + 8 * DAY)) continue;
    for (let wall = week + time; wall < week + 7 * DAY; wall += DAY) {
      const instant = zone.firstInstantAt(wall);
      if (instant + zone.offsetAt(instant) !== wall) return true;
    }
  }
  return false;
}
