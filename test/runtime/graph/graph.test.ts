import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eager, onCron, onUpdate } from '../../../src/runtime/automation/condition.ts';
import { asset, define } from '../../../src/runtime/declare/asset.ts';
import type { AssetDefinition, CheckDefinition, JobDefinition } from '../../../src/runtime/declare/definition.ts';
import { isSpindleError } from '../../../src/runtime/errors.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import { partitions } from '../../../src/runtime/partitions/definition.ts';
import { defineStore } from '../../../src/runtime/store/store.ts';
import { definitions, edgesArbitrary, reachable, reversed } from './assets.ts';

const build = (
  assets: readonly AssetDefinition[],
  { checks = [], jobs = [] }: { checks?: readonly CheckDefinition[]; jobs?: readonly JobDefinition[] } = {},
) => buildGraph({ assets, checks, jobs });
const issuesOf = (assets: readonly AssetDefinition[], rest?: Parameters<typeof build>[1]): readonly string[] => {
  try {
    build(assets, rest);
    return [];
  } catch (error) {
    if (!isSpindleError(error) || error.code !== 'GRAPH_INVALID') throw error;
    for (const issue of error.issues) expect(error.message).toContain(issue);
    return error.issues;
  }
};
const one = (key: string, spec: Partial<AssetDefinition> = {}): AssetDefinition => ({ ...define(key, {}), ...spec });
const check = (of: AssetDefinition, name: string): CheckDefinition => ({
  asset: of,
  name,
  blocking: false,
  severity: 'error',
  description: undefined,
  run: () => ({ passed: true }),
  uniqueId: undefined,
});
const job = (name: string, select: string, spec: Partial<JobDefinition> = {}): JobDefinition => ({
  name,
  select,
  automation: undefined,
  tags: [],
  ...spec,
});
const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

describe('the order of a graph', () => {
  it('is the same however the assets are listed, and every dependency comes first', () => {
    fc.assert(
      fc.property(
        edgesArbitrary().chain((edges) => fc.tuple(fc.constant(edges), shuffled(Object.keys(edges)))),
        ([edges, order]) => {
          const made = new Map(definitions(edges).map((definition) => [definition.key, definition]));
          const graph = build([...made.values()]);
          expect(build(order.map((key) => made.get(key)!)).keys).toEqual(graph.keys);
          for (const key of graph.keys) {
            const levels = edges[key]!.map((upstream) => graph.level(upstream));
            expect(graph.level(key)).toBe(levels.length === 0 ? 0 : Math.max(...levels) + 1);
          }
          expect(graph.keys).toEqual(Object.keys(edges).toSorted((a, b) => graph.level(a) - graph.level(b) || (a < b ? -1 : 1)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('holds the neighbors and everything behind them', () => {
    fc.assert(
      fc.property(edgesArbitrary(), fc.integer({ min: 0, max: 4 }), (edges, depth) => {
        const graph = build(definitions(edges));
        const down = reversed(edges);
        const inOrder = (keys: Iterable<string>) => graph.keys.filter((key) => [...keys].includes(key));
        for (const key of graph.keys) {
          expect(graph.upstream(key)).toEqual(inOrder(edges[key]!));
          expect(graph.downstream(key)).toEqual(inOrder(down[key]!));
          expect(inOrder(graph.ancestors(key))).toEqual(inOrder(reachable(edges, key, Infinity)));
          expect(inOrder(graph.descendants(key, depth))).toEqual(inOrder(reachable(down, key, depth)));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a cycle', () => {
  it('is reported exactly where there is one, as a path along dependencies', () => {
    let cyclic = 0;
    fc.assert(
      fc.property(edgesArbitrary({ cyclic: true }), (edges) => {
        const keys = Object.keys(edges);
        const has = keys.some((key) => reachableBySteps(edges, key).has(key));
        const issues = issuesOf(definitions(edges));
        expect(issues.length > 0).toBe(has);
        if (has) cyclic += 1;
        for (const issue of issues) {
          const path = /^CYCLE: (.*): an asset cannot depend on itself/.exec(issue)![1]!.split(' → ');
          expect(path.length).toBeGreaterThan(1);
          expect(path[0]).toBe(path.at(-1));
          for (const [index, key] of path.slice(1).entries()) expect(edges[key]).toContain(path[index]);
        }
      }),
      { numRuns: 2000 },
    );
    expect(cyclic).toBeGreaterThan(200);
  });

  it('is shown as its shortest path in the direction of the data, one for each knot', () => {
    expect(issuesOf(definitions({ a: ['c', 'b'], b: ['a'], c: ['b'], d: ['d'], e: ['a'] }))).toEqual([
      'CYCLE: a → b → a: an asset cannot depend on itself, take one of these dependencies out.',
      'CYCLE: d → d: an asset cannot depend on itself, take one of these dependencies out.',
    ]);
  });

  it('that is very long is shown shortened', () => {
    const keys = Array.from({ length: 50_000 }, (_, index) => `a${index}`);
    const [issue, ...others] = issuesOf(definitions(Object.fromEntries(keys.map((key, index) => [key, [keys.at(index - 1)!]]))));
    expect(others).toEqual([]);
    expect(issue).toMatch(/^CYCLE: a0 → a1 → .* → a17 → … → a0:/);
  });
});

/** By steps rather than by paths, since a cycle has endless paths. */
function reachableBySteps(edges: Readonly<Record<string, readonly string[]>>, start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  for (let round = 0; round <= Object.keys(edges).length; round += 1)
    for (const key of [start, ...reached]) for (const next of edges[key]!) reached.add(next);
  return reached;
}

describe('building a graph', () => {
  it('adds what the listed assets depend on', () => {
    const a = asset('a').run(() => 1);
    const b = asset('b', { deps: { a } }).run(({ a }) => a);
    const c = asset('c', { deps: { b } }).run(({ b }) => b);
    expect(build([c.definition]).keys).toEqual(['a', 'b', 'c']);
  });

  it('takes a chain of 100,000 assets and 5,000 in a mesh without delay', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) => `c${index}`);
    const long = definitions(Object.fromEntries(chain.map((key, index) => [key, index === 0 ? [] : [chain[index - 1]!]])));
    const graph = build(long.slice(-1));
    expect(graph.level('c99999')).toBe(99_999);
    expect(graph.ancestors('c99999').size).toBe(99_999);

    const mesh = Array.from({ length: 5000 }, (_, index) => `m${index}`);
    const upstreamsOf = (index: number) =>
      [...new Set([index - 1, index - 7, index >> 1])].filter((at) => at >= 0 && at < index).map((at) => mesh[at]!);
    const wide = definitions(Object.fromEntries(mesh.map((key, index) => [key, upstreamsOf(index)])));
    const started = performance.now();
    build(wide);
    // Some 100 ms on an idle machine; the bound leaves room for a busy one.
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('finds assets, jobs and checks by name, and suggests names that are like an unknown one', () => {
    const plays = one('bronze/plays');
    const graph = build([plays], { checks: [check(plays, 'b'), check(plays, 'a')], jobs: [job('nightly', '**'), job('daily', '**')] });
    expect(graph.get('bronze/plays')).toBe(plays);
    expect(graph.checksOf('bronze/plays').map(({ name }) => name)).toEqual(['a', 'b']);
    expect(graph.jobs.map(({ name }) => name)).toEqual(['daily', 'nightly']);
    expect(graph.job('nightly').select).toBe('**');
    expect(() => graph.get('bronze/play')).toThrow('There is no asset "bronze/play". Did you mean bronze/plays?');
    expect(() => graph.upstream('plays')).toThrow('Did you mean bronze/plays?');
    expect(() => graph.job('nigthly')).toThrow('There is no job "nigthly". Did you mean nightly?');
  });

  it('takes a typed reference to a model for the model itself', () => {
    const transform = { project: 'spotify', dir: '/dbt', uniqueId: 'model.top_songs', fqn: 'spotify.top_songs' };
    const model = one('gold/top_songs', { transform, description: 'The model' });
    const page = one('page', { dependencies: { top: { upstream: one('gold/top_songs', { transform }), mapping: { kind: 'same' } } } });
    expect(build([page, model]).get('gold/top_songs')).toBe(model);
  });

  it('reports every problem at once', () => {
    const wrong = one('bad key', { timeout: 'soon', automation: onCron('nope').condition });
    const issues = issuesOf([wrong, one('bad key')], { checks: [check(one('gone'), 'c')], jobs: [job('j', 'nothing')] });
    expect(issues.map((issue) => issue.split(':')[0])).toEqual([
      'KEY_CLASH',
      'KEY_INVALID',
      'DURATION_INVALID',
      'CRON_INVALID',
      'CHECK_UNKNOWN_ASSET',
      'JOB_SELECTION',
    ]);
  });
});

const daily = partitions.daily({ start: '2026-01-01' }).definition;
const hourly = partitions.hourly({ start: '2026-01-01' }).definition;
const on = (upstream: AssetDefinition) => ({ dependencies: { up: { upstream, mapping: { kind: 'same' } as const } } });
const rows = defineStore({
  kind: 'rows',
  durable: false,
  resources: {},
  schema: z.object({ a: z.int() }),
  problems: (key) => (key === 'bad' ? ['The column a cannot be stored: use another type.'] : []),
  write: () => Promise.resolve({ version: '1' }),
  read: () => undefined,
  version: () => Promise.resolve(undefined),
});

describe('a graph is refused', () => {
  const a = one('a');
  const made = { run: () => 1, shared: { name: 'x + y', output: 'x' } };
  it.each<[string, Parameters<typeof issuesOf>, string]>([
    ['two definitions of one key', [[a, one('a')]], 'KEY_CLASH: Two assets have the key a: rename one of them.'],
    ['another definition behind a dependency', [[a, one('b', on(one('a')))]], 'KEY_CLASH: Two assets have the key a'],
    ['keys that differ by case only', [[one('Gold/x'), one('gold/x')]], 'KEY_CLASH: Gold/x and gold/x only differ by case'],
    ['a former key that is in use', [[a, one('b', { formerly: ['a'] })]], 'KEY_CLASH: b was formerly called a, but there is an asset a'],
    [
      'a former key claimed twice',
      [[one('b', { formerly: ['o'] }), one('c', { formerly: ['o'] })]],
      'KEY_CLASH: b and c both claim the history of o',
    ],
    ['a key with a space', [[one('a b')]], 'KEY_INVALID: "a b" cannot be an asset\'s key: use segments of letters'],
    ['a key with an empty segment', [[one('a//b')]], 'KEY_INVALID: "a//b"'],
    ['a key that leads out of its folder', [[one('a/../b')]], 'KEY_INVALID: "a/../b"'],
    [
      'a check of an unknown asset',
      [[a], { checks: [check(one('z'), 'c')] }],
      'CHECK_UNKNOWN_ASSET: The check "c" is about z, which is not in the project',
    ],
    ['two checks of one name', [[a], { checks: [check(a, 'c'), check(a, 'c')] }], 'CHECK_CLASH: a has two checks called "c": rename one.'],
    ['two jobs of one name', [[a], { jobs: [job('j', 'a'), job('j', '*')] }], 'JOB_CLASH: Two jobs are called "j": rename one.'],
    [
      'a job that selects an unknown asset',
      [[a], { jobs: [job('j', 'aa')] }],
      'JOB_SELECTION: The selection of the job "j" is wrong: There is no asset "aa". Did you mean a?',
    ],
    [
      'a job that selects itself',
      [[a], { jobs: [job('j', 'job:k'), job('k', 'job:j')] }],
      'JOB_SELECTION: The selection of the job "j" is wrong: The selection of a job leads back to itself: k → j → k.',
    ],
    [
      'a job with a wrong schedule',
      [[a], { jobs: [job('j', 'a', { automation: onCron('* * *').condition })] }],
      'CRON_INVALID: job j: "* * *" is no cron expression',
    ],
    [
      'a timeout that is no duration',
      [[one('a', { timeout: '10' })]],
      'DURATION_INVALID: a, timeout: "10" is not a duration. Write a number and a unit',
    ],
    [
      'a delay that is no duration',
      [[one('a', { retry: { attempts: 2, backoff: 'fixed', delay: '1 week' } })]],
      'DURATION_INVALID: a, retry.delay: "1 week"',
    ],
    ['no attempts', [[one('a', { retry: { attempts: 0, backoff: 'fixed', delay: '1s' } })]], 'RETRY_INVALID: a has 0 attempts'],
    [
      'a wrong cron expression',
      [[one('a', { automation: onCron('61 * * * *').condition })]],
      'CRON_INVALID: a: "61 * * * *" in the time zone "UTC" cannot be read',
    ],
    [
      'a wrong time zone of a schedule',
      [[one('a', { automation: onCron('5 * * * *', { timezone: 'Mars/Base' }).condition })]],
      'CRON_INVALID: a: "5 * * * *" in the time zone "Mars/Base" cannot be read',
    ],
    [
      'waiting for an unknown asset',
      [[one('a', { automation: onUpdate(asset('z').run(() => 1)).condition })]],
      'AUTOMATION_UNKNOWN_ASSET: a waits for z, which is not in the project',
    ],
    [
      'wrong partitions',
      [[one('a', { partitions: partitions.of([]).definition })]],
      'PARTITIONS_INVALID: a: There is no partition key: name at least one.',
    ],
    [
      'partitions that do not map',
      [[one('b', { partitions: hourly, ...on(one('a', { partitions: daily })) })]],
      "PARTITION_MAPPING: b depends on a. An hour does not consist of the upstream's whole days",
    ],
    [
      'several values for one',
      [[one('b', { partitions: daily, ...on(one('a', { partitions: hourly })) })]],
      'PARTITION_FAN_IN: b depends on a. One partition of this asset (days)',
    ],
    ['a problem of a store', [[one('bad', { store: rows })]], 'STORE: bad: The column a cannot be stored: use another type.'],
    [
      'members of one function with different partitions',
      [[one('x', { ...made, partitions: daily }), one('y', made)]],
      'SHARED_PARTITIONS: x and y come from one function but are partitioned differently',
    ],
  ])('for %s', (_, options, expected) => {
    const issues = issuesOf(...options);
    expect(issues.join('\n')).toContain(expected);
    // Reported once, and no second problem is made of it.
    expect(issues.filter((issue) => issue.split(':')[0] === expected.split(':')[0]).length).toBeLessThanOrEqual(
      expected.includes('itself') ? 2 : 1,
    );
  });

  it('for none of these', () => {
    const up = one('a', { partitions: hourly, store: rows });
    const down = one('b', {
      ...on(up),
      partitions: daily,
      automation: eager().condition,
      timeout: '1.5h',
      freshness: '2d',
      formerly: ['old'],
    });
    expect(issuesOf([down, one('A-1/b_2.c')], { jobs: [job('j', 'stale and +b')] })).toEqual([]);
  });
});
