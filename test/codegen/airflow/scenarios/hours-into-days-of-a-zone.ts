import { asset, defineProject, job, onCron, onUpdate, partitions } from 'spindle';
import { production, rows } from '../environment.ts';

const timezone = 'Europe/Berlin';
const hours = asset('hours', { store: rows('hours'), partitions: partitions.hourly({ start: '2026-01-01' }) }).run(() => []);
const days = asset('days', {
  store: rows('days'),
  partitions: partitions.daily({ start: '2026-01-01', timezone }),
  deps: { hours },
}).run(() => []);
const months = asset('months', {
  store: rows('months'),
  partitions: partitions.monthly({ start: '2026-01', timezone }),
  deps: { days },
}).run(() => []);

/** Hours are those of UTC: which of them make a day in Berlin no window of Airflow knows, so the day is made at each of them, as locally. */
export const project = defineProject({
  name: 'web',
  assets: [hours, days, months],
  jobs: [
    job('hours', { select: 'hours', automation: onCron('0 * * * *') }),
    job('days', { select: 'days', automation: onUpdate(hours) }),
    job('months', { select: 'months', automation: onUpdate(days) }),
  ],
  environments: { production },
});
