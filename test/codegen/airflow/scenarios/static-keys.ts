import { asset, defineProject, job, onCron, onUpdate, partitions } from 'spindle';
import { production, rows } from '../environment.ts';

const countries = asset('countries', { store: rows('countries'), partitions: partitions.of(['de', 'fr', 'it']) }).run(() => []);
const taxes = asset('taxes', { store: rows('taxes'), partitions: partitions.of(['de', 'fr']), deps: { countries } }).run(() => []);
const total = asset('total', { store: rows('total'), deps: { countries } }).run(() => []);

/** One task makes all countries that are due; taxes run for the country that is new; the total at each new country. */
export const project = defineProject({
  name: 'shop',
  assets: [countries, taxes, total],
  jobs: [
    job('countries', { select: 'countries', automation: onCron('0 4 * * *') }),
    job('taxes', { select: 'taxes', automation: onUpdate(countries) }),
    job('total', { select: 'total', automation: onUpdate(countries) }),
  ],
  environments: { production },
});
