import { didYouMean } from '../../runtime/closest.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import type { Warehouse } from '../../runtime/resource/warehouse.ts';

/** The table (or view) that a word names: its own name, or the key of the asset that it holds. TABLE_UNKNOWN, with suggestions, where there is none. */
export async function findTable(warehouse: Warehouse, graph: Graph, word: string): Promise<string> {
  const names = (await warehouse.tables()).map(({ name }) => name);
  const asset = graph.has(word) ? graph.get(word) : undefined;
  if (asset !== undefined && asset.store?.kind !== 'table') {
    throw new SpindleError('TABLE_UNKNOWN', `${word} is no table: it is kept as ${asset.store?.kind ?? 'a value in memory'}.`, {
      asset: word,
      remedy: 'Query the table of an asset behind it: `spindle query` lists the tables.',
    });
  }
  const wanted = (asset?.store?.spec.location ?? word).toLowerCase();
  const found = names.find((name) => name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const writer = asset ?? graph.assets.find(({ store }) => store?.kind === 'table' && store.spec.location === wanted);
  if (writer !== undefined) {
    throw new SpindleError('TABLE_UNKNOWN', `The table ${wanted} is not there yet: ${writer.key} was never materialized.`, {
      asset: writer.key,
      remedy: `Run: spindle materialize -s '+${writer.key}'`,
    });
  }
  const known = new Set([...names, ...graph.assets.flatMap(({ store }) => (store?.kind === 'table' ? (store.spec.location ?? []) : []))]);
  throw new SpindleError('TABLE_UNKNOWN', `There is no table "${word}".${didYouMean(word, known)}`, {
    remedy: names.length === 0 ? 'The warehouse has no tables yet. Run: spindle materialize' : `The tables are ${names.join(', ')}.`,
  });
}
