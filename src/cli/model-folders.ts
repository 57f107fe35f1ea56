import type { Graph } from '../runtime/graph/graph.ts';

/** The folders of the dbt projects whose models are in the graph, absolute. */
export const modelFolders = ({ assets }: Graph): readonly string[] => [...new Set(assets.flatMap(({ transform }) => transform?.dir ?? []))];
