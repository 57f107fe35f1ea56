import { describe, expect, it } from 'vitest';
import { after, asset, partitions, table, value, type Asset, type TimeWindow } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { z } from 'zod';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import type { ExternalTask, RunEvent } from '../../../src/runtime/run/event.ts';
import { runSelection } from '../../../src/runtime/run/run-selection.ts';
import { startRun } from '../../../src/runtime/run/start-run.ts';
import { stillClock } from '../../../src/runtime/run/system-clock.ts';
import { createTally } from '../../../src/runtime/run/tally.ts';
import { gate } from './gate.ts';

const RUN = '3f2a51b2-0000-8000-8000-000000000000';

/** One Airflow run whose tasks share their resources and a run store. */
function dagRun() {
  const { resources } = ephemeral();
  const runStore = createMemoryRunStore();
  const task = async (name: string, assets: readonly Asset[], options: { readonly tries?: number; readonly mapIndex?: number } = {}) => {
    const external: ExternalTask = {
      system: 'airflow',
      dag: 'music',
      run: 'scheduled',
      task: name,
      try: options.tries ?? 1,
      maxTries: 3,
      ...(options.mapIndex !== undefined && { mapIndex: options.mapIndex }),
    };
    const events: RunEvent[] = [];
    const tally = createTally();
    const graph = buildGraph({ assets: assets.map(({ definition }) => definition), checks: [], jobs: [] });
    const run = await startRun({
      run: RUN,
      external,
      graph,
      selection: graph.keys,
      resources: { open: async (name) => (resources as Record<string, unknown>)[name] },
      clock: stillClock('2026-01-03T00:00:00Z'),
      signal: new AbortController().signal,
      runStore,
      listen(event) {
        events.push(event);
        tally.listen(event);
      },
    });
    const status = await runSelection(run, { project: 'p', environment: 'e', selection: name }, tally.hasFailed);
    return { status, tally, events };
  };
  return { task, runStore };
}

describe('two tasks of one run', () => {
  it('never make the same asset at once: the second waits for the first, and finds it made', async () => {
    const { task, runStore } = dagRun();
    const door = gate();
    let calls = 0;
    const slow = asset('slow', { store: value() }).run(async () => {
      calls++;
      await door.pass();
      return 1;
    });
    const first = task('one', [slow]);
    await door.reached;
    const second = task('two', [slow], { mapIndex: 4 });
    await expect.poll(() => runStore.events({ run: RUN, types: ['step.waiting'] })).toHaveLength(1);
    door.open();
    expect([(await first).tally.materialized.length, (await second).tally.materialized.length, calls]).toEqual([1, 0, 1]);
    expect((await second).events.filter(({ type }) => type === 'step.waiting')).toMatchObject([{ part: 'two[4]', holder: `${RUN}/one` }]);
    expect((await second).tally.skipped).toMatchObject([{ cause: 'fresh', reason: `one of run ${RUN} made it meanwhile` }]);
  });

  it('keep their claims when the other one ends', async () => {
    const { task, runStore } = dagRun();
    const door = gate();
    const slow = asset('slow', { store: value() }).run(async () => {
      await door.pass();
      return 1;
    });
    const first = task('one', [slow]);
    await door.reached;
    await task('two', [asset('quick', { store: value() }).run(() => 1)]);
    const other = { name: 'slow', part: '', whole: true, run: 'other' };
    expect(await runStore.claim(other)).toMatchObject({ run: `${RUN}/one` });
    door.open();
    await first;
    expect(await runStore.claim(other)).toBe(undefined);
  });

  it('see what the other one made of a range before it is their turn', async () => {
    const { task } = dagRun();
    const door = gate();
    const made: string[] = [];
    const gated = asset('gated', { store: value() }).run(async () => {
      await door.pass();
      return 1;
    });
    const Day = z.object({ day: z.iso.date() });
    const store = table('silver.days', Day, { partitionBy: 'day' });
    const options = { store, backfill: 'range', partitions: partitions.daily({ start: '2026-01-01' }) } as const;
    const work = (_: unknown, { partition }: { partition: TimeWindow }) => {
      made.push(partition.key);
      return [{ day: '2026-01-01' }, { day: '2026-01-02' }];
    };
    const first = task('one', [gated, asset('days', { ...options, deps: { gated: after(gated) } }).run(work)]);
    await door.reached;
    expect((await task('two', [asset('days', options).run(work)])).status).toBe('succeeded');
    door.open();
    const { status, tally } = await first;
    expect([status, made]).toEqual(['succeeded', ['2026-01-01..2026-01-02']]);
    expect(tally.skipped).toMatchObject([{ asset: 'days', cause: 'fresh', reason: `two of run ${RUN} made it meanwhile` }]);
  });

  it('tell every event as their part of the run', async () => {
    const { task, runStore } = dagRun();
    const one = asset('one', { store: value() }).run((_, { log }) => {
      log('working');
      return 1;
    });
    await task('load', [one], { mapIndex: 0, tries: 2 });
    const events = await runStore.events({ run: RUN });
    expect(events.length).toBeGreaterThan(3);
    expect(new Set(events.map(({ part }) => part))).toEqual(new Set(['load[0]']));
    expect(events[0]).toMatchObject({
      type: 'run.started',
      external: { system: 'airflow', dag: 'music', run: 'scheduled', task: 'load', mapIndex: 0, try: 2, maxTries: 3 },
    });
  });
});

describe('a step of a task', () => {
  it('has one attempt, of the number of the try', async () => {
    const { task, runStore } = dagRun();
    const attempts: number[] = [];
    const flaky = asset('flaky', { store: value(), retry: { attempts: 5, delay: '1ms' } }).run((_, { step }) => {
      attempts.push(step.attempt);
      throw Object.assign(new Error('busy'), { transient: true });
    });
    expect((await task('load', [flaky])).status).toBe('failed');
    expect((await task('load', [flaky], { tries: 2 })).status).toBe('failed');
    expect(attempts).toEqual([1, 2]);
    const events = await runStore.events({ run: RUN, types: ['step.started', 'step.failed', 'step.retried'] });
    expect(events.map((event) => ('attempt' in event ? [event.type, event.attempt] : []))).toEqual([
      ['step.started', 1],
      ['step.failed', 1],
      ['step.started', 2],
      ['step.failed', 2],
    ]);
  });
});
