import type { Graph } from '../../runtime/graph/graph.ts';
import type { WarehouseLayout } from '../../runtime/resource/warehouse.ts';
import { splitTable } from '../../runtime/schema/quote.ts';

/** The schemas of the graph's tables, sorted: those of models are the transformer's. */
export function layoutOf(graph: Graph): WarehouseLayout {
  const schemas = { tables: new Set<string>(), models: new Set<string>() };
  for (const { store, transform } of graph.assets)
    if (store?.kind === 'table' && store.spec.location !== undefined)
      schemas[transform === undefined ? 'tables' : 'models'].add(splitTable(store.spec.location).schema);
  return { tables: [...schemas.tables].toSorted(), models: [...schemas.models].toSorted() };
}
