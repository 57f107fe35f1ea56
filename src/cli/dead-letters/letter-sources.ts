import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import { topicPrefix } from '../../runtime/landing/chain.ts';
import { landingColumns } from '../../runtime/landing/landed.ts';
import type { Resources } from '../../runtime/resource/resource.ts';
import { deadLetterTable } from '../../runtime/schema/dead-letter.ts';
import type { Row } from '../../runtime/store/row.ts';
import { findLandings, landingsOf, type Landing } from '../landing/landings.ts';

/** A table that is loaded from a landing. */
export interface LoadedTable {
  readonly asset: string;
  readonly table: string;
  /** The name of the resource that holds it. */
  readonly warehouse: string;
  /** The table of its dead letters. */
  readonly deadLetters: string;
  /** Whether its rows tell their topic, partition and offset. */
  readonly keepsPlaces: boolean;
}

/** A landing, whose flagged records become dead letters. */
export interface LetterSource extends Landing {
  /** What its records are held to now. */
  readonly schema: Row;
  /** What the keys of the objects of its chains begin with, of every incarnation. */
  readonly chains: string;
  readonly tables: readonly LoadedTable[];
}

export interface SourceChoice {
  /** The keys that are selected. */
  readonly selected: ReadonlySet<string>;
  /** A topic, its asset, or the asset that lands it. */
  readonly topic?: string | undefined;
}

/** The landings that a selection means: by their own key, by their topic's asset, by a table that is loaded from them, or by the source that declares its dead letters. */
export function letterSources(graph: Graph, { selected, topic }: SourceChoice): readonly LetterSource[] {
  const landings = topic === undefined ? landingsOf(graph) : findLandings(graph, topic);
  const declared = new Set(
    graph.assets.flatMap(({ key, store, run }) => (selected.has(key) && run === undefined ? (store?.spec.location ?? []) : [])),
  );
  return landings.flatMap((landing): readonly LetterSource[] => {
    const schema = graph.get(landing.asset).store?.spec.recordSchema;
    if (schema === undefined) return [];
    const tables = tablesOf(graph, landing.asset);
    const named = [landing.asset, landing.source, ...tables.map(({ asset }) => asset)].some((key) => selected.has(key));
    if (!named && !tables.some(({ deadLetters }) => declared.has(deadLetters))) return [];
    return [{ ...landing, schema, tables, chains: `${topicPrefix(landing.prefix, landing.topic)}i` }];
  });
}

/** The tables that a function makes of the objects: of the asset itself, or of a value in memory that passes them on. */
function tablesOf(graph: Graph, key: string): readonly LoadedTable[] {
  return graph.downstream(key).flatMap((downstream) => {
    const asset = graph.get(downstream);
    return asset.store === undefined ? tablesOf(graph, downstream) : loadedTable(asset);
  });
}

function loadedTable({ key, store, run }: AssetDefinition): readonly LoadedTable[] {
  const table = store?.kind === 'table' ? store.spec.location : undefined;
  const [warehouse] = Object.values((store?.resources ?? {}) as Resources);
  if (run === undefined || table === undefined || warehouse === undefined) return [];
  const keepsPlaces = Object.keys(landingColumns).every((column) => column in ((store?.spec.schema as Row | undefined)?.shape ?? {}));
  return [{ asset: key, table, warehouse: warehouse.name, deadLetters: deadLetterTable(table), keepsPlaces }];
}
