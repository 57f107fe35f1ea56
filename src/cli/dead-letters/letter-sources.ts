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

/** What brings dead letters: a landing, whose records can be replayed, or files from elsewhere, which are mended where they come from. `topic` of these is where they lie. */
export interface LetterSource extends Landing {
  readonly kind: 'landing' | 'files';
  /** What its records or lines are held to now. */
  readonly schema: Row;
  /** What the keys of its files begin with, or those of the objects of its chains, of every incarnation. */
  readonly chains: string;
  readonly tables: readonly LoadedTable[];
}

export interface SourceChoice {
  /** The keys that are selected. */
  readonly selected: ReadonlySet<string>;
  /** A topic, its asset, or the asset that lands it. */
  readonly topic?: string | undefined;
}

/** The landings and files that a selection means: by their own key, by their topic's asset, by a table that is loaded from them, or by the source that declares its dead letters. */
export function letterSources(graph: Graph, { selected, topic }: SourceChoice): readonly LetterSource[] {
  const files = filesOf(graph).filter(({ asset, topic: folder }) => topic === undefined || topic === asset || topic === folder);
  const landings = topic === undefined ? landingsOf(graph) : files.length > 0 ? [] : findLandings(graph, topic);
  const declared = new Set(
    graph.assets.flatMap(({ key, store, run }) => (selected.has(key) && run === undefined ? (store?.spec.location ?? []) : [])),
  );
  const chosen = (place: Landing, { kind, chains }: Pick<LetterSource, 'kind' | 'chains'>): readonly LetterSource[] => {
    const schema = graph.get(place.asset).store?.spec.recordSchema;
    if (schema === undefined) return [];
    const tables = tablesOf(graph, place.asset);
    const named = [place.asset, place.source, ...tables.map(({ asset }) => asset)].some((key) => selected.has(key));
    if (!named && !tables.some(({ deadLetters }) => declared.has(deadLetters))) return [];
    return [{ ...place, kind, schema, tables, chains }];
  };
  return [
    ...landings.flatMap((landing) => chosen(landing, { kind: 'landing', chains: `${topicPrefix(landing.prefix, landing.topic)}i` })),
    ...files.flatMap((folder) => chosen(folder, { kind: 'files', chains: `${folder.prefix}/` })),
  ];
}

/** Every source of files from elsewhere, in the graph's order. */
function filesOf(graph: Graph): readonly Landing[] {
  return graph.assets.flatMap(({ key, store }) => {
    const prefix = store?.kind === 'files' ? store.spec.location : undefined;
    return prefix === undefined ? [] : [{ asset: key, topic: prefix, source: key, prefix, compression: 'gzip' as const }];
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
