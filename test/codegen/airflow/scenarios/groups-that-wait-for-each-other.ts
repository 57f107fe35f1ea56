import { asset, defineProject, job, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const orders = asset('orders', { group: 'core', store }).run(() => 1);
const scores = asset('scores', { group: 'science', store, deps: { orders } }).run(() => 1);
const ranking = asset('ranking', { group: 'core', store, deps: { scores } }).run(() => 1);
const notes = asset('notes', { store, deps: { ranking } }).run(() => 1);

/** Core waits for science, which waits for core: the group is divided. */
export const project = defineProject({
  name: 'shop',
  assets: [orders, scores, ranking, notes],
  jobs: [job('all', { select: '**' })],
  environments: { production },
});
