import { digest } from '../digest.ts';
import type { ObjectStore } from '../resource/object-store.ts';
import { chainEnds } from './chain-end.ts';

/** The version of what is landed: the last offset of each chain, by its folder. */
export const versionOfEnds = (ends: ReadonlyMap<string, number>): string =>
  digest(...[...ends].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([folder, last]) => `${folder}:${last}`));

/** The version of all that is landed under a prefix; undefined where nothing is. */
export async function chainVersion(lake: ObjectStore, prefix: string): Promise<string | undefined> {
  const ends = await chainEnds(lake, prefix);
  return ends.size === 0 ? undefined : versionOfEnds(ends);
}
