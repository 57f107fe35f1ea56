import { asset, defineProject, job, onCron, partitions, value } from 'spindle';
import { production } from '../environment.ts';

const hourly = partitions.hourly({ start: '2026-01-01' });
const visits = asset('visits', { store: value<number>(), partitions: hourly }).run(() => 1);
const visitors = asset('visitors', { store: value<number>(), partitions: hourly, deps: { visits } }).run(({ visits: count }) => count);

/** Four times a day, each run makes the six hours that its interval completes. */
export const project = defineProject({
  name: 'shop',
  assets: [visits, visitors],
  jobs: [job('visits', { select: '**', automation: onCron('10 */6 * * *'), airflow: { maxActiveRuns: 4 } })],
  environments: { production },
});
