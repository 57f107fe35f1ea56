import { asset, defineProject, job, onCron, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const orders = asset('orders', { store, freshness: { within: '2h' } }).run(() => 1);
const revenue = asset('revenue', { store, deps: { orders }, freshness: { within: '6h' } }).run(() => 1);
const page = asset('page', { store, deps: { revenue }, freshness: { within: '6h' } }).run(() => 1);

export const project = defineProject({
  name: 'shop',
  assets: [orders, revenue, page],
  jobs: [
    job('hourly', { select: '**', automation: onCron('0 * * * *') }),
    job('page', { select: 'page', airflow: { onFailure: 'company.alerts.page_someone' } }),
  ],
  environments: { production },
  airflow: { onFailure: 'company.alerts.notify', onDeadline: 'company.alerts.late' },
});
