import { asset, defineProject, job, onCron, onUpdate, partitions } from 'spindle';
import { production, rows } from '../environment.ts';

const budget = asset('budget', { store: rows('budget'), partitions: partitions.monthly({ start: '2026-01' }) }).run(() => []);
const plan = asset('plan', { store: rows('plan'), partitions: partitions.daily({ start: '2026-01-01' }), deps: { budget } }).run(() => []);
const hourlyPlan = asset('hourly_plan', {
  store: rows('hourly_plan'),
  partitions: partitions.hourly({ start: '2026-01-01' }),
  deps: { plan },
}).run(() => []);
const pacing = asset('pacing', { store: rows('pacing'), partitions: partitions.hourly({ start: '2026-01-01' }), deps: { budget } }).run(
  () => [],
);

/** A month becomes its days, a day its hours; a month its hours by way of its days. */
export const project = defineProject({
  name: 'ads',
  assets: [budget, plan, hourlyPlan, pacing],
  jobs: [
    job('budget', { select: 'budget', automation: onCron('0 3 1 * *') }),
    job('plan', { select: 'plan', automation: onUpdate(budget) }),
    job('hourly plan', { select: 'hourly_plan', automation: onUpdate(plan) }),
    job('pacing', { select: 'pacing', automation: onUpdate(budget) }),
  ],
  environments: { production },
});
