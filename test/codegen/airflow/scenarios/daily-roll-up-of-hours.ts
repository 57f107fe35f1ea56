import { asset, defineProject, eager, job, onCron, partitions } from 'spindle';
import { production, rows } from '../environment.ts';

const hours = asset('hours', { store: rows('hours'), partitions: partitions.hourly({ start: '2026-01-01' }) }).run(() => []);
const days = asset('days', { store: rows('days'), partitions: partitions.daily({ start: '2026-01-01' }), deps: { hours } }).run(() => []);
const weeks = asset('weeks', { store: rows('weeks'), partitions: partitions.weekly({ start: '2026-01-05' }), deps: { days } }).run(
  () => [],
);
const months = asset('months', { store: rows('months'), partitions: partitions.monthly({ start: '2026-01' }), deps: { days } }).run(
  () => [],
);
const digest = asset('digest', { store: rows('digest'), partitions: partitions.monthly({ start: '2026-01' }), deps: { hours } }).run(
  () => [],
);

/** Days follow hours, weeks and months follow days; a month directly over hours runs again at each of them, since Airflow knows no such window. */
export const project = defineProject({
  name: 'web',
  assets: [hours, days, weeks, months, digest],
  jobs: [
    job('hours', { select: 'hours', automation: onCron('2 * * * *') }),
    job('days', { select: 'days', automation: eager() }),
    job('weeks', { select: 'weeks', automation: eager() }),
    job('months', { select: 'months', automation: eager() }),
    job('digest', { select: 'digest', automation: eager() }),
  ],
  environments: { production },
});
