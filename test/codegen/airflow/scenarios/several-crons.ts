import { anyOf, asset, defineProject, job, onCron, value } from 'spindle';
import { production } from '../environment.ts';

const stock = asset('stock', { store: value<number>() }).run(() => 1);
const timezone = 'America/New_York';

export const project = defineProject({
  name: 'shop',
  assets: [stock],
  jobs: [
    job('stock', {
      select: 'stock',
      automation: anyOf(onCron('0 9-17 * * MON-FRI', { timezone }), onCron('0 12 * * SAT,SUN', { timezone })),
    }),
  ],
  environments: { production },
});
