import type { AssetDefinition } from '../declare/definition.ts';
import { builtTogether } from '../graph/built-together.ts';
import { clustersOf } from '../graph/clusters.ts';
import type { Graph } from '../graph/graph.ts';

/** What is run as one: an asset, or the models of a transformer that one call can build. */
export interface Unit {
  readonly id: string;
  /** In graph order. */
  readonly assets: readonly AssetDefinition[];
  /** The project of the transformer; undefined for an asset with a function. */
  readonly transform: string | undefined;
  /** Units that have to be done before. */
  readonly after: readonly string[];
}

/**
 * Groups the selected assets. Models of one transformer project are one unit as long as no path leads out of the unit and back into it:
 * a model behind an asset of another kind that itself is behind a model begins the next unit.
 */
export function unitsOf(graph: Graph, selected: ReadonlySet<string>): readonly Unit[] {
  const callOf = transformCalls(graph);
  const idOf = ({ key }: AssetDefinition): string => callOf.get(key) ?? key;
  const units = new Map<string, { readonly assets: AssetDefinition[]; readonly after: Set<string> }>();
  for (const asset of graph.assets) {
    if (!selected.has(asset.key)) continue;
    const id = idOf(asset);
    const unit = units.get(id) ?? { assets: [], after: new Set<string>() };
    units.set(id, unit);
    unit.assets.push(asset);
    for (const { upstream } of Object.values(asset.dependencies))
      if (selected.has(upstream.key) && idOf(upstream) !== id) unit.after.add(idOf(upstream));
  }
  return [...units].map(([id, { assets, after }]) => ({ id, assets, transform: assets[0] && builtTogether(assets[0]), after: [...after] }));
}

/** The call that builds each model, by its key: `project#0`, `project#1`, … in the order in which they can be made. The same whatever is selected. */
function transformCalls(graph: Graph): ReadonlyMap<string, string> {
  const calls = new Map<string, string>();
  if (!graph.assets.some((asset) => builtTogether(asset) !== undefined)) return calls;
  const clusters = clustersOf({
    edges: new Map(graph.keys.map((key) => [key, graph.upstream(key)])),
    joined: [],
    label: (key) => builtTogether(graph.get(key)),
  });
  const counts = new Map<string, number>();
  for (const { keys, label } of clusters) {
    if (label === undefined) continue;
    const count = counts.get(label) ?? 0;
    counts.set(label, count + 1);
    for (const key of keys) calls.set(key, `${label}#${count}`);
  }
  return calls;
}
