import type { RenderGraph } from './model.ts';

/** The nodes and edges as JSON, indented, in the graph's order. */
export function renderJson({ nodes, edges }: RenderGraph): string {
  return `${JSON.stringify({ assets: nodes, dependencies: edges }, null, 2)}\n`;
}
