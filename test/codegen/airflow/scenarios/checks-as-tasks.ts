import { asset, check, defineProject, job, onCron, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const orders = asset('bronze/orders', { store, retry: { attempts: 2, delay: '30s' } }).run(() => 1);
const total = asset('memory/total', { deps: { orders } }).run(() => 1);
const revenue = asset('gold/revenue', { store, deps: { total } }).run(() => 1);
const report = asset('gold/report', { store, deps: { revenue } }).run(() => 1);

const passes = () => ({ passed: true });
const checks = [
  check(orders, 'ids are unique', { blocking: true, description: 'An order is there once.' }).run(passes),
  check(orders, 'amounts are positive', { blocking: true }).run(passes),
  check(orders, 'there are as many as usual', { severity: 'warn' }).run(passes),
  check(orders, "customers aren't unknown").run(passes),
  check(revenue, 'is positive', { blocking: true }).run(passes),
];

/** Checks that block stand between an asset and its dependents; those of a task that makes several assets are run by it. */
export const project = defineProject({
  name: 'shop',
  assets: [orders, total, revenue, report],
  checks,
  jobs: [job('daily', { select: '**', automation: onCron('0 4 * * *') })],
  environments: { production },
});
