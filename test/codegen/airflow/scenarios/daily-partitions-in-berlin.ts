import { asset, defineProject, job, onCron, partitions, value } from 'spindle';
import { production } from '../environment.ts';

const timezone = 'Europe/Berlin';
const daily = partitions.daily({ start: '2026-03-01', timezone });
const sales = asset('sales', { store: value<number>(), partitions: daily }).run(() => 1);

export const project = defineProject({
  name: 'shop',
  assets: [sales],
  jobs: [job('sales', { select: 'sales', automation: onCron('0 5 * * *', { timezone }) })],
  environments: { production },
});
