import { asset, check, defineProject, job, onCron, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const orders = asset('bronze/orders', { group: 'bronze', owners: ['shop'], store }).run(() => 1);
const users = asset('bronze/users', { group: 'bronze', owners: ['crm'], store, retry: { attempts: 3, delay: '1m' } }).run(() => 1);
const revenue = asset('gold/revenue', { group: 'gold', store, deps: { orders } }).run(() => 1);
const cohorts = asset('gold/cohorts', { group: 'gold', store, deps: { users, revenue } }).run(() => 1);
const page = asset('page', { store, deps: { cohorts } }).run(() => 1);
const checks = [check(orders, 'ids are unique', { blocking: true }).run(() => ({ passed: true }))];

export const project = defineProject({
  name: 'shop',
  assets: [orders, users, revenue, cohorts, page],
  checks,
  jobs: [job('daily', { select: '**', automation: onCron('0 4 * * *') })],
  environments: { production },
  airflow: { granularity: 'group' },
});
