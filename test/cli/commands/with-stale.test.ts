import { expect, it } from 'vitest';
import { callsOf, daysProject } from './days-project.ts';

it('spindle materialize --with-stale makes a partition, and again those that were made before and are stale by now', async () => {
  const { say, calls } = daysProject();
  await say('backfill', '-s', 'silver/days', '--from', '2026-01-02', '--to', '2026-01-04');
  calls();
  const shifted = ['-s', 'silver/days', '-p', '2026-01-06', '--config', 'silver/days.shift=1'];
  expect((await say('plan', ...shifted)).stdout).toContain('1 to run');
  expect((await say('materialize', ...shifted, '--with-stale')).exit).toBe(0);
  expect(calls()).toEqual(callsOf('days', 2, 3, 4, 6));
  expect((await say('materialize', ...shifted, '--with-stale')).exit).toBe(0);
  expect(calls()).toEqual([]);
});
