import { describe, expect, it } from 'vitest';
import { asset, every, materialize, partitions, table, value, window } from 'spindle';
import { z } from 'zod';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { createMemoryWarehouse } from '../../../src/drivers/warehouse/memory.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import { observe } from '../../../src/runtime/run/observe.ts';
import { planOf } from '../../../src/runtime/run/plan-of.ts';
import { startRun } from '../../../src/runtime/run/start-run.ts';
import { stillClock } from '../../../src/runtime/run/system-clock.ts';

const now = '2026-01-04T12:00:00Z';
const Event = z.object({ at: z.iso.datetime(), n: z.int() });

/** Events of three days, and a sum for each day. */
const pipeline = (late: number) => {
  const rows = ['2026-01-01', '2026-01-02', '2026-01-03'].map((day, index) => ({ at: `${day}T10:00:00.000Z`, n: index === 1 ? late : 1 }));
  const events = asset('events', { store: table('x.events', Event, { partitionBy: 'at' }), codeVersion: String(late) }).run(() => rows);
  const sums = asset('sums', { store: value(z.int()), deps: { events }, partitions: partitions.daily({ start: '2026-01-01' }) }).run(
    async ({ events }) => (await events.all()).reduce((sum, { n }) => sum + n, 0),
  );
  return [events, sums] as const;
};

describe('the plan of an asset that reads its day of a table', () => {
  it('does not call a day fresh or stale that nobody asked the table for since it changed', async () => {
    const resources = { lake: createMemoryObjectStore(), warehouse: createMemoryWarehouse() };
    const runStore = createMemoryRunStore();
    await materialize(pipeline(1), { resources, runStore, now });
    await materialize(pipeline(5), { resources, runStore, now, select: 'events' });
    const assets = pipeline(5);
    const start = () =>
      startRun({
        run: 'run',
        graph: buildGraph({ assets: assets.map(({ definition }) => definition), checks: [], jobs: [] }),
        selection: ['events', 'sums'],
        resources: { open: async (name) => resources[name as keyof typeof resources] },
        clock: stillClock(now),
        signal: new AbortController().signal,
        runStore,
      });
    const [, offline] = planOf(await start()).assets;
    expect(offline).toMatchObject({ action: 'perhaps', steps: [], waitsFor: ['events'] });
    const run = await start();
    await observe(run);
    const [, online] = planOf(run).assets;
    expect(online).toMatchObject({ action: 'run', steps: [{ partition: '2026-01-02', reasons: [{ kind: 'input', asset: 'events' }] }] });
  });
});

describe('the partitions of an asset that reads several others', () => {
  it('are those for which all of them are there', async () => {
    const daily = partitions.daily({ start: '2026-01-01' });
    const one = asset('one', { store: value(z.int()), partitions: daily }).run(() => 1);
    const two = asset('two', { store: value(z.int()), partitions: daily }).run(() => 2);
    const both = asset('both', { store: value(z.int()), partitions: daily, deps: { one, around: window(two, { from: -1, to: 0 }) } }).run(
      ({ one, around }) => one + around.length,
    );
    const run = await materialize([one, two, both], { resources: { lake: createMemoryObjectStore() }, now });
    const made = run.events.flatMap((event) => (event.type === 'asset.materialized' && event.asset === 'both' ? [event.partition] : []));
    expect({ ok: run.ok, made }).toEqual({ ok: true, made: ['2026-01-01', '2026-01-02', '2026-01-03'] });
  });
});

describe('an asset that reads an upstream in two ways', () => {
  it('is stale after a change in any of them', async () => {
    const daily = partitions.daily({ start: '2026-01-01' });
    const resources = { lake: createMemoryObjectStore() };
    const runStore = createMemoryRunStore();
    const run = async (second: number) => {
      const day = asset('day', { store: value(z.int()), partitions: daily, codeVersion: String(second) }).run((_, { partition }) =>
        partition.key === '2026-01-02' ? second : 1,
      );
      const share = asset('share', { store: value(z.number()), partitions: daily, deps: { all: every(day), day } }).run(
        ({ all, day }) => day / [...all.values()].reduce((sum, each) => sum + each, 0),
      );
      const result = await materialize([day, share], { resources, runStore, now });
      return result.output(share, { partition: '2026-01-01' });
    };
    expect([await run(2), await run(6)]).toEqual([1 / 4, 1 / 8]);
  });
});

describe('a day that an asset was made of', () => {
  it('is stale when all of its rows are gone from the table', async () => {
    const world = {
      resources: { lake: createMemoryObjectStore(), warehouse: createMemoryWarehouse() },
      runStore: createMemoryRunStore(),
      now,
    };
    const make = (...days: readonly string[]) => {
      const rows = days.map((day) => ({ at: `${day}T10:00:00.000Z`, n: 1 }));
      const events = asset('events', { store: table('x.events', Event, { partitionBy: 'at' }), codeVersion: days.join() }).run(() => rows);
      const counts = asset('counts', {
        store: value(z.int()),
        deps: { events },
        partitions: partitions.daily({ start: '2026-01-01' }),
      }).run(({ events }) => events.count());
      return [events, counts] as const;
    };
    await materialize(make('2026-01-01', '2026-01-02'), world);
    const without = make('2026-01-02');
    const run = await materialize(without, world);
    expect(run.explain(without[1])).toBe('counts [2026-01-01] ran because what it read of events is gone.');
    expect(await run.output(without[1], { partition: '2026-01-01' })).toBe(0);
    expect((await materialize(without, world)).ran).toEqual([]);
  });
});
