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
