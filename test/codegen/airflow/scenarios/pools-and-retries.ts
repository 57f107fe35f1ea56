import { asset, defineProject, job, onCron, resource, table } from 'spindle';
import { z } from 'zod';
import { production } from '../environment.ts';

const mail = resource<{ send(text: string): Promise<void> }>()('mail');
const Row = z.object({ id: z.int() });
const orders = asset('bronze/orders', {
  description: 'Orders of the shop, as its API tells them.\n\nThe API allows **one** caller at a time.',
  owners: ['shop-team', 'data-platform'],
  tags: { pii: '', tier: '1' },
  store: table('bronze.orders', Row),
  pool: 'shop api',
  retry: { attempts: 5, delay: '20s' },
  timeout: '45m',
}).run(() => []);
const users = asset('bronze/users', {
  owners: ['crm'],
  store: table('bronze.users', Row),
  pool: 'shop api',
  retry: { attempts: 2, backoff: 'fixed', delay: '1.5s' },
}).run(() => []);
const digest = asset('digest', { deps: { orders, users }, resources: { mail }, pool: 'mail' }).run(() => 1);

export const project = defineProject({
  name: 'shop',
  assets: [orders, users, digest],
  jobs: [job('daily', { select: '**', automation: onCron('0 4 * * *'), tags: ['critical'] })],
  environments: { production },
});
