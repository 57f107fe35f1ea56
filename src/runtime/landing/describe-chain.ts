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
 * loaded, so one that came back later would be passed over without a word. Undefined where such a one is there: it came to be while the folder was listed.
 */
export async function describeChain(
  lake: ObjectStore,
  objects: readonly ListedObject[],
  signal: AbortSignal,
): Promise<readonly LoadObject[] | undefined> {
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
  const gaps: Gap[] = [];
  const described = await Promise.all(
    objects.map(async ({ follows, ...object }) => {
      const { rows, rejected, rejectedFrom } = await linkOf(object.key);
      const expected = expectedKey(object.key, follows, follows === undefined ? undefined : await linkOf(follows));
      if (expected !== object.key) gaps.push({ expected, found: object.key });
      return { ...object, rows, rejected, rejectedFrom, compression: compressionOf(object.key) };
    }),
  );
  for (const { expected, found } of gaps) {
    if (found < expected) throw foreign(found, expected);
    if ((await lake.head(expected)) === undefined) throw missing(expected, found);
  }
  return gaps.length === 0 ? described : undefined;
}

/** A key that must lie where another one was found. */
interface Gap {
  readonly expected: string;
  readonly found: string;
}

/** The key of what comes behind another object, or first. */
function expectedKey(key: string, follows: string | undefined, before: ChainLink | undefined): string {
  const chain = parseChainKey(key);
  if (chain !== undefined) return chainKey(chain, before === undefined ? 0 : before.last + 1);
  return replayBeside(key, (follows === undefined ? 0 : (parseReplayKey(follows)?.number ?? 0)) + 1);
}

const missing = (key: string, behind: string): SpindleError =>
  new SpindleError('OBJECT_NOT_FOUND', `The object ${key} is missing: ${behind} comes behind it.`, {
    remedy: 'Nothing was loaded. Restore it from a copy, then run the same command again.',
  });

const foreign = (key: string, expected: string): SpindleError =>
  new SpindleError('OBJECT_UNREADABLE', `The object ${key} does not belong to its chain, which goes on with ${expected}.`, {
    remedy: 'Nothing was loaded. Landing did not write it there: move it away, then run the same command again.',
  });
