import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarOf, firstIndex, windowAt } from '../../../src/runtime/partitions/calendar.ts';
import { TIME_UNITS, type TimeUnit } from '../../../src/runtime/partitions/definition.ts';
import { createTimeZones } from '../../../src/runtime/partitions/time-zone.ts';
import { ZONES } from './zones.ts';

const zones = createTimeZones();
const HOUR = 3_600_000;
const calendar = (unit: TimeUnit, timezone: string) => calendarOf({ unit, timezone }, zones);
const day = (timezone: string, key: string) => {
  const days = calendar('day', timezone);
  const { start, end } = windowAt(days, days.indexOf(key)!);
  return { start: start.toISOString(), hours: (end.getTime() - start.getTime()) / HOUR };
};

const unit = fc.constantFrom(...TIME_UNITS);
const zone = fc.constantFrom(...ZONES);
const instant = fc.integer({ min: Date.UTC(1985, 0), max: Date.UTC(2040, 0) });

/** Instants around clock changes, where mistakes live: found by looking for a change of offset in a random month. */
const nearChange = fc.tuple(zone, instant, fc.integer({ min: -26 * HOUR, max: 26 * HOUR })).map(([timezone, from, shift]) => {
  const { offsetAt } = zones.get(timezone);
  let at = from;
  for (let step = 0; step < 400 && offsetAt(at) === offsetAt(at + 24 * HOUR); step += 1) at += 24 * HOUR;
  return { timezone, at: at + shift };
});

describe('time windows', () => {
  it('tile time without gap or overlap, across clock changes', () => {
    fc.assert(
      fc.property(unit, nearChange, (unit, { timezone, at }) => {
        const windows = calendar(unit, timezone);
        const index = windows.indexAt(at);
        expect(windows.startOf(index)).toBeLessThanOrEqual(at);
        expect(at).toBeLessThan(windows.startOf(index + 1));
        for (let near = index - 2; near <= index + 2; near += 1) {
          const { start, end } = windowAt(windows, near);
          expect(start.getTime()).toBeLessThanOrEqual(end.getTime());
          expect(windowAt(windows, near + 1).start).toEqual(end);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('have keys that lead back to them', () => {
    fc.assert(
      fc.property(unit, zone, instant, (unit, timezone, at) => {
        const windows = calendar(unit, timezone);
        const index = windows.indexAt(at);
        expect(windows.indexOf(windows.keyOf(index))).toBe(index);
        expect(windows.indexNear(windows.keyOf(index))).toBe(index);
      }),
      { numRuns: 2000 },
    );
  });

  it('have keys that sort as time does', () => {
    fc.assert(
      fc.property(unit, zone, instant, fc.integer({ min: 1, max: 5000 }), (unit, timezone, at, steps) => {
        const windows = calendar(unit, timezone);
        const index = windows.indexAt(at);
        expect(windows.keyOf(index) < windows.keyOf(index + steps)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('of a day hold the instants that the wall calendar gives that date', () => {
    // In Newfoundland clocks went back over midnight, so there the wall calendar is not in order.
    const ordered = ZONES.filter((name) => name !== 'America/St_Johns');
    const formats = new Map(ordered.map((timeZone) => [timeZone, new Intl.DateTimeFormat('sv-SE', { timeZone })]));
    fc.assert(
      fc.property(nearChange, ({ timezone, at }) => {
        fc.pre(formats.has(timezone as (typeof ordered)[number]));
        const days = calendar('day', timezone);
        expect(days.keyOf(days.indexAt(at))).toBe(formats.get(timezone as (typeof ordered)[number])!.format(at));
      }),
      { numRuns: 2000 },
    );
  });

  it('of a week and of a month start with the day that they are named after, in every zone', () => {
    fc.assert(
      fc.property(fc.constantFrom('week', 'month'), nearChange, (unit: TimeUnit, { timezone, at }) => {
        const windows = calendar(unit, timezone);
        const days = calendar('day', timezone);
        const index = windows.indexAt(at);
        const first = days.indexNear(unit === 'month' ? `${windows.keyOf(index)}-01` : windows.keyOf(index))!;
        expect(windows.startOf(index)).toBe(days.startOf(first));
        expect(new Date(`${days.keyOf(first)}T00:00Z`).getUTCDay() === 1 || unit === 'month').toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('of a day are as long as the day is', () => {
    expect(day('Europe/Berlin', '2026-03-29')).toEqual({ start: '2026-03-28T23:00:00.000Z', hours: 23 });
    expect(day('Europe/Berlin', '2026-10-25')).toEqual({ start: '2026-10-24T22:00:00.000Z', hours: 25 });
    expect(day('Australia/Lord_Howe', '2026-04-05').hours).toBe(24.5);
  });

  it('start at the clock change where midnight is skipped, and at the first midnight where there are two', () => {
    expect(day('America/Sao_Paulo', '2018-11-04')).toEqual({ start: '2018-11-04T03:00:00.000Z', hours: 23 });
    expect(day('America/Havana', '2026-11-01')).toEqual({ start: '2026-11-01T04:00:00.000Z', hours: 25 });
    expect(day('America/St_Johns', '2006-10-29')).toEqual({ start: '2006-10-29T02:30:00.000Z', hours: 25 });
  });

  it('of a day go on where clocks go back over midnight', () => {
    const days = calendar('day', 'America/St_Johns');
    // At 00:01 clocks went back to 23:01 of the day before: an hour of that date lies in the new day.
    expect(days.keyOf(days.indexAt(Date.UTC(2006, 9, 29, 2, 45)))).toBe('2006-10-29');
    expect(days.keyOf(days.indexAt(Date.UTC(2006, 9, 29, 2, 29)))).toBe('2006-10-28');
  });

  it('leave out a day that the zone skipped', () => {
    expect(calendar('day', 'Pacific/Apia').indexOf('2011-12-29')).toBeDefined();
    expect(calendar('day', 'Pacific/Apia').indexOf('2011-12-30')).toBeUndefined();
  });

  it('of an hour are those of UTC in every zone', () => {
    const hours = calendar('hour', 'Asia/Kolkata');
    expect(hours.keyOf(hours.indexAt(Date.UTC(2026, 0, 1, 5, 59)))).toBe('2026-01-01T05:00Z');
  });

  it.each([
    ['week', '2026-01-05', '2026-01-06'],
    ['month', '2026-01', '2026-13'],
    ['day', '2026-02-28', '2026-02-29'],
    ['day', '2026-01-01', '2026-1-1'],
    ['hour', '2026-01-01T00:00Z', '2026-01-01T00:30Z'],
  ] as const)('of a %s are called %s, and nothing is called %s', (unit, right, wrong) => {
    expect(calendar(unit, 'UTC').indexOf(right)).toBeDefined();
    expect(calendar(unit, 'UTC').indexOf(wrong)).toBeUndefined();
  });

  it('begin with the one that holds the start, which is read in the zone unless it has an offset', () => {
    const first = (start: string, timezone: string) =>
      calendar('day', timezone).keyOf(firstIndex({ kind: 'time', unit: 'day', start, timezone }, zones));
    expect(first('2026-01-01', 'America/New_York')).toBe('2026-01-01');
    expect(first('2026-01-01T00:00Z', 'America/New_York')).toBe('2025-12-31');
    expect(first('2026-01-01T12:00', 'America/New_York')).toBe('2026-01-01');
    const weeks = calendar('week', 'UTC');
    expect(weeks.keyOf(firstIndex({ kind: 'time', unit: 'week', start: '2026-01-01', timezone: 'UTC' }, zones))).toBe('2025-12-29');
  });
});
