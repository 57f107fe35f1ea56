import type { Graph } from '../../runtime/graph/graph.ts';
import type { Change } from '../../runtime/schema/evolution/change.ts';
import { dbtGraphs, modelsByKey } from '../dbt-graphs.ts';

/** A model of dbt that is held to its columns by a contract. */
export interface DeclaredModel {
  readonly asset: string;
  readonly columns: readonly { readonly name: string; readonly type: string | null }[];
}

/** The models with contracts among the assets, in the graph's order. */
export async function declaredModels(graph: Graph, selected: ReadonlySet<string>): Promise<readonly DeclaredModel[]> {
  const models = modelsByKey(graph, await dbtGraphs(graph));
  return graph.keys.flatMap((asset) => {
    const model = models.get(asset);
    if (model === undefined || !model.contract || !selected.has(asset)) return [];
    return [{ asset, columns: model.columns.map(({ name, type }) => ({ name, type: type ?? null })) }];
  });
}

/** What a contract promised and does not any more, and what it promises beside. */
export function compareModels(before: DeclaredModel, after: DeclaredModel): readonly Change[] {
  const columns = new Map(after.columns.map((column) => [column.name.toLowerCase(), column]));
  const known = new Set(before.columns.map(({ name }) => name.toLowerCase()));
  const kept = before.columns.flatMap(({ name, type }): readonly Change[] => {
    const is = columns.get(name.toLowerCase());
    if (is === undefined) return [{ path: name, kind: 'removed', class: 'breaking', text: 'is no longer a column' }];
    if (is.type?.toLowerCase() === type?.toLowerCase()) return [];
    return [{ path: name, kind: 'type', class: 'breaking', text: `is ${is.type ?? 'of no type'}, and was ${type ?? 'of none'}` }];
  });
  const fresh = after.columns.filter(({ name }) => !known.has(name.toLowerCase()));
  return [...kept, ...fresh.map(({ name }): Change => ({ path: name, kind: 'added', class: 'compatible', text: 'is a new column' }))];
}
