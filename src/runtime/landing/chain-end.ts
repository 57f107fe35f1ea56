import type { ObjectInfo, ObjectStore } from '../resource/object-store.ts';
import { lastReplay } from './replay-object.ts';
import { chainKey, headLink, parseChainKey, partitionPrefix, type ChainLink, type ChainPartition } from './chain.ts';

/** What one request of an object store lists. */
const PAGE = 1_000;
/** Behind every name in a folder: keys are printable ASCII. */
const BEHIND_ALL = '~';

/** Where a partition's chain ends: its last link, or undefined where nothing has landed. */
export async function chainEnd(lake: ObjectStore, chain: ChainPartition, signal?: AbortSignal): Promise<ChainLink | undefined> {
  const newest = await newestObject(lake, chain, signal);
  return newest && headLink(lake, newest.key);
}

/** The last offset of each chain under a prefix, by the folder that the chain lies in, and the number of the last replay of each incarnation likewise. */
export async function chainEnds(lake: ObjectStore, prefix: string, signal?: AbortSignal): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (let after = ''; ;) {
    const next = await firstAfter(lake, `${prefix}/`, { after, signal });
    if (next === undefined) return ends;
    const folder = next.key.slice(0, next.key.lastIndexOf('/'));
    after = `${folder}/${BEHIND_ALL}`;
    const chain = parseChainKey(next.key);
    if (chain === undefined) {
      const replays = await lastReplay(lake, next, signal);
      if (replays !== undefined) ends.set(folder, replays);
      continue;
    }
    const end = await chainEnd(lake, chain, signal);
    if (end !== undefined) ends.set(folder, end.last);
  }
}

interface After {
  readonly after: string;
  readonly signal: AbortSignal | undefined;
}

async function firstAfter(lake: ObjectStore, prefix: string, { after, signal }: After): Promise<ObjectInfo | undefined> {
  for await (const object of lake.list(prefix, { limit: 1, ...(after !== '' && { after }), ...(signal && { signal }) })) return object;
  return undefined;
}

/**
 * The object with the highest key. A store lists in ascending order only, and a chain may hold a million objects; but their keys are offsets, so
 * behind the first page the end is found by galloping: a few dozen requests, however long the chain is.
 */
async function newestObject(lake: ObjectStore, chain: ChainPartition, signal: AbortSignal | undefined): Promise<ObjectInfo | undefined> {
  const prefix = partitionPrefix(chain);
  let newest: ObjectInfo | undefined;
  let listed = 0;
  for await (const object of lake.list(prefix, { limit: PAGE, ...(signal && { signal }) })) {
    if (parseChainKey(object.key) !== undefined) newest = object;
    listed++;
  }
  if (newest === undefined || listed < PAGE) return newest;
  const behind = async (offset: number) => firstAfter(lake, prefix, { after: chainKey(chain, offset), signal });
  const firstOf = ({ key }: ObjectInfo) => parseChainKey(key)?.first ?? 0;
  let last = newest;
  let span = PAGE;
  for (let next = await behind(firstOf(last) + span); next !== undefined; next = await behind(firstOf(last) + span)) {
    last = next;
    span *= 2;
  }
  for (let high = firstOf(last) + span; firstOf(last) < high;) {
    const middle = Math.floor((firstOf(last) + high) / 2);
    const next = await behind(middle);
    if (next === undefined) high = middle;
    else last = next;
  }
  return last;
}
