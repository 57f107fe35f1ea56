import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import type { Condition } from '../../../src/runtime/automation/condition.ts';
import { decide } from '../../../src/runtime/automation/decide.ts';
import { createFactsSource } from '../../../src/runtime/automation/facts.ts';
import { groupFirings } from '../../../src/runtime/automation/groups.ts';
import { settle } from '../../../src/runtime/automation/loop.ts';
import type { AssetDefinition } from '../../../src/runtime/declare/definition.ts';
import type { Graph } from '../../../src/runtime/graph/graph.ts';
import { digest } from '../../../src/runtime/digest.ts';
import { assess } from '../../../src/runtime/plan/assess.ts';
import { inputVersions } from '../../../src/runtime/plan/inputs.ts';
import { startRun } from '../../../src/runtime/run/start-run.ts';
import { stillClock } from '../../../src/runtime/run/system-clock.ts';
import { build, one } from '../graph/parts.ts';

const COUNT = 5;
const KEYS = Array.from({ length: COUNT }, (_, index) => `a${index}`);

/** `sources` change when time passes; an asset with `broken` inputs of a version fails on them. */
interface World {
  readonly edges: readonly (readonly [number, number])[];
  readonly conditions: readonly (Condition | undefined)[];
  readonly broken: readonly boolean[];
  readonly minutes: readonly number[];
}

const hourly: Condition = { kind: 'cron', cron: '0 * * * *', timezone: 'UTC' };
const leaf = fc.oneof(
  fc.constantFrom<Condition>({ kind: 'eager' }, { kind: 'missing' }, hourly),
  fc.subarray(KEYS).map((assets): Condition => ({ kind: 'updated', assets })),
);
const condition = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Condition>({ kind: 'eager' }) },
  { weight: 3, arbitrary: leaf },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      conditions: fc.array(leaf, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: leaf.map((inner): Condition => ({ kind: 'not', condition: inner })) },
);
const world: fc.Arbitrary<World> = fc.record({
  edges: fc.array(
    fc.tuple(fc.nat(COUNT - 1), fc.nat(COUNT - 1)).filter(([from, to]) => from < to),
    { maxLength: 7 },
  ),
  conditions: fc.array(fc.option(condition, { nil: undefined, freq: 8 }), { minLength: COUNT, maxLength: COUNT }),
  broken: fc.array(fc.boolean(), { minLength: COUNT, maxLength: COUNT }),
  minutes: fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 3 }),
});

const store = { kind: 'value', spec: { resources: {}, readsRows: false } } as unknown as AssetDefinition['store'];

function graphOf({ edges, conditions }: World): Graph {
  const assets: AssetDefinition[] = [];
  KEYS.forEach((key, index) => {
    const upstream = [...new Set(edges.filter(([, to]) => to === index).map(([from]) => from))];
    const dependencies = Object.fromEntries(
      upstream.map((from) => [`d${from}`, { upstream: assets[from] as AssetDefinition, mapping: { kind: 'same' as const } }]),
    );
    assets.push(one(key, { store, dependencies, automation: conditions[index], codeVersion: '1', run: () => 0 }));
  });
  return build(assets);
}

/** Follows a world through its instants with a record alone: what a run would write is written in its place. */
async function follow(
  of: World,
  each: (facts: { readonly fired: readonly string[][]; readonly stale: readonly string[]; readonly graph: Graph }) => void,
) {
  const graph = graphOf(of);
  const runStore = createMemoryRunStore();
  let now = Date.UTC(2026, 0, 5, 9, 30);
  let runs = 0;
  for (const minutes of of.minutes) {
    now += minutes * 60_000;
    const at = new Date(now).toISOString();
    const start = (run: string) =>
      startRun({
        run,
        graph,
        selection: graph.keys,
        resources: { open: () => Promise.reject(new Error('nothing is opened')) },
        clock: stillClock(at),
        signal: new AbortController().signal,
        runStore,
      });
    const fired: string[][] = [];
    const evaluate = async () => {
      const source = createFactsSource(await start('decide'), (await runStore.state([])).fired);
      const decisions = decide(source);
      expect(decide(source)).toEqual(decisions);
      expect(JSON.parse(JSON.stringify(decisions))).toEqual(decisions);
      const subjects: string[] = [];
      for (const group of groupFirings(graph, decisions)) {
        const run = await start(`r${runs++}`);
        for (const { subject, why, causes, seen } of group.decisions) {
          subjects.push(subject);
          await run.emit({ type: 'automation.fired', run: run.run, at, subject, why, causes, seen });
        }
        for (const asset of group.keys.map((key) => graph.get(key))) {
          if (assess({ ...run, asked: ({ asset: key }) => group.asked[key] }, asset, undefined).length === 0) continue;
          const inputs = inputVersions(run, asset, undefined);
          const place = { run: run.run, at, asset: asset.key };
          const version = digest(asset.key, JSON.stringify(inputs), graph.upstream(asset.key).length === 0 ? at : '');
          if (of.broken[KEYS.indexOf(asset.key)] === true && parseInt(version, 16) % 2 === 0)
            await run.emit({
              type: 'step.failed',
              ...place,
              attempt: 1,
              milliseconds: 1,
              error: { code: 'ASSET_FAILED', message: 'no', transient: false },
            });
          else
            await run.emit({
              type: 'asset.materialized',
              ...place,
              version,
              codeVersion: '1',
              configVersion: run.configVersion(asset),
              inputs,
              milliseconds: 1,
              metadata: {},
            });
        }
      }
      fired.push(subjects);
      expect(fired.length).toBeLessThan(60);
      return { fired: subjects, nextTick: undefined };
    };
    // As a daemon does after each interval: what fires twice in a row waits for the next one.
    for (let interval = 0; interval < COUNT && fired.at(-1)?.length !== 0; interval++) await settle(evaluate, new AbortController().signal);
    const after = await start('after');
    const stale = graph.assets.filter((asset) =>
      assess(after, asset, undefined).some(({ kind }) => kind === 'missing' || kind === 'input'),
    );
    each({ fired, stale: stale.map(({ key }) => key), graph });
  }
}

const has = (kind: Condition['kind'], part: Condition | undefined): boolean =>
  part !== undefined &&
  (part.kind === kind ||
    ('conditions' in part && part.conditions.some((inner) => has(kind, inner))) ||
    (part.kind === 'not' && has(kind, part.condition)));

describe('following conditions', () => {
  it('comes to rest, answers each tick once, and leaves no eager asset stale', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(world, async (of) => {
        // A negation may hold for as long as it likes, and then fires each time that it is asked.
        const rests = !of.conditions.some((part) => has('not', part));
        const plain = KEYS.filter((_, index) => of.conditions[index] === hourly);
        const count = new Map<string, number>();
        await follow(of, ({ fired, stale, graph }) => {
          for (const key of fired.flat()) count.set(key, (count.get(key) ?? 0) + 1);
          if (rests) expect(fired.at(-1)).toEqual([]);
          const unsettled = new Set(stale);
          for (const [index, key] of KEYS.entries()) {
            const fails = KEYS.some((other, at) => of.broken[at] === true && (other === key || graph.ancestors(key).has(other)));
            if (!rests || fails || of.conditions[index]?.kind !== 'eager') continue;
            if (graph.upstream(key).every((upstream) => !unsettled.has(upstream))) expect(stale, key).not.toContain(key);
          }
        });
        const ticks = 1 + Math.floor((30 + of.minutes.reduce((sum, minutes) => sum + minutes, 0)) / 60);
        for (const key of plain) expect(count.get(key) ?? 0).toBeLessThanOrEqual(Math.min(ticks, of.minutes.length));
      }),
      { numRuns: 1000 },
    );
  });
});
