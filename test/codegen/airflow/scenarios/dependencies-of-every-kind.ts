import { after, asset, defineProject, every, job, mapped, onCron, partitions, source, table, value } from 'spindle';
import { z } from 'zod';
import { production, rows } from '../environment.ts';

const daily = partitions.daily({ start: '2026-01-01' });
const Day = z.object({ day: z.iso.date(), sales: z.int() });
const feed = source('feed', { observe: () => 'etag', description: 'Prices of the exchange.' });
const prices = asset('prices', { store: value<number>(), deps: { feed }, codeVersion: '3' }).run(() => 1);
const sales = asset('sales', {
  store: table('main.sales', Day, { partitionBy: 'day' }),
  partitions: daily,
  backfill: 'range',
  timeout: '10m',
  deps: { prices },
  formerly: ['revenue'],
}).run(() => []);
const yearAgo = (key: string): string => `${Number(key.slice(0, 4)) - 1}${key.slice(4)}`;
const growth = asset('growth', {
  store: rows('growth'),
  partitions: daily,
  deps: { sales, before: mapped(sales, { upstream: (key) => [yearAgo(key)] }) },
}).run(() => []);
const best = asset('best', { store: rows('best'), deps: { growth: every(growth) } }).run(() => []);
const cleaned = asset('cleaned', { store: value<number>(), deps: { best: after(best) } }).run(() => 1);

export const project = defineProject({
  name: 'shop',
  assets: [feed, prices, sales, growth, best, cleaned],
  jobs: [job('daily', { select: '**', automation: onCron('0 4 * * *') })],
  environments: { production },
});
