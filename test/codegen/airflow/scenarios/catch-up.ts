import { asset, defineProject, job, onCron, partitions, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const daily = asset('daily', { store, partitions: partitions.daily({ start: '2026-02-01' }) }).run(() => 1);
const weekly = asset('weekly', { store, partitions: partitions.weekly({ start: '2026-02-02', timezone: 'Asia/Tokyo' }) }).run(() => 1);

export const project = defineProject({
  name: 'shop',
  assets: [daily, weekly],
  jobs: [
    job('daily', { select: 'daily', automation: onCron('0 1 * * *'), airflow: { catchUp: true, maxActiveRuns: 8 } }),
    job('weekly', {
      select: 'weekly',
      automation: onCron('0 6 * * 1', { timezone: 'Asia/Tokyo' }),
      airflow: { catchUp: true, startDate: '2026-03-02T03:30:15' },
    }),
  ],
  environments: { production },
});
