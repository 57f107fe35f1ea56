import { z } from 'zod';
import { columnsOf } from '../../runtime/schema/columns-of.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import { tableShape, type TableShape } from '../../runtime/schema/evolution/compare-tables.ts';
import { tableWarehouse } from '../../runtime/store/table-warehouse.ts';

/** A table that an asset is; models of dbt are not among them. */
export interface DeclaredTable extends TableShape {
  /** `schema.table`, with the name of its warehouse where that is not the usual one: what the table is known by. */
  readonly name: string;
  readonly relation: string;
  readonly asset: string;
}

/** The tables among the assets, in the graph's order. */
export function declaredTables(graph: Graph, selected: ReadonlySet<string>): readonly DeclaredTable[] {
  return graph.assets.flatMap((asset) => {
    const { key, store, transform } = asset;
    const { schema, location } = store?.kind === 'table' ? store.spec : {};
    if (!(schema instanceof z.ZodObject) || location === undefined || transform !== undefined || !selected.has(key)) return [];
    const on = tableWarehouse(asset);
    const name = on === 'warehouse' ? location : `${location} (${on})`;
    return [{ name, relation: location, asset: key, ...tableShape(schema, columnsOf(schema, { asset: key })) }];
  });
}
