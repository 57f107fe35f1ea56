import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allOf, anyOf, eager, not, onCron } from '../../../src/runtime/automation/condition.ts';
import { cronOf, cronProblem, nextTick, previousTick, ticksBetween } from '../../../src/runtime/automation/cron.ts';

const at = (iso: string) => new Date(iso);
const isoTicks = (cron: string, timezone: string, [from, to]: readonly [string, string]) =>
  [...ticksBetween({ cron, timezone }, at(from), at(to))].map((tick) => tick.toISOString().slice(0, 16));

const schedule = fc.record({
  cron: fc.constantFrom('5 * * * *', '*/20 * * * *', '30 2 * * *', '0 0 * * 1', '15 3 1 * *', '0 9-17/4 * * 1-5'),
  timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
});
const moment = fc.integer({ min: Date.UTC(2026, 0) / 1000, max: Date.UTC(2026, 11) / 1000 }).map((seconds) => new Date(seconds * 1000));

describe('ticks', () => {
  it('are the same seen forward and backward', () => {
    fc.assert(
      fc.property(schedule, moment, (schedule, now) => {
        const previous = previousTick(schedule, now)!;
        const next = nextTick(schedule, now)!;
        expect(previous.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(next.getTime()).toBeGreaterThan(now.getTime());
        expect(nextTick(schedule, previous)).toEqual(next);
        expect(previousTick(schedule, next)).toEqual(next);
        expect(previousTick(schedule, new Date(next.getTime() - 1))).toEqual(previous);
        expect([...ticksBetween(schedule, previous, next)]).toEqual([next]);
      }),
      { numRuns: 1000 },
    );
  });

  it('follow the wall clock of the zone across clock changes', () => {
    expect(isoTicks('30 2 * * *', 'Europe/Berlin', ['2026-03-28T00:00Z', '2026-03-30T12:00Z'])).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
    expect(isoTicks('30 2 * * *', 'Europe/Berlin', ['2026-10-24T12:00Z', '2026-10-26T12:00Z'])).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
    expect(isoTicks('0 * * * *', 'Europe/Berlin', ['2026-10-24T23:00Z', '2026-10-25T02:00Z'])).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T01:00',
      '2026-10-25T02:00',
    ]);
  });

  it('at the two ends of a span count behind the first and up to the last', () => {
    expect(isoTicks('0 * * * *', 'UTC', ['2026-01-01T00:00Z', '2026-01-01T02:00Z'])).toEqual(['2026-01-01T01:00', '2026-01-01T02:00']);
    expect(isoTicks('0 * * * *', 'UTC', ['2026-01-01T02:00Z', '2026-01-01T01:00Z'])).toEqual([]);
  });

  it('are found where the last one is long ago', () => {
    expect(previousTick({ cron: '0 0 29 2 *', timezone: 'UTC' }, at('2027-01-01T00:00:00Z'))).toEqual(at('2024-02-29T00:00:00Z'));
  });
});

describe('a schedule', () => {
  it.each([
    ['* * * *', 'UTC', '"* * * *" is no cron expression: write the five fields'],
    ['@daily', 'UTC', '"@daily" is no cron expression'],
    ['0 * * * * *', 'UTC', 'is no cron expression'],
    ['61 * * * *', 'UTC', 'cannot be read (Invalid value for minute: 61): write five fields'],
    ['0 0 30 2 *', 'UTC', 'never ticks: name a date that exists.'],
    ['5 * * * *', 'Mars/Base', 'in the time zone "Mars/Base" cannot be read'],
  ])('%s in %s is refused', (cron, timezone, expected) => {
    expect(cronProblem({ cron, timezone })).toContain(expected);
    expect(() => nextTick({ cron, timezone }, at('2026-01-01T00:00:00Z'))).toThrow(expect.objectContaining({ code: 'CRON_INVALID' }));
  });

  it('is found wherever it stands in a condition, once', () => {
    const { condition } = allOf(
      onCron('5 * * * *'),
      anyOf(eager(), not(onCron('0 3 * * *', { timezone: 'Europe/Berlin' }))),
      onCron('5 * * * *'),
    );
    expect(cronOf(condition)).toEqual([
      { cron: '5 * * * *', timezone: 'UTC' },
      { cron: '0 3 * * *', timezone: 'Europe/Berlin' },
    ]);
    expect(cronOf(eager().condition)).toEqual([]);
  });
});
