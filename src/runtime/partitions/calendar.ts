import type { TimeDefinition, TimeUnit, TimeWindow } from './definition.ts';
import type { TimeZones } from './time-zone.ts';

/**
 * Time windows of one unit in one zone, numbered through: all arithmetic of windows is arithmetic of these numbers.
 * Window `i` ends where window `i + 1` starts. Hours are those of UTC whatever the zone; a week begins on Monday.
 */
export interface Calendar {
  /** The window that holds the instant. */
  indexAt(instant: number): number;
  /** The instant at which the window starts. */
  startOf(index: number): number;
  /** `2026-01-01T00:00Z` for an hour, `2026-01-01` for a day, a week's Monday, `2026-01` for a month. */
  keyOf(index: number): string;
  /** The window of a key as `keyOf` writes it; undefined for any other text. */
  indexOf(key: string): number | undefined;
  /** The window that a date or time in any usual writing falls into. */
  indexNear(text: string): number | undefined;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** No partition reaches behind it: keys have years of four digits. */
export const END_OF_TIME = Date.UTC(9999, 0, 1);

/** What a key of the unit looks like. */
export const KEY_FORMS: Readonly<Record<TimeUnit, string>> = {
  hour: 'an hour in UTC such as 2026-01-01T00:00Z',
  day: 'a day such as 2026-01-01',
  week: 'the Monday of a week such as 2026-01-05',
  month: 'a month such as 2026-01',
};

/** How a wall time is numbered, and the wall time at which a window starts. The epoch was a Thursday, so its week began three days before. */
const NUMBERING: Readonly<Record<TimeUnit, { number(wall: number): number; wall(index: number): number; length: number }>> = {
  hour: { number: (wall) => Math.floor(wall / HOUR), wall: (index) => index * HOUR, length: 16 },
  day: { number: (wall) => Math.floor(wall / DAY), wall: (index) => index * DAY, length: 10 },
  week: { number: (wall) => Math.floor((wall / DAY + 3) / 7), wall: (index) => (index * 7 - 3) * DAY, length: 10 },
  month: {
    number: (wall) => new Date(wall).getUTCFullYear() * 12 + new Date(wall).getUTCMonth(),
    wall: (index) => Date.UTC(Math.floor(index / 12), index - Math.floor(index / 12) * 12),
    length: 7,
  },
};

export function calendarOf({ unit, timezone }: Pick<TimeDefinition, 'unit' | 'timezone'>, zones: TimeZones): Calendar {
  const zone = zones.get(unit === 'hour' ? 'UTC' : timezone);
  const { number, wall, length } = NUMBERING[unit];
  const suffix = unit === 'hour' ? 'Z' : '';

  const startOf = (index: number) => zone.firstInstantAt(wall(index));
  const keyOf = (index: number) => new Date(wall(index)).toISOString().slice(0, length) + suffix;
  const indexAt = (instant: number) => {
    let index = number(instant + zone.offsetAt(instant));
    // Where clocks go back over midnight, the date goes back with them but the window does not.
    while (startOf(index + 1) <= instant) index += 1;
    while (startOf(index) > instant) index -= 1;
    return index;
  };
  const indexNear = (text: string) => {
    const time = parseWallTime(text);
    return time === undefined ? undefined : number(time);
  };
  const indexOf = (key: string) => {
    const index = indexNear(key);
    if (index === undefined || keyOf(index) !== key) return undefined;
    // A day that a zone skipped, such as 30 December 2011 in Samoa, is no partition.
    return startOf(index) < startOf(index + 1) ? index : undefined;
  };
  return { indexAt, startOf, keyOf, indexOf, indexNear };
}

export function windowAt(calendar: Calendar, index: number): TimeWindow {
  return { key: calendar.keyOf(index), start: new Date(calendar.startOf(index)), end: new Date(calendar.startOf(index + 1)) };
}

/** The number of the first window: the one that holds the definition's start. */
export function firstIndex(definition: TimeDefinition, zones: TimeZones): number {
  return calendarOf(definition, zones).indexAt(startInstant(definition, zones) ?? 0);
}

/** The instant that `start` names, a month, a date or a time without an offset being read in the definition's zone; undefined where it is no ISO month, date or instant from 1970 on. */
export function startInstant({ start, timezone }: Pick<TimeDefinition, 'start' | 'timezone'>, zones: TimeZones): number | undefined {
  const [, date, time = '', offset] = /^(\d{4}-\d\d(?:-\d\d)?)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(start) ?? [];
  const wall = parseWallTime(start);
  if (date === undefined || wall === undefined || date < '1970') return undefined;
  const instant = offset === undefined ? zones.get(timezone).firstInstantAt(wall) : Date.parse(date + time);
  return Number.isNaN(instant) ? undefined : instant;
}

/** The wall time of `2026`, `2026-01`, `2026-01-01`, `2026-01-01T00`, `2026-01-01 00:00:00Z` and the like, without regard to an offset. */
function parseWallTime(text: string): number | undefined {
  const match = /^(\d{4})(?:-(\d\d?)(?:-(\d\d?)(?:[T ](\d\d?)(?::?(\d\d)(?::?(\d\d)(?:\.\d+)?)?)?)?)?)?(?:Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const read = new Date(wall);
  const valid = read.getUTCMonth() === month - 1 && read.getUTCDate() === day && hour < 24 && minute < 60 && second < 60 && year >= 1000;
  return valid ? wall : undefined;
}
