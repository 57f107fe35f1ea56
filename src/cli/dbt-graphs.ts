import { readCommittedGraph } from '../dbt/parse-project.ts';
import type { DbtGraph, DbtNode } from '../dbt/graph.ts';
import type { Graph } from '../runtime/graph/graph.ts';
import { modelFolders } from './model-folders.ts';

/** A dbt project whose models are in the graph, as its committed manifest tells of it. */
export interface DbtInGraph {
  /** Absolute. */
  readonly dir: string;
  readonly graph: DbtGraph;
}

export async function dbtGraphs(graph: Graph): Promise<readonly DbtInGraph[]> {
  const read = await Promise.all(modelFolders(graph).map(async (dir) => ({ dir, graph: await readCommittedGraph(dir) })));
  return read.flatMap(({ dir, graph }) => (graph === undefined ? [] : [{ dir, graph }]));
}

/** The models that are assets, by the keys of these, with the folder of their project. */
export function modelsByKey({ assets }: Graph, projects: readonly DbtInGraph[]): ReadonlyMap<string, DbtNode & { readonly dir: string }> {
  const nodes = new Map(projects.flatMap(({ dir, graph }) => graph.nodes.map((node) => [`${dir}\n${node.uniqueId}`, { ...node, dir }])));
  return new Map(
    assets.flatMap(({ key, transform }) => {
      const node = transform === undefined ? undefined : nodes.get(`${transform.dir}\n${transform.uniqueId}`);
      return node === undefined ? [] : [[key, node] as const];
    }),
  );
}
