import { asset, defineProject, job, onCron, source, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const raw = source('raw', { store });
const parsed = asset('parsed', { deps: { raw } }).run(() => 1);
const cleaned = asset('cleaned', { deps: { parsed } }).run(() => 1);
const orders = asset('orders', { store, deps: { cleaned }, retry: { attempts: 3, backoff: 'fixed', delay: '1m' } }).run(() => 1);
const returned = asset('returned', { store, deps: { cleaned } }).run(() => 1);
const report = asset('report', { store, deps: { orders, returned } }).run(() => 1);

/** What is only in memory is made in the task that reads it, and joins all of its readers. */
export const project = defineProject({
  name: 'shop',
  assets: [raw, parsed, cleaned, orders, returned, report],
  jobs: [job('daily', { select: '**', automation: onCron('0 4 * * *') })],
  environments: { production },
});
