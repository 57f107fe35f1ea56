import { asset, check, defineProject, job, onCron, partitions, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const days = partitions.daily({ start: '2026-01-01' });
const orders = asset('bronze/orders', { store, partitions: days, retry: { attempts: 3, delay: '30s' }, owners: ['sales'] }).run(() => 1);
const task = asset('task', { store, partitions: days, deps: { orders }, group: 'gold' }).run(() => 1);
const spindle = asset('spindle', { store, partitions: days, deps: { orders, task }, group: 'gold' }).run(() => 1);

/** The experiment: stubs without a command, which stands in a file of its own. Assets have the names that such a DAG file has for itself. */
export const project = defineProject({
  name: 'shop',
  assets: [orders, task, spindle],
  checks: [check(orders, "it isn't empty", { blocking: true }).run(() => ({ passed: true }))],
  jobs: [job('daily', { select: '**', automation: onCron('0 0 * * *') })],
  environments: { production },
  airflow: { experimental: { nativeTasks: true } },
});
