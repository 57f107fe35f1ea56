import {
  allOf,
  anyOf,
  asset,
  defineProject,
  eager,
  every,
  job,
  not,
  onCron,
  onMissing,
  onUpdate,
  overdue,
  partitions,
  source,
} from 'spindle';
import { production, rows } from '../environment.ts';

const raw = source('raw', { store: rows('raw') });
const daily = asset('daily', { store: rows('daily'), partitions: partitions.daily({ start: '2026-01-01' }) }).run(() => []);
const report = asset('report', { store: rows('report'), deps: { raw, daily }, freshness: { within: '1d' } }).run(() => []);
const months = asset('months', {
  store: rows('months'),
  partitions: partitions.monthly({ start: '2026-01' }),
  deps: { daily: every(daily) },
}).run(() => []);

/** What no version of Airflow can do, exported all the same. */
export const project = defineProject({
  name: 'shop',
  assets: [raw, daily, report, months],
  jobs: [
    job('repair', { select: 'stale or missing', automation: onMissing() }),
    job('report', { select: 'report', automation: overdue() }),
    job('quiet', { select: 'report', automation: allOf(onCron('0 4 * * *'), not(onUpdate(raw))) }),
    job('last of the month', { select: 'report', automation: onCron('0 4 15W * *') }),
    job('mornings', {
      select: 'report',
      automation: anyOf(onCron('0 8 * * *', { timezone: 'Europe/Berlin' }), onCron('0 8 * * *', { timezone: 'Asia/Tokyo' })),
    }),
    job('island', { select: 'report', automation: onCron('0 * * * *', { timezone: 'Australia/Lord_Howe' }) }),
    job('raw or at four, and daily', { select: 'report', automation: allOf(anyOf(onUpdate(raw), onCron('0 4 * * *')), onUpdate(daily)) }),
    job('alone', { select: 'daily', automation: eager() }),
    job('months', { select: 'months', automation: onUpdate(daily) }),
    job('both', { select: 'report', automation: onUpdate(raw, daily) }),
  ],
  environments: { production },
});
