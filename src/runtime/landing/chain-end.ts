import type { ObjectInfo, ObjectStore } from '../resource/object-store.ts';
import { lastReplay } from './replay-object.ts';
import {
  behindFolder,
  chainKey,
  folderOf,
  headLink,
  incarnationPrefix,
  parseChainKey,
  partitionPrefix,
  type ChainLink,
  type ChainPartition,
} from './chain.ts';

/** What one request of an object store lists. */
const PAGE = 1_000;

/** Where a partition's chain ends: its last link, or undefined where nothing has landed. */
export async function chainEnd(lake: ObjectStore, chain: ChainPartition, signal?: AbortSignal): Promise<ChainLink | undefined> {
  const newest = await newestObject(lake, chain, signal);
  return newest === undefined ? undefined : headLink(lake, newest);
}

/** A chain of the incarnation that has an object; undefined where none has. */
export async function someChain(
  lake: ObjectStore,
  incarnation: Parameters<typeof incarnationPrefix>[0],
  signal?: AbortSignal,
): Promise<ChainPartition | undefined> {
  const prefix = incarnationPrefix(incarnation);
  for (let after = ''; ;) {
    const next = await firstAfter(lake, prefix, { after, signal });
    if (next === undefined) return undefined;
    const chain = parseChainKey(next.key);
    if (chain !== undefined) return chain;
    after = next.key;
  }
}

/** The last offset of each chain under a prefix, by the folder that the chain lies in, and the number of the last replay of each incarnation likewise. */
export async function chainEnds(lake: ObjectStore, prefix: string, signal?: AbortSignal): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (let after = ''; ;) {
    const next = await firstAfter(lake, `${prefix}/`, { after, signal });
    if (next === undefined) return ends;
    const folder = folderOf(next.key);
    const chain = parseChainKey(next.key);
    const end = chain === undefined ? await lastReplay(lake, next, signal) : (await chainEnd(lake, chain, signal))?.last;
    if (end !== undefined) ends.set(folder, end);
    // Of what is neither, one object is passed over: it may lie beside the folders of chains, or before a chain in the same folder.
    after = end === undefined ? next.key : behindFolder(folder);
  }
}

interface After {
  readonly after: string;
  readonly signal: AbortSignal | undefined;
}

/** The first object behind a key. */
export async function firstAfter(lake: ObjectStore, prefix: string, { after, signal }: After): Promise<ObjectInfo | undefined> {
  for await (const object of lake.list(prefix, { limit: 1, ...(after !== '' && { after }), ...(signal && { signal }) })) return object;
  return undefined;
}

interface Found {
  readonly key: string;
  readonly first: number;
}

/**
 * The object with the highest key. A store lists in ascending order only, and a chain may hold a million objects; but their keys are offsets. So behind a page of them the end is
 * found by galloping, as far as to where another page may reach it: a dozen requests, however long the chain is.
 */
async function newestObject(lake: ObjectStore, chain: ChainPartition, signal: AbortSignal | undefined): Promise<string | undefined> {
  const prefix = partitionPrefix(chain);
  /** What is no object of a chain, a copy that somebody made beside one say, is passed over. */
  const behind = async (offset: number): Promise<Found | undefined> => {
    for (let after = chainKey(chain, offset); ;) {
      const next = await firstAfter(lake, prefix, { after, signal });
      const found = next && foundAt(next.key);
      if (next === undefined || found !== undefined) return found;
      after = next.key;
    }
  };
  let last: Found | undefined;
  for (let after = ''; ;) {
    const page = await readPage(lake, prefix, { after, signal });
    const before = last;
    last = page.newest ?? last;
    if (!page.isFull) return last?.key;
    after = page.end;
    if (last === undefined || page.newest === undefined) continue;
    // what a page holds here, in offsets
    const reach = Math.max(last.first - (before?.first ?? 0), PAGE);
    let high = last.first + reach;
    for (let next = await behind(high), span = reach; next !== undefined; next = await behind(high)) {
      last = next;
      span *= 2;
      high = last.first + span;
    }
    while (high - last.first > reach) {
      const middle: number = Math.floor((last.first + high) / 2);
      const next = await behind(middle);
      if (next === undefined) high = middle;
      else last = next;
    }
    if (last.key > after) after = last.key;
  }
}

interface Page {
  readonly newest: Found | undefined;
  /** The last key of anything. */
  readonly end: string;
  /** More may follow. */
  readonly isFull: boolean;
}

async function readPage(lake: ObjectStore, prefix: string, { after, signal }: After): Promise<Page> {
  let newest: Found | undefined;
  let end = after;
  let listed = 0;
  for await (const { key } of lake.list(prefix, { limit: PAGE, ...(after !== '' && { after }), ...(signal && { signal }) })) {
    newest = foundAt(key) ?? newest;
    end = key;
    listed++;
  }
  return { newest, end, isFull: listed === PAGE };
}

function foundAt(key: string): Found | undefined {
  const chain = parseChainKey(key);
  return chain && { key, first: chain.first };
}
