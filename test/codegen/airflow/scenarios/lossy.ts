import { allOf, asset, defineProject, job, not, onCron, onMissing, onUpdate, overdue, partitions, source } from 'spindle';
import { production, rows } from '../environment.ts';

const raw = source('raw', { store: rows('raw') });
const daily = asset('daily', { store: rows('daily'), partitions: partitions.daily({ start: '2026-01-01' }) }).run(() => []);
const report = asset('report', { store: rows('report'), deps: { raw, daily }, freshness: { within: '1d' } }).run(() => []);

/** What no version of Airflow can do, exported all the same. */
export const project = defineProject({
  name: 'shop',
  assets: [raw, daily, report],
  jobs: [
    job('repair', { select: 'stale or missing', automation: onMissing() }),
    job('report', { select: 'report', automation: overdue() }),
    job('quiet', { select: 'report', automation: allOf(onCron('0 4 * * *'), not(onUpdate(raw))) }),
    job('both', { select: 'report', automation: onUpdate(raw, daily) }),
  ],
  environments: { production },
});
