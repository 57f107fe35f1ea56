import type { ObjectStore } from '../resource/object-store.ts';
import { COMPRESSIONS, compressorOf, type Compression } from '../store/compression.ts';
import { topicPrefix, type ChainPartition } from './chain.ts';

/** One life of a topic, whose partitions have a chain each. */
export type Incarnation = Omit<ChainPartition, 'partition'>;

/** Which topic is landed, and where. */
export interface LandedTopic {
  readonly lake: ObjectStore;
  readonly prefix: string;
  readonly topic: string;
  /** Of an incarnation that is begun; one that was begun before keeps its own. */
  readonly compression: Compression;
}

const MARKER = /\/\d{4}\.json$/;

const markers = (prefix: string, topic: string): string => `${topicPrefix(prefix, topic)}incarnations/`;

/** The incarnation that a topic's chain is in; the first one is begun where there is none. */
export async function currentIncarnation(landed: LandedTopic): Promise<Incarnation> {
  return (await newestIncarnation(landed.lake, landed.prefix, landed.topic)) ?? begin(landed, 1);
}

/** Begins the next incarnation, after the topic was created anew: its chain starts at offset zero again. */
export async function beginNextIncarnation(landed: LandedTopic): Promise<Incarnation> {
  const newest = await newestIncarnation(landed.lake, landed.prefix, landed.topic);
  return begin(landed, (newest?.incarnation ?? 0) + 1);
}

/** The newest incarnation that was begun; undefined where none was. */
export async function newestIncarnation(lake: ObjectStore, prefix: string, topic: string): Promise<Incarnation | undefined> {
  let newest: string | undefined;
  for await (const { key } of lake.list(markers(prefix, topic))) if (MARKER.test(key)) newest = key;
  return newest === undefined ? undefined : readMarker(lake, newest, { prefix, topic });
}

/** Create-only: of several that begin the same incarnation one wins, and all go by what that one wrote. CONFIG_INVALID where nothing could be compressed so. */
async function begin({ lake, prefix, topic, compression }: LandedTopic, incarnation: number): Promise<Incarnation> {
  compressorOf(compression);
  const key = `${markers(prefix, topic)}${String(incarnation).padStart(4, '0')}.json`;
  const made = await lake.putIfAbsent(key, Buffer.from(JSON.stringify({ topic, incarnation, compression })), {});
  return made === 'created' ? { prefix, topic, incarnation, compression } : readMarker(lake, key, { prefix, topic });
}

async function readMarker(lake: ObjectStore, key: string, { prefix, topic }: Pick<LandedTopic, 'prefix' | 'topic'>): Promise<Incarnation> {
  const { compression } = JSON.parse(Buffer.from(await lake.get(key)).toString()) as { readonly compression?: string };
  return {
    prefix,
    topic,
    incarnation: Number.parseInt(key.slice(-9), 10),
    compression: COMPRESSIONS.find((known) => known === compression) ?? 'gzip', // markers of old say none
  };
}
