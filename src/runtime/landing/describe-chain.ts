import { SpindleError } from '../errors.ts';
import type { ObjectStore } from '../resource/object-store.ts';
import type { LoadObject } from '../resource/warehouse.ts';
import { semaphore } from '../semaphore.ts';
import { compressionOf } from '../store/compression.ts';
import type { ListedObject } from '../store/objects-handle.ts';
import { chainKey, headLink, parseChainKey, type ChainLink } from './chain.ts';
import { parseReplayKey, replayBeside } from './replay-object.ts';

/** On a network lake each is a request. */
const HEADS_AT_ONCE = 16;

/**
 * Listed objects of chains as the warehouse's loader wants them. OBJECT_NOT_FOUND where one is missing before one of them: loading goes on behind the last object that it
 * loaded, so one that came back later would be passed over without a word.
 */
export async function describeChain(
  lake: ObjectStore,
  objects: readonly ListedObject[],
  signal: AbortSignal,
): Promise<readonly LoadObject[]> {
  const slot = semaphore(HEADS_AT_ONCE);
  const links = new Map<string, Promise<ChainLink>>();
  const linkOf = (key: string): Promise<ChainLink> => {
    const link =
      links.get(key) ??
      slot(() => {
        signal.throwIfAborted();
        return headLink(lake, key);
      });
    links.set(key, link);
    return link;
  };
  return Promise.all(
    objects.map(async ({ follows, ...object }) => {
      const { rows, rejected, rejectedFrom } = await linkOf(object.key);
      await assertFollows(object.key, follows, linkOf);
      return { ...object, rows, rejected, rejectedFrom, compression: compressionOf(object.key) };
    }),
  );
}

async function assertFollows(key: string, follows: string | undefined, linkOf: (key: string) => Promise<ChainLink>): Promise<void> {
  const chain = parseChainKey(key);
  if (chain !== undefined) {
    const expected = follows === undefined ? 0 : (await linkOf(follows)).last + 1;
    if (chain.first !== expected) throw missing(chainKey(chain, expected), key);
    return;
  }
  const replay = parseReplayKey(key);
  if (replay === undefined) return;
  const expected = (follows === undefined ? 0 : (parseReplayKey(follows)?.number ?? 0)) + 1;
  if (replay.number !== expected) throw missing(replayBeside(key, expected), key);
}

const missing = (key: string, behind: string): SpindleError =>
  new SpindleError('OBJECT_NOT_FOUND', `The object ${key} is missing: ${behind} comes behind it.`, {
    remedy: 'Nothing was loaded. Restore it from a copy, or land the topic again into a new chain, then run the same command again.',
  });
