import { asset, defineProject, job, value } from 'spindle';
import { production } from '../environment.ts';

const rates = asset('rates', { description: 'Exchange rates, as the bank tells them.', store: value<number>() }).run(() => 1);

/** Nothing but an asset and a job: the DAG runs when somebody triggers it. */
export const project = defineProject({
  name: 'shop',
  assets: [rates],
  jobs: [job('rates', { select: 'rates' })],
  environments: { production },
});
