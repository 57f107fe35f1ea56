import { asset, check, defineProject, job, onCron, partitions, value } from 'spindle';
import { production } from '../environment.ts';

const hourly = partitions.hourly({ start: '2026-01-01' });
const orders = asset('bronze/orders', { store: value<number>(), partitions: hourly }).run(() => 1);
const revenue = asset('gold/revenue', { store: value<number>(), partitions: hourly, deps: { orders } }).run(() => 1);
const checks = [check(orders, 'nothing is "odd"', { blocking: true }).run(() => ({ passed: true }))];

export const project = defineProject({
  name: 'shop',
  assets: [orders, revenue],
  checks,
  jobs: [job('hourly', { select: '**', automation: onCron('5 * * * *') })],
  environments: { production },
  airflow: { operator: 'kubernetes' },
});
