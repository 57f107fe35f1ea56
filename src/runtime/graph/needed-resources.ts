import type { AssetDefinition } from '../declare/definition.ts';
import type { Graph } from './graph.ts';
import type { Resource } from '../resource/resource.ts';

/** The resources that a selection touches, of what it writes and of what it reads, each with the first asset that needs it. */
export function neededResources(graph: Graph, keys: readonly string[]): ReadonlyMap<string, string> {
  const needed = new Map<string, string>();
  const add = ({ store, resources, transform }: AssetDefinition, key: string): void => {
    const declared: readonly Resource[] = [
      ...Object.values((store?.resources ?? {}) as Readonly<Record<string, Resource>>),
      ...Object.values(resources),
    ];
    const names = [...declared.map(({ name }) => name), ...(transform === undefined ? [] : ['transformer', 'warehouse'])];
    for (const name of names) if (!needed.has(name)) needed.set(name, key);
  };
  for (const key of keys) {
    const asset = graph.get(key);
    add(asset, key);
    for (const { upstream } of Object.values(asset.dependencies)) add(upstream, key);
  }
  return needed;
}
