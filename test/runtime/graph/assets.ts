import fc from 'fast-check';
import { define } from '../../../src/runtime/declare/asset.ts';
import type { AssetDefinition, Mapping } from '../../../src/runtime/declare/definition.ts';

const same: Mapping = { kind: 'same' };

/** Definitions by hand: `edges` says which keys each key depends on, so that they can also form cycles. */
export function definitions(
  edges: Readonly<Record<string, readonly string[]>>,
  spec: (key: string) => Partial<AssetDefinition> = () => ({}),
): AssetDefinition[] {
  const made = new Map(
    Object.keys(edges).map((key) => [
      key,
      { ...define(key, {}), ...spec(key), dependencies: {} as Record<string, { upstream: AssetDefinition; mapping: Mapping }> },
    ]),
  );
  for (const [key, upstreams] of Object.entries(edges)) {
    for (const upstream of upstreams) {
      // Not by assignment, which does something else for `__proto__`.
      const value = { upstream: made.get(upstream)!, mapping: same };
      Object.defineProperty(made.get(key)!.dependencies, upstream, { value, enumerable: true });
    }
  }
  return [...made.values()];
}

/** Keys of one to three segments, alike enough for globs to tell them apart. */
const key = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'gold', 'x.y', '__proto__'), { minLength: 1, maxLength: 3 })
  .map((segments) => segments.join('/'));

const upstreamsOf = (keys: readonly string[]) => fc.subarray([...keys], { maxLength: Math.min(3, keys.length) });

export type Edges = Readonly<Record<string, readonly string[]>>;

/** Up to nine assets, each depending on some of those before it (or, with `cyclic`, on any). */
export const edgesArbitrary = ({ cyclic = false } = {}): fc.Arbitrary<Edges> =>
  fc
    .uniqueArray(key, { minLength: 1, maxLength: 9, selector: (text) => text.toLowerCase() })
    .chain((keys) => fc.tuple(fc.constant(keys), ...keys.map((_, index) => upstreamsOf(cyclic ? keys : keys.slice(0, index)))))
    // Object.fromEntries, unlike an assignment, also makes a property called `__proto__`.
    .map(([keys, ...upstreams]) => Object.fromEntries(keys.map((name, index) => [name, upstreams[index]!])));

/** Everything that can be reached in at most so many steps, found by following every path. */
export function reachable(edges: Edges, start: string, depth: number): ReadonlySet<string> {
  if (depth <= 0) return new Set();
  return new Set(edges[start]!.flatMap((next) => [next, ...reachable(edges, next, Math.min(depth, Object.keys(edges).length) - 1)]));
}

export function reversed(edges: Edges): Edges {
  const keys = Object.keys(edges);
  return Object.fromEntries(keys.map((upstream) => [upstream, keys.filter((key) => edges[key]!.includes(upstream))]));
}
