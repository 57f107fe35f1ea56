import { asset, defineProject, job, onCron, partitions, value } from 'spindle';
import { production } from '../environment.ts';

const hourly = partitions.hourly({ start: '2026-03-01T06:00Z' });
const events = asset('bronze/events', { store: value<number>(), partitions: hourly }).run(() => 1);
const sessions = asset('silver/sessions', { store: value<number>(), partitions: hourly, deps: { events } }).run(
  ({ events: count }) => count,
);

export const project = defineProject({
  name: 'web',
  assets: [events, sessions],
  jobs: [job('hourly', { select: '**', automation: onCron('5 * * * *') })],
  environments: { production },
});
