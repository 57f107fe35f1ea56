import { SpindleError } from '../errors.ts';
import type { BrokerRecord, PartitionOffsets } from '../resource/broker.ts';
import type { Faults } from '../resource/faults.ts';
import type { ObjectStore } from '../resource/object-store.ts';
import type { Row } from '../store/row.ts';
import type { TopicReader } from '../store/topic-handle.ts';
import { chainEnd, chainKey, headLink, linkMetadata, type ChainLink, type ChainPartition } from './chain.ts';
import { recordEncoder, type EncodedRecord } from './encode.ts';
import { currentIncarnation } from './incarnation.ts';
import { addRecord, bytesOf, openObject, recordDigest, recordsOf, sealObject, type OpenObject } from './object-writer.ts';

export interface Rotation {
  /** An object is closed when its lines reach so many bytes, uncompressed. */
  readonly bytes: number;
  readonly records: number;
}

export interface LandOptions {
  readonly topic: string;
  readonly reader: TopicReader;
  readonly lake: ObjectStore;
  readonly prefix: string;
  readonly schema: Row;
  readonly rotation: Rotation;
  readonly signal: AbortSignal;
  readonly faults: Faults;
  progress(done: number, total: number): void;
}

/** What one landing did. `adopted` counts objects that another landing had written first. */
export interface Landed {
  readonly records: number;
  readonly rows: number;
  readonly rejected: number;
  readonly bytes: number;
  readonly objects: number;
  readonly adopted: number;
}

/** Partitions landed at once: while one compresses (in the thread pool) another parses; memory stays at two objects. */
const CONCURRENCY = 2;

/**
 * Lands a topic up to the ends it has now, exactly once: in each partition one object after the other is created under the offset that
 * the chain expects next, then the consumer group commits. Whoever finds that key taken adopts the object and goes on behind it.
 */
export async function land(options: LandOptions): Promise<Landed> {
  const { reader, lake, prefix, topic } = options;
  const offsets = await reader.offsets();
  const incarnation = await currentIncarnation(lake, prefix, topic);
  const totals = { records: 0, rows: 0, rejected: 0, bytes: 0, objects: 0, adopted: 0 };
  const encode = recordEncoder(topic, options.schema);
  const total = { pending: 0 };

  const starts = await Promise.all(
    offsets.map(async (ends) => {
      const chain = { prefix, topic, incarnation, partition: ends.partition };
      const from = await startOffset(options, chain, ends);
      total.pending += ends.end - from;
      return { chain, from, to: ends.end };
    }),
  );
  const queue = starts.filter(({ from, to }) => from < to);
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      await landPartition(options, encode, { ...next, totals, pending: total.pending });
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return totals;
}

/** Behind the chain's last object; checked against the broker, since a topic that was created anew starts at zero again. */
async function startOffset(
  { lake, reader, signal }: LandOptions,
  chain: ChainPartition,
  { start, end }: PartitionOffsets,
): Promise<number> {
  const newest = await chainEnd(lake, chain, signal);
  if (newest === undefined) return start;
  const expected = newest.last + 1;
  if (end < expected || !(await sameRecord(reader, chain.partition, { newest, start }))) throw recreated(chain, expected, end);
  if (expected < start) {
    throw new SpindleError(
      'OFFSET_OUT_OF_RANGE',
      `Records ${expected} to ${start - 1} of ${chain.topic}, partition ${chain.partition}, were deleted by retention before they were landed.`,
      {
        remedy: `They are lost at the broker. Begin a new incarnation to go on: spindle landing restart ${chain.topic}. Then raise the topic's retention.`,
      },
    );
  }
  return expected;
}

async function sameRecord(
  reader: TopicReader,
  partition: number,
  { newest, start }: { readonly newest: ChainLink; readonly start: number },
): Promise<boolean> {
  const { last, lastDigest } = newest;
  if (last < start) return true; // the broker no longer has it: nothing to compare
  for await (const batch of reader.read(partition, { from: last, to: last + 1 })) {
    const record = batch.at(-1);
    if (record !== undefined) return recordDigest(record) === lastDigest;
  }
  return true;
}

function recreated({ topic, partition, incarnation }: ChainPartition, expected: number, end: number): SpindleError {
  return new SpindleError(
    'TOPIC_RECREATED',
    `The topic ${topic} was created anew: partition ${partition} was landed up to offset ${expected - 1}, and the broker now holds other records there (its end is ${end}).`,
    {
      remedy: `If that was meant, begin incarnation ${incarnation + 1}: spindle landing restart ${topic}. Nothing that was landed is touched.`,
    },
  );
}

type Encoder = (record: BrokerRecord) => EncodedRecord;
type Totals = { records: number; rows: number; rejected: number; bytes: number; objects: number; adopted: number };
interface Span {
  readonly chain: ChainPartition;
  readonly from: number;
  readonly to: number;
  readonly totals: Totals;
  readonly pending: number;
}

async function landPartition(options: LandOptions, encode: Encoder, span: Span): Promise<void> {
  let { from } = span;
  while (from < span.to) from = await landFrom(options, encode, { ...span, from });
}

/** Lands one object after the other, up to the end or to an object that somebody else had created; gives the offset to go on from. */
async function landFrom(options: LandOptions, encode: Encoder, span: Span): Promise<number> {
  const { chain, from, to } = span;
  let expected = from;
  let open: OpenObject | undefined;
  for await (const batch of options.reader.read(chain.partition, { from, to }, { signal: options.signal })) {
    for (const record of batch) {
      open ??= openObject(expected, record);
      addRecord(open, record, encode(record));
      if (recordsOf(open) < options.rotation.records && bytesOf(open) < options.rotation.bytes) continue;
      const { last, adopted } = await close(options, span, open);
      if (adopted) return last + 1;
      expected = last + 1;
      open = undefined;
    }
  }
  if (open === undefined) return to;
  const { last, adopted } = await close(options, span, open);
  return adopted ? last + 1 : to;
}

/** Creates the object, or finds the key taken and adopts the object that is there; commits behind it either way. */
async function close(
  options: LandOptions,
  { chain, totals, pending }: Span,
  open: OpenObject,
): Promise<{ readonly last: number; readonly adopted: boolean }> {
  const { lake, reader, prefix, faults, signal } = options;
  signal.throwIfAborted();
  const { body, link } = await sealObject(open);
  const key = chainKey(chain, open.first);
  faults('land.before-put');
  const adopted = (await lake.putIfAbsent(key, body, linkMetadata(link))) === 'exists';
  faults('land.after-put');
  const { last } = adopted ? await headLink(lake, key) : link;
  await reader.commit(consumerGroup(prefix), new Map([[chain.partition, { offset: last + 1 }]]));
  faults('land.after-commit');
  if (adopted) {
    totals.adopted++;
  } else {
    totals.objects++;
    totals.rows += open.good.lines;
    totals.rejected += open.rejected.lines;
    totals.records += recordsOf(open);
    totals.bytes += body.length;
    options.progress(totals.records, pending);
  }
  return { last, adopted };
}

/** The consumer group of a landing: where lag is read. */
export const consumerGroup = (prefix: string): string => `spindle.${prefix}`;
