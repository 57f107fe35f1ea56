import { SpindleError } from '../errors.ts';
import type { ObjectInfo, ObjectStore } from '../resource/object-store.ts';
import { compressionOf, suffixOf } from '../store/compression.ts';
import { readNdjson } from '../store/ndjson.ts';
import { headLink, incarnationPrefix, linkMetadata, type ChainPartition } from './chain.ts';

/**
 * Records of an incarnation that were flagged when they landed, and passed later. Their objects lie beside the chains of the incarnation, and are a create-only chain of their
 * own: the key of each is the next free number, and no record is in two of them.
 *
 *     <prefix>/<topic>/i0001/replays/00000001.ndjson.gz
 */
export type ReplayedIncarnation = Omit<ChainPartition, 'partition'>;

const KEY = /^(?<chain>.+\/[^/]+\/i\d{4}\/)replays\/(?<number>\d{8})\.ndjson\.(?:gz|zst)$/;

export const replayKey = (place: ReplayedIncarnation, number: number): string =>
  `${incarnationPrefix(place)}replays/${String(number).padStart(8, '0')}${suffixOf[place.compression]}`;

/** Of the key of a replay: its number, from 1, and what the keys of the objects begin with whose flagged records it replays. Undefined for keys of anything else. */
export function parseReplayKey(key: string): { readonly number: number; readonly resolves: string } | undefined {
  const groups = KEY.exec(key)?.groups;
  return groups && { number: Number(groups['number']), resolves: groups['chain'] ?? '' };
}

/** The key of another replay of the same incarnation. */
export const replayBeside = (key: string, number: number): string =>
  key.replace(/\d{8}(?=\.ndjson\.\w+$)/, String(number).padStart(8, '0'));

/** The replays of an incarnation, in the order of their numbers. */
export async function* listReplays(lake: ObjectStore, place: ReplayedIncarnation, signal?: AbortSignal): AsyncIterable<ObjectInfo> {
  for await (const object of lake.list(`${incarnationPrefix(place)}replays/`, signal && { signal }))
    if (parseReplayKey(object.key) !== undefined) yield object;
}

/** The number of the last replay of the incarnation that the given one belongs to; undefined where the object is no replay. */
export async function lastReplay(lake: ObjectStore, { key }: ObjectInfo, signal?: AbortSignal): Promise<number | undefined> {
  let last = parseReplayKey(key)?.number;
  if (last === undefined) return undefined;
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  for await (const next of lake.list(folder, { after: key, ...(signal && { signal }) })) last = parseReplayKey(next.key)?.number ?? last;
  return last;
}

/** A replay says of itself what an object of a chain does: `last` is its number. */
export function replayMetadata({ number, rows, bytes }: { readonly number: number; readonly rows: number; readonly bytes: number }) {
  return { ...linkMetadata({ last: number, rows, rejected: 0, rejectedFrom: bytes, lastDigest: '' }), 'spindle-replay': 'true' };
}

/** Names a record among those of its incarnation. */
export const placeName = (partition: number, offset: number): string => `${partition}/${offset}`;

/** The records of a replay, as `placeName` writes them. */
export async function readReplayPlaces(lake: ObjectStore, key: string): Promise<readonly string[]> {
  const { rows } = await headLink(lake, key);
  const lines = (await readNdjson(await lake.get(key), compressionOf(key))) as readonly {
    readonly _partition: number;
    readonly _offset: number;
  }[];
  if (lines.length === rows) return lines.map(({ _partition, _offset }) => placeName(_partition, _offset));
  throw new SpindleError('LOAD_COUNT_MISMATCH', `object ${key} holds ${lines.length} good records, and its metadata says ${rows}`, {
    remedy: 'The object was changed after it was written: restore it from a copy, then run the same command again.',
  });
}

/** The key of the replay that holds a record, if one does. */
export async function findReplay(lake: ObjectStore, incarnation: ReplayedIncarnation, place: string): Promise<string | undefined> {
  for await (const { key } of listReplays(lake, incarnation)) if ((await readReplayPlaces(lake, key)).includes(place)) return key;
  return undefined;
}
