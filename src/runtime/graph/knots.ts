import type { Edges } from './order.ts';

/**
 * A number for each key, equal for keys that lead to each other (a strongly connected component), in no order. Tarjan's algorithm (SIAM J. Comput. 1972)
 * with a stack of its own, since a chain may be long.
 */
export function knotsOf(edges: Edges): ReadonlyMap<string, number> {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const knots = new Map<string, number>();
  const enter = (key: string): { readonly key: string; next: number } => {
    order.set(key, order.size);
    lowest.set(key, order.get(key)!);
    open.push(key);
    return { key, next: 0 };
  };
  const reach = (key: string, value: number): void => void lowest.set(key, Math.min(lowest.get(key)!, value));
  for (const start of edges.keys()) {
    if (order.has(start)) continue;
    const path = [enter(start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const neighbor = edges.get(top.key)![top.next];
      if (neighbor !== undefined) {
        top.next += 1;
        if (!order.has(neighbor)) path.push(enter(neighbor));
        else if (!knots.has(neighbor)) reach(top.key, order.get(neighbor)!);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) reach(above.key, lowest.get(top.key)!);
      if (lowest.get(top.key) !== order.get(top.key)) continue;
      for (let key = open.pop(); key !== undefined; key = key === top.key ? undefined : open.pop()) knots.set(key, order.get(top.key)!);
    }
  }
  return knots;
}
