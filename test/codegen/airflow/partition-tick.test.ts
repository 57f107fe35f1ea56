import { describe, expect, it } from 'vitest';
import { asset, defineProject, job, onCron, partitions } from 'spindle';
import { production, rows } from './environment.ts';
import { dagOf } from './exported.ts';

/** Whether a job with this schedule has a run for each partition. */
function isPartitioned(
  unit: 'hourly' | 'daily' | 'weekly' | 'monthly',
  cron: string,
  { zone = 'UTC', of = zone }: { readonly zone?: string; readonly of?: string } = {},
): boolean {
  const days = asset('days', { store: rows('days'), partitions: partitions[unit]({ start: '2026-01-01', timezone: of }) }).run(() => []);
  const jobs = [job('days', { select: 'days', automation: onCron(cron, { timezone: zone }) })];
  return dagOf(defineProject({ name: 'p', assets: [days], jobs, environments: { production } })).schedule.kind === 'partition';
}

describe('a schedule', () => {
  it.each([
    ['hourly', '0 * * * *'],
    ['hourly', ' 59  * * * * '],
    ['daily', '0 0 * * *'],
    ['daily', '30 23 * * *'],
    ['weekly', '0 6 * * 1'],
    ['weekly', '0 6 * * mon'],
    ['monthly', '0 0 1 * *'],
    ['monthly', '0 0 28 * *'],
  ] as const)('%s partitions end once at each tick of "%s"', (unit, cron) => {
    expect(isPartitioned(unit, cron)).toBe(true);
  });

  it.each([
    ['hourly', '0,30 * * * *'],
    ['hourly', '0 */1 * * *'],
    ['daily', '0 * * * *'],
    ['daily', '0 0 * * 1-5'],
    ['weekly', '0 6 * * 2'],
    ['weekly', '0 6 * * *'],
    ['monthly', '0 0 31 * *'],
    ['monthly', '0 0 1 */2 *'],
  ] as const)('%s partitions do not end once at each tick of "%s"', (unit, cron) => {
    expect(isPartitioned(unit, cron)).toBe(false);
  });

  it('ticks in the zone of the partitions; hours are those of UTC', () => {
    expect(isPartitioned('daily', '0 5 * * *', { zone: 'Europe/Berlin' })).toBe(true);
    expect(isPartitioned('daily', '0 5 * * *', { zone: 'Europe/Berlin', of: 'UTC' })).toBe(false);
    expect(isPartitioned('hourly', '0 * * * *', { zone: 'UTC', of: 'Europe/Berlin' })).toBe(true);
    expect(isPartitioned('hourly', '0 * * * *', { zone: 'Europe/Berlin' })).toBe(false);
  });

  it('does not tick at a time that clocks skip some day, since Airflow takes that day for another', () => {
    expect(isPartitioned('daily', '30 2 * * *', { zone: 'Europe/Berlin' })).toBe(false);
    expect(isPartitioned('daily', '30 2 * * *', { zone: 'Asia/Tokyo' })).toBe(true);
  });
});
