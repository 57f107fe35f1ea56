import { didYouMean } from '../../runtime/closest.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import type { Compression } from '../../runtime/store/compression.ts';

/** An asset that lands a topic. */
export interface Landing {
  readonly asset: string;
  readonly topic: string;
  /** The key of the topic's asset. */
  readonly source: string;
  /** Where in the lake its chain lies. */
  readonly prefix: string;
  readonly compression: Compression;
}

/** Every landing of the project, in the graph's order. */
export function landingsOf(graph: Graph): readonly Landing[] {
  return graph.assets.flatMap(({ key, store, dependencies }) => {
    const prefix = store?.kind === 'landing' ? store.spec.location : undefined;
    if (prefix === undefined) return [];
    return Object.values(dependencies).flatMap(({ upstream }) => {
      const topic = upstream.store?.kind === 'topic' ? upstream.store.spec.location : undefined;
      const compression = store?.spec.compression ?? 'gzip';
      return topic === undefined ? [] : [{ asset: key, topic, source: upstream.key, prefix, compression }];
    });
  });
}

/** The landings that a word means: by topic, by the topic's asset, or by their own key. ASSET_UNKNOWN, with suggestions, where it means none. */
export function findLandings(graph: Graph, word: string): readonly Landing[] {
  const all = landingsOf(graph);
  const found = all.filter(({ asset, topic, source }) => [asset, topic, source].includes(word));
  if (found.length > 0) return found;
  const names = new Set(all.flatMap(({ asset, topic, source }) => [topic, source, asset]));
  throw new SpindleError('ASSET_UNKNOWN', `Nothing lands a topic "${word}".${didYouMean(word, names)}`, {
    remedy:
      all.length === 0 ? 'The project has no asset with the store landing(…).' : 'Run `spindle landing status` to see what is landed.',
  });
}
