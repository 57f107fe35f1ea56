import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asset, partitions, table, value, window } from 'spindle';
import { z } from 'zod';
import { stepSet } from '../../../src/cli/runs/step-set.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { createMemoryWarehouse } from '../../../src/drivers/warehouse/memory.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { runSelection } from '../../../src/runtime/run/run-selection.ts';
import { startRun } from '../../../src/runtime/run/start-run.ts';
import { stillClock } from '../../../src/runtime/run/system-clock.ts';
import { createTally } from '../../../src/runtime/run/tally.ts';

const DAYS = 5;
const LAST = `2026-01-0${DAYS}`;
const clock = stillClock('2026-02-01T00:00:00Z');

interface Plan {
  /** Calls after which each process ends, all but the last one, which is let be. */
  readonly ends: readonly number[];
  /** Days that fail in the first process. */
  readonly broken: readonly string[];
  readonly range: boolean;
  readonly concurrency: number;
}

const key = fc.integer({ min: 1, max: DAYS }).map((day) => `2026-01-0${day}`);
const plans: fc.Arbitrary<Plan> = fc.record({
  ends: fc.array(fc.integer({ min: 1, max: 2 * DAYS }), { maxLength: 3 }),
  broken: fc.uniqueArray(key, { maxLength: 3 }),
  range: fc.boolean(),
  concurrency: fc.integer({ min: 1, max: 4 }),
});

/** Days, rows of them, and what is made of two days: with the calls of each function for each partition or range. */
function pipeline({ range }: Plan) {
  const daily = partitions.daily({ start: '2026-01-01', timezone: 'UTC' });
  const called: string[] = [];
  let call = (_key: string): void => {};
  const of = (name: string, key: string): void => {
    call(key);
    called.push(`${name} ${key}`);
  };
  const days = asset('days', { store: value(z.string()), partitions: daily }).run((_, { partition }) => {
    of('days', partition.key);
    return partition.key;
  });
  const rows = asset('rows', {
    store: table('gold.rows', z.object({ at: z.iso.datetime() }), { partitionBy: 'at' }),
    partitions: daily,
    backfill: range ? 'range' : 'each',
    deps: { days: window(days, { from: 0, to: 0 }) },
  }).run((_, { partition }) => {
    of('rows', partition.key);
    return [{ at: partition.start.toISOString() }];
  });
  const pairs = asset('pairs', { store: value(z.int()), partitions: daily, deps: { days: window(days, { from: -1, to: 0 }) } }).run(
    ({ days }, { partition }) => {
      of('pairs', partition.key);
      return [...days.keys()].length;
    },
  );
  const graph = buildGraph({ assets: [days, rows, pairs].map(({ definition }) => definition), checks: [], jobs: [] });
  return { graph, called, onCall: (each: (key: string) => void) => void (call = each) };
}

describe('a backfill that ends at any call and is resumed', () => {
  it('makes every partition once by its log, and calls nothing again that it recorded', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { graph, called, onCall } = pipeline(plan);
        const runStore = createMemoryRunStore();
        const resources = { lake: createMemoryObjectStore(), warehouse: createMemoryWarehouse(), runStore } as Readonly<
          Record<string, unknown>
        >;
        const attempt = async (calls: number, broken: readonly string[]) => {
          const controller = new AbortController();
          let left = calls;
          onCall((key) => {
            if (left-- <= 0) {
              controller.abort();
              throw new Error('the process is no more');
            }
            if (broken.includes(key)) throw new Error('broken');
          });
          const made = (await runStore.events({ run: 'r1' })).filter((event) => event.type === 'asset.materialized');
          const tally = createTally();
          const run = await startRun({
            run: 'r1',
            graph,
            selection: graph.keys,
            resources: { open: async (name) => resources[name] },
            clock,
            signal: controller.signal,
            runStore,
            partitions: { from: '2026-01-01', to: LAST },
            force: true,
            concurrency: plan.concurrency,
            listen: tally.listen,
            done: stepSet(made, graph, {}).has,
          });
          return runSelection(run, { project: 'p', environment: 'e', selection: '**' }, tally.hasFailed);
        };
        for (const [index, calls] of plan.ends.entries()) await attempt(calls, index === 0 ? plan.broken : []);
        expect(await attempt(Infinity, [])).toBe('succeeded');

        const events = await runStore.events({ run: 'r1' });
        const made = stepsOf(events, graph);
        expect(made.toSorted()).toEqual(graph.keys.flatMap((asset) => days.map((day) => `${asset} ${day}`)).toSorted());
        // What was in work when a process ended was called and not recorded.
        const recorded = events.filter(({ type }) => type === 'asset.materialized').length;
        expect(called.length - recorded).toBeGreaterThanOrEqual(0);
        expect(called.length - recorded).toBeLessThanOrEqual(plan.ends.length * plan.concurrency);
      }),
      { numRuns: 1000 },
    );
  }, 120_000);
});

const days = Array.from({ length: DAYS }, (_, index) => `2026-01-0${index + 1}`);

/** Each partition that was made, a range as its partitions, as often as that happened. */
function stepsOf(events: readonly RunEvent[], graph: ReturnType<typeof buildGraph>): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== 'asset.materialized') return [];
    const { has } = stepSet([event], graph, {});
    return days.filter((day) => has({ asset: event.asset, partition: day })).map((day) => `${event.asset} ${day}`);
  });
}

describe('a set of recorded steps', () => {
  const daily = partitions.daily({ start: '2026-01-01', timezone: 'UTC' });
  const [old, whole] = [
    asset('gold/days', { partitions: daily, formerly: ['silver/days'] }).run(() => 1),
    asset('gold/all', {}).run(() => 1),
  ];
  const graph = buildGraph({ assets: [old.definition, whole.definition], checks: [], jobs: [] });
  const step = (asset: string, partition?: string): Extract<RunEvent, { type: 'step.started' }> => ({
    type: 'step.started',
    run: 'r1',
    at: '2026-01-01T00:00:00Z',
    asset,
    ...(partition !== undefined && { partition }),
    attempt: 1,
    reasons: [],
  });

  it('holds the partitions of a range, under the key that the asset has now', () => {
    const set = stepSet([step('silver/days', '2026-01-02..2026-01-04'), step('gold/days', '2026-01-08'), step('gone', 'x')], graph, {});
    const has = (partition: string) => set.has({ asset: 'gold/days', partition });
    expect(['2026-01-01', '2026-01-02', '2026-01-04', '2026-01-05', '2026-01-08'].map(has)).toEqual([false, true, true, false, true]);
    expect([...set.assets]).toEqual(['gold/days']);
    expect([...(set.partitions('gold/days') ?? [])]).toEqual(['2026-01-02..2026-01-04', '2026-01-08']);
    expect([...(set.partitions('gold/all') ?? [])]).toEqual([]);
  });

  it('holds every partition where the asset as a whole was told of', () => {
    const set = stepSet([step('gold/days', '2026-01-02'), step('gold/days'), step('gold/all')], graph, {});
    expect(set.has({ asset: 'gold/days', partition: '2026-01-05' })).toBe(true);
    expect(set.partitions('gold/days')).toBeUndefined();
    expect(set.has({ asset: 'gold/all', partition: undefined })).toBe(true);
  });
});
