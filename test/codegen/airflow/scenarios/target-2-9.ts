import { anyOf, asset, check, defineProject, eager, job, onCron, onUpdate, partitions, table } from 'spindle';
import { z } from 'zod';
import { production, rows } from '../environment.ts';

const hourly = partitions.hourly({ start: '2026-01-01' });
const Event = z.object({ at: z.iso.datetime() });
const events = asset('bronze/events', {
  group: 'bronze',
  store: table('bronze.events', Event, { partitionBy: 'at' }),
  partitions: hourly,
  retry: { attempts: 4, delay: '10s' },
}).run(() => []);
const sessions = asset('silver/sessions', { group: 'silver', store: rows('silver/sessions'), partitions: hourly, deps: { events } }).run(
  () => [],
);
const days = asset('gold/days', {
  store: rows('gold/days'),
  partitions: partitions.daily({ start: '2026-01-01' }),
  deps: { sessions },
}).run(() => []);
const page = asset('page', { store: rows('page'), deps: { days } }).run(() => []);
const checks = [check(events, 'ids are unique', { blocking: true }).run(() => ({ passed: true }))];

/** Files that load on Airflow 2.9 and all that came after it. */
export const project = defineProject({
  name: 'web',
  assets: [events, sessions, days, page],
  checks,
  jobs: [
    job('hourly', { select: 'bronze/** or silver/**', automation: onCron('5 * * * *'), airflow: { catchUp: true } }),
    job('daily', { select: 'gold/**', automation: eager() }),
    job('page', { select: 'page', automation: anyOf(onUpdate(days, sessions), onCron('0 6 * * *', { timezone: 'Europe/Berlin' })) }),
  ],
  environments: { production },
  airflow: { target: '2.9' },
});
