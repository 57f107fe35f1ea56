import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clustersOf, type Clustering } from '../../../src/runtime/graph/clusters.ts';
import { knotsOf } from '../../../src/runtime/graph/knots.ts';
import { levelsOf, type Edges } from '../../../src/runtime/graph/order.ts';

const edgesOf = (edges: Readonly<Record<string, readonly string[]>>): Edges => new Map(Object.entries(edges));
const cluster = (edges: Edges, spec: Partial<Clustering> = {}) =>
  clustersOf({ edges, joined: [], label: () => undefined, ...spec }).map(({ keys }) => keys.join(' '));

/** The edges between clusters. */
function quotient(edges: Edges, clusters: readonly { readonly keys: readonly string[] }[]): Edges {
  const of = new Map(clusters.flatMap(({ keys }, index) => keys.map((key) => [key, String(index)] as const)));
  return new Map(
    clusters.map(({ keys }, index) => {
      const after = new Set(keys.flatMap((key) => edges.get(key)!.map((upstream) => of.get(upstream)!)));
      after.delete(String(index));
      return [String(index), [...after]];
    }),
  );
}

const graphs = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.record({
    edges: fc
      .array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: size, maxLength: size })
      .map(
        (lists): Edges =>
          new Map(
            lists.map((list, index) => [`k${index}`, [...new Set(list.filter((other) => other < index))].map((other) => `k${other}`)]),
          ),
      ),
    joined: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 3 }),
    labels: fc.array(fc.constantFrom('a', 'b', undefined), { minLength: size, maxLength: size }),
  }),
);

describe('clusters', () => {
  it('keep keys apart that nothing puts together', () => {
    expect(cluster(edgesOf({ a: [], b: ['a'], c: ['a'] }))).toEqual(['a', 'b', 'c']);
  });

  it('hold what must not be parted, with what lies between', () => {
    const edges = edgesOf({ a: [], b: ['a'], c: ['b'], d: ['a'] });
    expect(cluster(edges, { joined: [['a', 'c']] })).toEqual(['a b c', 'd']);
  });

  it('hold the keys of a label as long as nothing leads out and back', () => {
    const label = (key: string) => (key.startsWith('m') ? 'models' : undefined);
    expect(cluster(edgesOf({ a: [], b: ['a'], m1: ['a'], m2: ['b', 'm1'], c: ['m2'] }), { label })).toEqual(['a', 'b', 'm1 m2', 'c']);
    expect(cluster(edgesOf({ m1: [], a: ['m1'], m2: ['a'], m3: [] }), { label })).toEqual(['m1 m3', 'a', 'm2']);
  });

  it('part two labels that would wait for each other', () => {
    const edges = edgesOf({ x1: [], y2: [], y1: ['x1'], x2: ['y2'] });
    expect(cluster(edges, { label: (key) => key[0] })).toEqual(['x1', 'y2 y1', 'x2']);
  });

  it('can be done one after another, whatever the graph', () => {
    fc.assert(
      fc.property(graphs, ({ edges, joined, labels }) => {
        const pairs = joined.map(([one, other]) => [`k${one}`, `k${other}`] as const);
        const clusters = clustersOf({ edges, joined: pairs, label: (key) => labels[Number(key.slice(1))] });
        expect(clusters.flatMap(({ keys }) => keys).toSorted()).toEqual([...edges.keys()].toSorted());
        const between = quotient(edges, clusters);
        expect(levelsOf(between)).toBeDefined();
        for (const [index, after] of between) for (const before of after) expect(Number(before)).toBeLessThan(Number(index));
        const place = new Map(clusters.flatMap(({ keys }, index) => keys.map((key) => [key, index] as const)));
        for (const [one, other] of pairs) expect(place.get(one)).toBe(place.get(other));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('knots', () => {
  it('are the keys that lead to each other', () => {
    const knots = knotsOf(edgesOf({ a: ['c'], b: ['a'], c: ['b'], d: ['a'] }));
    expect(new Set([knots.get('a'), knots.get('b'), knots.get('c')]).size).toBe(1);
    expect(knots.get('d')).not.toBe(knots.get('a'));
  });

  it('of a long chain need no deep stack', () => {
    const edges: Edges = new Map(Array.from({ length: 100_000 }, (_, index) => [`${index}`, index === 0 ? [] : [`${index - 1}`]]));
    expect(new Set(knotsOf(edges).values()).size).toBe(100_000);
  });
});
