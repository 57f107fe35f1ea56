import { asset, defineProject, job, onUpdate, partitions } from 'spindle';
import { production, rows } from '../environment.ts';

const region = partitions.of(['eu', 'us']);
const hours = partitions.cross({ hour: partitions.hourly({ start: '2026-01-01' }), region });
const days = partitions.cross({ hour: partitions.daily({ start: '2026-01-01' }), region });
const orders = asset('orders', { store: rows('orders'), partitions: hours }).run(() => []);
const shipments = asset('shipments', { store: rows('shipments'), partitions: hours, deps: { orders } }).run(() => []);
const revenue = asset('revenue', { store: rows('revenue'), partitions: days, deps: { orders } }).run(() => []);

/** `hour=…|region=eu`: each dimension has a mapper of its own. */
export const project = defineProject({
  name: 'shop',
  assets: [orders, shipments, revenue],
  jobs: [
    job('orders', { select: 'orders' }),
    job('shipments', { select: 'shipments', automation: onUpdate(orders) }),
    job('revenue', { select: 'revenue', automation: onUpdate(orders) }),
  ],
  environments: { production },
});
