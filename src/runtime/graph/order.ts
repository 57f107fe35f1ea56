/** Which keys each key depends on, each once. Every key that is named is also an entry. */
export type Edges = ReadonlyMap<string, readonly string[]>;

/** The level of each key, 0 for what depends on nothing; undefined where the edges form a cycle. Kahn's algorithm, a level at a time. */
export function levelsOf(edges: Edges): ReadonlyMap<string, number> | undefined {
  const dependents = new Map<string, string[]>();
  const waitsFor = new Map<string, number>();
  for (const [key, upstreams] of edges) {
    waitsFor.set(key, upstreams.length);
    for (const upstream of upstreams) {
      const known = dependents.get(upstream);
      if (known === undefined) dependents.set(upstream, [key]);
      else known.push(key);
    }
  }
  const levels = new Map<string, number>();
  let border = [...edges.keys()].filter((key) => waitsFor.get(key) === 0);
  for (let level = 0; border.length > 0; level += 1) {
    const next: string[] = [];
    for (const key of border) {
      levels.set(key, level);
      for (const dependent of dependents.get(key) ?? []) {
        const left = waitsFor.get(dependent)! - 1;
        waitsFor.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    border = next;
  }
  return levels.size === edges.size ? levels : undefined;
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
