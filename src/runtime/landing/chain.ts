import { SpindleError } from '../errors.ts';
import type { ObjectHead, ObjectStore } from '../resource/object-store.ts';
import { compressionOf, suffixOf, type Compression } from '../store/compression.ts';

/**
 * The create-only chain: each object holds consecutive records of one topic partition, and its key is the offset that was expected next
 * when it was written: the previous object's last + 1, and 0 of the first one. So the objects of a partition, in the order of their keys, are the chain.
 *
 *     <prefix>/<topic>/i0001/p000/00000000000000000000.ndjson.gz
 */
export interface ChainPartition {
  readonly prefix: string;
  readonly topic: string;
  /** From 1; a new one begins when the topic was created anew. */
  readonly incarnation: number;
  readonly partition: number;
  /** The same for all of an incarnation: a chain whose keys ended one way or the other could fork. */
  readonly compression: Compression;
}

const KEY = /^(?<prefix>.+)\/(?<topic>[^/]+)\/i(?<incarnation>\d{4})\/p(?<partition>\d{3,})\/(?<first>\d{20})\.ndjson\.(?:gz|zst)$/;

export const topicPrefix = (prefix: string, topic: string): string => `${prefix}/${topic}/`;

export function incarnationPrefix({ prefix, topic, incarnation }: Pick<ChainPartition, 'prefix' | 'topic' | 'incarnation'>): string {
  return `${topicPrefix(prefix, topic)}i${String(incarnation).padStart(4, '0')}/`;
}

export function partitionPrefix({ partition, ...incarnation }: Omit<ChainPartition, 'compression'>): string {
  return `${incarnationPrefix(incarnation)}p${String(partition).padStart(3, '0')}/`;
}

export const chainKey = (chain: ChainPartition, first: number): string =>
  `${partitionPrefix(chain)}${String(first).padStart(20, '0')}${suffixOf[chain.compression]}`;

export const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/'));

/** Behind every key of a folder: they are printable ASCII. */
export const behindFolder = (folder: string): string => `${folder}/~`;

/** The chain and offset that a key names; undefined for keys of anything else. */
export function parseChainKey(key: string): (ChainPartition & { readonly first: number }) | undefined {
  const groups = KEY.exec(key)?.groups;
  if (groups === undefined) return undefined;
  const { prefix = '', topic = '', incarnation, partition, first } = groups;
  return {
    prefix,
    topic,
    incarnation: Number(incarnation),
    partition: Number(partition),
    compression: compressionOf(key),
    first: Number(first),
  };
}

/** What an object says of itself in its metadata. */
export interface ChainLink {
  readonly last: number;
  readonly rows: number;
  readonly rejected: number;
  /** The byte at which the flagged records start, as a member of their own; the object's size where there are none. */
  readonly rejectedFrom: number;
  /** Digest of the last record: how a re-created topic is told from the one that was landed. */
  readonly lastDigest: string;
}

export function linkMetadata(link: ChainLink): Readonly<Record<string, string>> {
  const { last, rows, rejected, rejectedFrom, lastDigest } = link;
  return {
    'spindle-last': `${last}`,
    'spindle-rows': `${rows}`,
    'spindle-rejected': `${rejected}`,
    'spindle-rejected-from': `${rejectedFrom}`,
    'spindle-last-digest': lastDigest,
  };
}

export function readLink({ key, metadata }: ObjectHead): ChainLink {
  const number = (name: string): number => {
    const value = Number(metadata[name]);
    if (metadata[name] !== undefined && Number.isSafeInteger(value)) return value;
    throw new SpindleError('OBJECT_UNREADABLE', `The object ${key} lacks its metadata "${name}".`, {
      remedy: 'It was not written by landing, or a copy lost its metadata. Move it out of the chain, or restore it with its metadata.',
    });
  };
  return {
    last: number('spindle-last'),
    rows: number('spindle-rows'),
    rejected: number('spindle-rejected'),
    rejectedFrom: number('spindle-rejected-from'),
    lastDigest: metadata['spindle-last-digest'] ?? '',
  };
}

/** The link of an object that a listing just showed. */
export async function headLink(lake: ObjectStore, key: string): Promise<ChainLink> {
  const head = await lake.head(key);
  if (head === undefined)
    throw new SpindleError('OBJECT_NOT_FOUND', `The object ${key} is gone.`, {
      remedy: 'Nothing may delete objects of a chain: restore it.',
    });
  return readLink(head);
}
