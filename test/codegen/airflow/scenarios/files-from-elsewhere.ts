import { asset, defineProject, files, job, onCron, source, table } from 'spindle';
import { z } from 'zod';
import { production } from '../environment.ts';

const Order = z.object({ id: z.string(), cents: z.int() });
const inbox = source('inbox/orders', { description: 'What the shop wrote before.', store: files('inbox/orders', Order) });
const orders = asset('bronze/orders', { store: table('bronze.orders', Order, { write: 'append' }), deps: { inbox } }).run(
  ({ inbox }) => inbox,
);

/** A source is no task: Airflow knows it as an asset that the load reads. */
export const project = defineProject({
  name: 'shop',
  assets: [inbox, orders],
  jobs: [job('orders', { select: 'bronze/orders', automation: onCron('0 * * * *') })],
  environments: { production },
});
