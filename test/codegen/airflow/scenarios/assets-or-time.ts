import { anyOf, asset, defineProject, job, onCron, onUpdate, source, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const orders = source('orders', { store });
const report = asset('report', { store, deps: { orders } }).run(() => 1);

export const project = defineProject({
  name: 'shop',
  assets: [orders, report],
  jobs: [job('report', { select: 'report', automation: anyOf(onUpdate(orders), onCron('0 8 * * *', { timezone: 'Europe/Berlin' })) })],
  environments: { production },
});
