import { asset, defineProject, job, onCron, source, value } from 'spindle';
import { production } from '../environment.ts';

const orders = source('raw/orders', { store: value<number>() });
const report = asset('gold/report', { store: value<number>(), deps: { orders } }).run(({ orders: count }) => count);

export const project = defineProject({
  name: 'shop',
  assets: [orders, report],
  jobs: [job('report', { select: '**', automation: onCron('30 6 * * MON-FRI', { timezone: 'Europe/Berlin' }) })],
  environments: { production },
  airflow: { timeout: '2h' },
});
