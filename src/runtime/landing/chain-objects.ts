import type { ObjectStore } from '../resource/object-store.ts';
import type { ListedObject, ListOptions } from '../store/objects-handle.ts';
import { behindFolder, folderOf, parseChainKey } from './chain.ts';
import { firstAfter } from './chain-end.ts';
import { parseReplayKey } from './replay-object.ts';

/**
 * The objects of every chain under the prefix, and the replays of what was flagged in them, in the order of their keys. The keys of a folder only grow, so one that is loaded up to
 * an object is listed behind it: two requests and what is new, however much there is.
 */
export async function* chainObjects(store: ObjectStore, prefix: string, options: ListOptions = {}): AsyncIterable<ListedObject> {
  const { loaded, signal } = options;
  for (let after = ''; ;) {
    const next = await firstAfter(store, `${prefix}/`, { after, signal });
    if (next === undefined) return;
    const folder = folderOf(next.key);
    const isLink = parseChainKey(next.key) !== undefined || parseReplayKey(next.key) !== undefined;
    if (isLink) yield* folderObjects(store, folder, { last: loaded?.get(folder)?.last, signal });
    // What somebody else put there is passed over one by one: it may lie before a chain in the same folder.
    after = isLink ? behindFolder(folder) : next.key;
  }
}

async function* folderObjects(
  store: ObjectStore,
  folder: string,
  { last, signal }: { readonly last: string | undefined; readonly signal: AbortSignal | undefined },
): AsyncIterable<ListedObject> {
  let before = last;
  for await (const object of store.list(`${folder}/`, { ...(last !== undefined && { after: last }), ...(signal && { signal }) })) {
    const replay = parseReplayKey(object.key);
    if (replay === undefined && parseChainKey(object.key) === undefined) continue;
    yield { ...object, ...(replay && { resolves: replay.resolves }), ...(before !== undefined && { follows: before }) };
    before = object.key;
  }
}
