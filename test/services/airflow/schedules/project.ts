import { installedProject, type InstalledProject } from '../installed-project.ts';

/** Jobs of every kind of schedule, and assets that fail, hang or are slow as long as there is a file of a name in `switches`. Each call is a line of `calls`. */
const SOURCE = `
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { asset, check, defineProject, job, objects, onCron, onUpdate, partitions, table, value } from 'spindle';
import { duckDb, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const root = process.env.SPINDLE_PROJECT_DIR;
const call = (line) => appendFileSync(root + '/calls', line + '\\n');
const isOn = (name) => existsSync(root + '/switches/' + name);
const number = () => value(z.number());
const hourly = partitions.hourly({ start: '2026-01-05T00:00Z' });
const daily = partitions.daily({ start: '2026-01-05' });

const Reading = z.object({ at: z.iso.datetime(), value: z.int() });
export const readings = asset('raw/readings', { store: objects('readings', Reading), partitions: hourly }).run((_, { partition }) => {
  call('readings ' + partition.key);
  return [{ at: partition.start.toISOString(), value: partition.start.getUTCHours() }];
});
export const days = asset('gold/days', { store: number(), deps: { readings }, partitions: daily }).run(async ({ readings }, { partition }) => {
  const rows = await readings.all();
  call('days ' + partition.key + ' of ' + rows.length);
  return rows.reduce((sum, row) => sum + row.value, 0);
});

export const one = asset('plain/one', { store: number() }).run((_, { now }) => now().getTime());
export const two = asset('plain/two', { store: number(), deps: { one } }).run(({ one }) => {
  call('two');
  return one;
});

const retry = { attempts: 3, backoff: 'fixed', delay: '1s' };
export const flaky = asset('flaky/asset', { store: number(), retry }).run((_, { step }) => {
  call('flaky try ' + step.attempt);
  if (step.attempt < 3) throw Object.assign(new Error('not yet'), { transient: true });
  return step.attempt;
});
export const hopeless = asset('hopeless/asset', { store: number(), retry }).run((_, { step }) => {
  call('hopeless try ' + step.attempt);
  if (isOn('hopeless')) throw new Error('never');
  return 1;
});

export const data = asset('gate/data', { store: number() }).run(() => 1);
export const after = asset('gate/after', { store: number(), deps: { data } }).run(({ data }) => {
  call('after');
  return data;
});
export const sound = check(data, 'it is sound', { blocking: true }).run(() => ({ passed: !isOn('unsound') }));
export const neat = check(data, 'it is neat', { severity: 'warn' }).run(() => ({ passed: false }));

const Row = z.object({ id: z.int(), text: z.string() });
export const big = asset('slow/table', { store: table('slow.big', Row, { write: 'replace' }), retry: { attempts: 3, backoff: 'fixed', delay: '8s' } }).run(
  async function* (_, { signal }) {
    call('big ' + process.pid);
    for (let id = 0; id < 60_000; id++) {
      if (id % 1000 === 0 && isOn('slow')) await setTimeout(100, undefined, { signal });
      yield { id, text: 'row ' + id };
    }
    call('big done');
  },
);

export const stuck = asset('stuck/asset', { store: number() }).run(async (_, { signal }) => {
  call('stuck');
  if (isOn('stuck')) await setTimeout(120_000, undefined, { signal });
  return 1;
});

export const project = defineProject({
  name: 'schedules',
  assets: [readings, days, one, two, flaky, hopeless, data, after, big, stuck],
  checks: [sound, neat],
  jobs: [
    job('hours', { select: 'raw/readings', automation: onCron('0 * * * *'), airflow: { maxActiveRuns: 4 } }),
    job('days', { select: 'gold/days', automation: onUpdate(readings) }),
    job('first', { select: 'plain/one' }),
    job('second', { select: 'plain/two', automation: onUpdate(one) }),
    job('flaky', { select: 'flaky/asset' }),
    job('hopeless', { select: 'hopeless/asset' }),
    job('gate', { select: 'gate/*' }),
    job('slow', { select: 'slow/table' }),
    job('stuck', { select: 'stuck/asset' }),
  ],
  environments: { local: { lake: fileSystemStore(), warehouse: duckDb(), runStore: sqliteRunStore() } },
  airflow: { sharedHost: true },
});
`;

export const schedulesProject = (): InstalledProject => installedProject(SOURCE);
