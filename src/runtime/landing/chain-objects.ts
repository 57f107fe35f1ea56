import { SpindleError } from '../errors.ts';
import type { ObjectStore } from '../resource/object-store.ts';
import type { LoadedFolder } from '../resource/warehouse.ts';
import type { ListedObject, ListOptions } from '../store/objects-handle.ts';
import { behindFolder, folderOf, parseChainKey } from './chain.ts';
import { firstAfter } from './chain-end.ts';
import { parseReplayKey } from './replay-object.ts';

/**
 * The objects of every chain under the prefix, and the replays of what was flagged in them, in the order of their keys. The keys of a folder only grow, so one that is loaded up to
 * an object is listed from it on: two requests and what is new, however much there is. OBJECT_NOT_FOUND where that object is not there any more as it was loaded: it is another
 * chain then, and some of it lies before that key.
 */
export async function* chainObjects(store: ObjectStore, prefix: string, options: ListOptions = {}): AsyncIterable<ListedObject> {
  const { loaded, signal } = options;
  for (let after = ''; ;) {
    const next = await firstAfter(store, `${prefix}/`, { after, signal });
    if (next === undefined) return;
    const folder = folderOf(next.key);
    const isLink = parseChainKey(next.key) !== undefined || parseReplayKey(next.key) !== undefined;
    if (isLink) yield* folderObjects(store, folder, { loaded: loaded?.get(folder), signal });
    // What somebody else put there is passed over one by one: it may lie before a chain in the same folder.
    after = isLink ? behindFolder(folder) : next.key;
  }
}

interface FolderOptions {
  readonly loaded: LoadedFolder | undefined;
  readonly signal: AbortSignal | undefined;
}

async function* folderObjects(store: ObjectStore, folder: string, { loaded, signal }: FolderOptions): AsyncIterable<ListedObject> {
  let before: string | undefined;
  // a key without its last character comes right before it
  const after = loaded?.last.slice(0, -1);
  for await (const object of store.list(`${folder}/`, { ...(after !== undefined && { after }), ...(signal && { signal }) })) {
    const replay = parseReplayKey(object.key);
    if (replay === undefined && parseChainKey(object.key) === undefined) continue;
    if (before === undefined && loaded !== undefined) {
      if (object.key !== loaded.last || object.etag !== loaded.etag) break;
    } else yield { ...object, ...(replay && { resolves: replay.resolves }), ...(before !== undefined && { follows: before }) };
    before = object.key;
  }
  if (loaded !== undefined && before === undefined) throw replaced(loaded.last);
}

const replaced = (key: string): SpindleError =>
  new SpindleError('OBJECT_NOT_FOUND', `The object ${key} is loaded, and the lake does not hold it any more as it was loaded.`, {
    remedy:
      'Restore it from a copy. Where the lake was made anew on purpose, materialize the asset of the table with --full-refresh: that loads what the lake holds now.',
  });
