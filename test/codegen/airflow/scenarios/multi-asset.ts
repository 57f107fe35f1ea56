import { asset, assets, defineProject, job, onCron, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const orders = asset('orders', { store }).run(() => 1);
const { good, bad } = assets({
  outputs: { good: { key: 'split/good', store, description: 'What can be used.' }, bad: { key: 'split/bad', store } },
  deps: { orders },
}).run(() => ({ good: 1, bad: 0 }));
const report = asset('report', { store, deps: { good } }).run(() => 1);

export const project = defineProject({
  name: 'shop',
  assets: [orders, good, bad, report],
  jobs: [job('daily', { select: '**', automation: onCron('0 4 * * *') })],
  environments: { production },
});
