import { join } from 'node:path';
import { installedProject, type InstalledProject } from '../installed-project.ts';

/** Each call of a function is a line of `calls`; `stuck` hangs as long as there is a switch of that name. */
const SOURCE = `
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { asset, check, defineProject, job, objects, onUpdate, partitions, value } from 'spindle';
import { duckDb, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const root = process.env.SPINDLE_PROJECT_DIR;
const call = (line) => appendFileSync(root + '/calls', line + '\\n');
const number = () => value(z.number());
const regions = partitions.of(['eu', 'us']);

export const sales = asset('shop/sales', { store: objects('sales', z.object({ id: z.int() })), partitions: regions }).run((_, { partition, log }) => {
  log('the sales of ' + partition);
  console.log('printed for ' + partition);
  return Array.from({ length: partition === 'eu' ? 3 : 5 }, (_, id) => ({ id }));
});
export const totals = asset('shop/totals', { store: number(), deps: { sales }, partitions: regions }).run(async ({ sales }, { partition }) => {
  call('totals ' + partition + ' in ' + process.env.SPINDLE_AIRFLOW_RUN_ID);
  return (await sales.all()).length;
});

export const data = asset('gate/data', { store: number() }).run(() => 1);
export const after = asset('gate/after', { store: number(), deps: { data } }).run(({ data }) => data);
export const sound = check(data, 'it is sound', { blocking: true }).run(() => ({ passed: true }));

export const flaky = asset('flaky/asset', { store: number(), retry: { attempts: 3, backoff: 'fixed', delay: '1s' } }).run((_, { step }) => {
  call('flaky try ' + step.attempt);
  if (step.attempt < 2) throw Object.assign(new Error('not yet'), { transient: true });
  return step.attempt;
});
export const hopeless = asset('hopeless/asset', { store: number() }).run(() => {
  throw new Error('never');
});
export const stuck = asset('stuck/asset', { store: number() }).run(async (_, { signal }) => {
  call('stuck');
  if (existsSync(root + '/switches/stuck')) await setTimeout(120_000, undefined, { signal });
  return 1;
});

export const project = defineProject({
  name: 'native',
  assets: [sales, totals, data, after, flaky, hopeless, stuck],
  checks: [sound],
  jobs: [
    job('sales', { select: 'shop/sales' }),
    job('totals', { select: 'shop/totals', automation: onUpdate(sales), airflow: { maxActiveRuns: 2 } }),
    job('gate', { select: 'gate/*' }),
    job('flaky', { select: 'flaky/asset' }),
    job('hopeless', { select: 'hopeless/asset' }),
    job('stuck', { select: 'stuck/asset' }),
  ],
  environments: { local: { lake: fileSystemStore(), warehouse: duckDb(), runStore: sqliteRunStore() } },
  airflow: { sharedHost: true, experimental: { nativeTasks: true } },
});
`;

/** The project, for an Airflow that is configured to hand its tasks to the command line. */
export const nativeProject = (): InstalledProject =>
  installedProject(SOURCE, (root) => ({
    PYTHONPATH: join(root, 'node_modules/spindle/python'),
    AIRFLOW__SDK__COORDINATORS: JSON.stringify({
      native: { classpath: 'spindle_coordinator.SpindleCoordinator', kwargs: { project: root } },
    }),
    AIRFLOW__SDK__QUEUE_TO_COORDINATOR: JSON.stringify({ 'spindle-native': 'native' }),
  }));
