import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onCron } from '../../../src/runtime/automation/condition.ts';
import { asset } from '../../../src/runtime/declare/asset.ts';
import { definitions, edgesArbitrary, reachable, reversed } from './assets.ts';
import { build, check, issuesOf, job, one } from './parts.ts';

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
