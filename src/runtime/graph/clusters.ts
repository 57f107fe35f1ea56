import { knotsOf } from './knots.ts';
import type { Edges } from './order.ts';

/** Keys that are done as one. */
export interface Cluster {
  /** In the order in which the edges were given. */
  readonly keys: readonly string[];
  readonly label: string | undefined;
}

export interface Clustering {
  /** What each key waits for, upstreams before their dependents. */
  readonly edges: Edges;
  /** Pairs of keys that must not be parted: what lies on a path between them joins them. */
  readonly joined: Iterable<readonly [string, string]>;
  /** Keys of one label are put together as far as no path leads out of the cluster and back into it; undefined for a key that stays alone. */
  label(key: string): string | undefined;
}

/**
 * Puts keys together so that the clusters can be done one after another: no two of them wait for each other, in however many steps. In an order in
 * which they can be done, the same whatever the order of the pairs.
 */
export function clustersOf({ edges, joined, label }: Clustering): readonly Cluster[] {
  const blocks = blocksOf(edges, joined);
  const blockOf = new Map([...blocks].flatMap(([id, keys]) => keys.map((key) => [key, id] as const)));
  const labelOf = new Map([...blocks].map(([id, keys]) => [id, commonLabel(keys, label)]));
  const waiting = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  for (const [id, keys] of blocks) {
    const after = new Set(keys.flatMap((key) => edges.get(key)!.map((upstream) => blockOf.get(upstream)!)));
    after.delete(id);
    waiting.set(id, after.size);
    for (const upstream of after) push(dependents, upstream, id);
  }
  const left = new Map<string, number>();
  for (const of of labelOf.values()) if (of !== undefined) left.set(of, (left.get(of) ?? 0) + 1);

  const clusters: { readonly ids: string[]; readonly label: string | undefined }[] = [];
  const alone: string[] = [];
  /** Ready blocks by label. */
  const ready = new Map<string, string[]>();
  const admit = (id: string): void => {
    const of = labelOf.get(id);
    if (of === undefined) alone.push(id);
    else push(ready, of, id);
  };
  const finish = (id: string): void => {
    for (const dependent of dependents.get(id) ?? []) {
      waiting.set(dependent, waiting.get(dependent)! - 1);
      if (waiting.get(dependent) === 0) admit(dependent);
    }
  };
  for (const [id, count] of waiting) if (count === 0) admit(id);
  for (;;) {
    // What becomes ready is added behind.
    for (const id of alone) {
      clusters.push({ ids: [id], label: undefined });
      finish(id);
    }
    alone.length = 0;
    const next = nextLabel(ready, left);
    if (next === undefined) break;
    // What becomes ready by members of the cluster joins it.
    const ids = ready.get(next)!;
    for (const id of ids) finish(id);
    ready.delete(next);
    left.set(next, left.get(next)! - ids.length);
    clusters.push({ ids, label: next });
  }
  const position = new Map([...edges.keys()].map((key, index) => [key, index]));
  return clusters.map(({ ids, label: of }) => ({
    keys: ids.flatMap((id) => blocks.get(id)!).toSorted((a, b) => position.get(a)! - position.get(b)!),
    label: of,
  }));
}

function push<K>(lists: Map<K, string[]>, key: K, value: string): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}

/** Keys that must stay together, by the first of them, in the order of the first ones. */
function blocksOf(edges: Edges, joined: Iterable<readonly [string, string]>): ReadonlyMap<string, readonly string[]> {
  // An edge both ways makes a knot of two keys, and of all that lies between them.
  const both = new Map([...edges].map(([key, upstreams]) => [key, [...upstreams]]));
  for (const [one, other] of joined) {
    both.get(one)!.push(other);
    both.get(other)!.push(one);
  }
  const knots = knotsOf(both);
  const byKnot = new Map<number, string[]>();
  for (const key of edges.keys()) push(byKnot, knots.get(key)!, key);
  return new Map([...byKnot.values()].map((keys) => [keys[0]!, keys]));
}

function commonLabel(keys: readonly string[], label: Clustering['label']): string | undefined {
  const [first, ...others] = keys.map(label);
  return others.every((other) => other === first) ? first : undefined;
}

/** Of the labels with something ready, one of which nothing is left elsewhere, since waiting cannot make its cluster larger; else the first by name. */
function nextLabel(ready: ReadonlyMap<string, readonly string[]>, left: ReadonlyMap<string, number>): string | undefined {
  const labels = [...ready.keys()].toSorted();
  return labels.find((label) => ready.get(label)!.length === left.get(label)) ?? labels[0];
}
