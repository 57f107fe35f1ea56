/** Of each node, all that comes before it. */
export type Before<T = string> = ReadonlyMap<T, ReadonlySet<T>>;

/** The transitive closure of what each node waits for; a node of a cycle is before itself. */
export function closureOf<T>(after: ReadonlyMap<T, Iterable<T>>): Before<T> {
  return new Map([...after.keys()].map((node) => [node, reached(after, node)]));
}

function reached<T>(after: ReadonlyMap<T, Iterable<T>>, node: T): ReadonlySet<T> {
  const found = new Set<T>();
  const pending = [...(after.get(node) ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    pending.push(...(after.get(next) ?? []));
  }
  return found;
}
