import type { Graph } from '../../runtime/graph/graph.ts';

/** The key that an asset has now, by one that it has or had. */
export function currentKey(graph: Graph): (key: string) => string {
  const renamed = new Map(graph.assets.flatMap(({ key, formerly }) => formerly.map((former) => [former, key] as const)));
  return (key) => (graph.has(key) ? key : (renamed.get(key) ?? key));
}

/** The keys that recorded ones are now; ASSET_UNKNOWN for an asset that is no more. */
export function currentKeys(graph: Graph, keys: readonly string[]): readonly string[] {
  return keys.map(currentKey(graph)).map((key) => graph.get(key).key);
}
