import { asset, defineProject, job, onUpdate, partitions, value, window } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const customer = partitions.dynamic('customers');
const daily = partitions.daily({ start: '2026-01-01' });
const profiles = asset('profiles', { store, partitions: customer }).run(() => 1);
const scores = asset('scores', { store, partitions: customer, deps: { profiles } }).run(() => 1);
const sales = asset('sales', { store, partitions: daily }).run(() => 1);
const smoothed = asset('smoothed', { store, partitions: daily, deps: { sales: window(sales, { from: -6, to: 0 }) } }).run(() => 1);

/** Keys that are registered at run time, and a window over seven days. */
export const project = defineProject({
  name: 'crm',
  assets: [profiles, scores, sales, smoothed],
  jobs: [
    job('profiles', { select: 'profiles' }),
    job('scores', { select: 'scores', automation: onUpdate(profiles) }),
    job('sales', { select: 'sales' }),
    job('smoothed', { select: 'smoothed', automation: onUpdate(sales) }),
  ],
  environments: { production },
});
