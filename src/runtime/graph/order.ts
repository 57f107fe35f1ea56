import { DirectedGraph } from 'graphology';
import { forEachNodeInTopologicalOrder, hasCycle } from 'graphology-dag';

/** Which keys each key depends on, each once. Every key that is named is also an entry. */
export type Edges = ReadonlyMap<string, readonly string[]>;

/** The level of each key, 0 for what depends on nothing; undefined where the edges form a cycle. */
export function levelsOf(edges: Edges): ReadonlyMap<string, number> | undefined {
  const keys = [...edges.keys()];
  // Numbers for names: an asset may be called `__proto__`, and graphology-dag keeps its counts in a plain object.
  const numbers = new Map(keys.map((key, index) => [key, index]));
  const graph = new DirectedGraph();
  for (const number of numbers.values()) graph.addNode(number);
  for (const [key, upstreams] of edges) for (const upstream of upstreams) graph.addDirectedEdge(numbers.get(upstream), numbers.get(key));
  if (hasCycle(graph)) return undefined;

  const levels = new Map<string, number>();
  forEachNodeInTopologicalOrder(graph, (node, _attributes, level) => levels.set(keys[Number(node)]!, level));
  return levels;
}

/** One cycle for each knot of keys that depend on each other, as a path that ends where it began, in the direction of the data; at most `limit` of them. */
export function findCycles(edges: Edges, limit: number): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  for (const component of knots(edges)) {
    if (cycles.length === limit) break;
    const start = component.toSorted()[0]!;
    cycles.push(shortestCycle(edges, { start, within: new Set(component) }));
  }
  return cycles;
}

/** Strongly connected components with a cycle in them: Tarjan's algorithm with its own stack, so that a long chain does not overflow the engine's. */
function* knots(edges: Edges): Generator<readonly string[]> {
  const found = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  for (const root of [...edges.keys()].toSorted()) {
    if (found.has(root)) continue;
    const path = [{ key: root, next: 0 }];
    while (path.length > 0) {
      const frame = path.at(-1)!;
      const { key } = frame;
      if (!found.has(key)) {
        low.set(key, found.size);
        found.set(key, found.size);
        open.push(key);
        isOpen.add(key);
      }
      const upstream = edges.get(key)?.[frame.next];
      frame.next += 1;
      if (upstream !== undefined) {
        if (!found.has(upstream)) path.push({ key: upstream, next: 0 });
        else if (isOpen.has(upstream)) low.set(key, Math.min(low.get(key)!, found.get(upstream)!));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low.set(parent.key, Math.min(low.get(parent.key)!, low.get(key)!));
      if (low.get(key) !== found.get(key)) continue;
      const component = open.splice(open.lastIndexOf(key));
      for (const member of component) isOpen.delete(member);
      if (component.length > 1 || edges.get(key)?.includes(key)) yield component;
    }
  }
}

function shortestCycle(edges: Edges, { start, within }: { start: string; within: ReadonlySet<string> }): readonly string[] {
  const feeds = new Map<string, string>();
  for (let border = [start]; !feeds.has(start);) {
    const next: string[] = [];
    for (const key of border) {
      for (const upstream of edges.get(key)!.toSorted()) {
        if (!within.has(upstream) || feeds.has(upstream)) continue;
        feeds.set(upstream, key);
        next.push(upstream);
      }
    }
    border = next;
  }
  const path = [start];
  do path.push(feeds.get(path.at(-1)!)!);
  while (path.at(-1) !== start);
  return path;
}
