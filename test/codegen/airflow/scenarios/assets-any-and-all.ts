import { allOf, anyOf, asset, defineProject, job, onUpdate, source, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const orders = source('orders', { store });
const clicks = source('clicks', { store });
const rates = source('rates', { store });
const report = asset('report', { store, deps: { orders, clicks, rates } }).run(() => 1);
const alarm = asset('alarm', { store, deps: { orders, rates } }).run(() => 1);

export const project = defineProject({
  name: 'shop',
  assets: [orders, clicks, rates, report, alarm],
  jobs: [
    job('report', { select: 'report', automation: allOf(anyOf(onUpdate(orders), onUpdate(clicks)), onUpdate(rates)) }),
    job('alarm', { select: 'alarm', automation: onUpdate(orders, rates) }),
  ],
  environments: { production },
});
