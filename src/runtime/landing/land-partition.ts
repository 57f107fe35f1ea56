import { SpindleError } from '../errors.ts';
import type { BrokerRecord } from '../resource/broker.ts';
import type { Clock } from '../resource/clock.ts';
import type { Faults } from '../resource/faults.ts';
import type { ObjectStore } from '../resource/object-store.ts';
import type { TopicReader } from '../store/topic-handle.ts';
import { linkAbort } from '../stream/linked-abort.ts';
import { firstOf, type Moment } from '../stream/moment.ts';
import { chainKey, headLink, linkMetadata, type ChainLink, type ChainPartition } from './chain.ts';
import type { EncodedRecord } from './encode.ts';
import { ObjectWriter } from './object-writer.ts';
import { dueAt, isFull, type OpenObjects, type Rotation } from './rotation.ts';
import type { SameTopic } from './same-topic.ts';
import type { ChainStart } from './start-offset.ts';

/** What landing a topic needs, whichever partitions it lands. */
export interface LandTools {
  readonly lake: ObjectStore;
  readonly reader: Pick<TopicReader, 'read'>;
  readonly rotation: Rotation;
  readonly faults: Faults;
  readonly open: OpenObjects;
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>;
  /** Remembered before it was known where the chain goes on. */
  readonly sameTopic: SameTopic;
  encode(record: BrokerRecord): EncodedRecord;
  /** Tells the consumer group: a hint, for those who watch. */
  commit(offsets: ReadonlyMap<number, number>): Promise<void>;
  /** An object lies in the lake: created here, or adopted from somebody else. */
  landed(object: LandedObject): void;
}

export interface LandedObject {
  readonly partition: number;
  readonly link: ChainLink;
  /** Of the object that was created here; undefined where it was adopted. */
  readonly created:
    | { readonly bytes: number; readonly bytesIn: number; readonly openedAt: number; readonly timestamps: readonly number[] }
    | undefined;
}

export interface PartitionSpan extends ChainStart {
  readonly chain: ChainPartition;
  /** Where it ends; Infinity where it goes on as long as records come. */
  readonly to: number;
  /** Ends it at once: what is open is let go of. */
  readonly signal: AbortSignal;
  /** Ends it in order: what is open is closed and landed. */
  readonly drain?: AbortSignal;
}

/**
 * Lands one partition: one object after the other is created under the offset that the chain expects next. Whoever finds that key taken adopts the object and
 * goes on behind it. So there is one chain, whoever lands.
 */
export async function landPartition(tools: LandTools, span: PartitionSpan): Promise<void> {
  let { expected, from } = span;
  while (from < span.to && span.drain?.aborted !== true) from = expected = await landFrom(tools, { ...span, expected, from });
}

/** Lands up to the end, or to an object that somebody else had created; gives the offset that is expected next. */
async function landFrom(tools: LandTools, span: PartitionSpan): Promise<number> {
  const { chain, to, signal, drain } = span;
  const { rotation, open, clock } = tools;
  const follow = to === Infinity;
  const reading = linkAbort(signal);
  const records = tools.reader.read(chain.partition, { from: span.from, to }, { signal: reading.signal, follow })[Symbol.asyncIterator]();
  let { expected } = span;
  let object: ObjectWriter | undefined;
  const close = async (writer: ObjectWriter) => {
    object = undefined;
    const end = await closeObject(tools, span, writer);
    expected = end.last + 1;
    return end.adopted;
  };
  try {
    for (let next = records.next(); ;) {
      const due = object !== undefined && follow ? dueAt(object, rotation) - clock.elapsed() : Infinity;
      const moment: Moment<IteratorResult<readonly BrokerRecord[]>> = await firstOf(next, { milliseconds: due, drain, sleep: clock.sleep });
      if (moment.kind === 'drain') {
        if (object !== undefined) await close(object);
        return expected;
      }
      if (moment.kind === 'due') {
        if (object !== undefined && (await close(object))) return expected;
        continue;
      }
      if (moment.value.done === true) break;
      const batch = moment.value.value;
      next = records.next(); // on its way while this batch is worked on
      next.catch(() => {}); // told when its turn comes
      for (const record of batch) {
        if (object === undefined) open.add((object = new ObjectWriter(expected, clock.elapsed(), chain.compression)));
        object.add(record, tools.encode(record));
        if (isFull(object, rotation) && (await close(object))) return expected;
      }
      await object?.settled();
      if (object !== undefined && open.isTooMuch(object) && (await close(object))) return expected;
    }
    if (object !== undefined && (await close(object))) return expected;
    return to;
  } finally {
    reading.unlink();
    reading.abort(new DOMException('The partition is read no further.', 'AbortError'));
    records.return?.().catch(() => {}); // lets go of what was read ahead; why it ended is known
    if (object !== undefined) {
      open.remove(object);
      object.discard();
    }
  }
}

/** Creates the object, or finds the key taken and adopts the object that is there; commits behind it either way. */
async function closeObject(
  tools: LandTools,
  { chain, signal }: PartitionSpan,
  object: ObjectWriter,
): Promise<{ readonly last: number; readonly adopted: boolean }> {
  const { lake, faults } = tools;
  const { partition } = chain;
  tools.open.remove(object);
  try {
    signal.throwIfAborted();
    const { body, link: own } = await object.seal();
    const key = chainKey(chain, object.first);
    await tools.sameTopic();
    faults('land.before-put');
    const adopted = (await lake.putIfAbsent(key, body, linkMetadata(own))) === 'exists';
    faults('land.after-put');
    const link = adopted ? await adoptedLink(lake, key, object.first) : own;
    const { bytesIn, openedAt, timestamps } = object;
    // Before the commit, which may fail: the object is there, and nobody else tells of it.
    tools.landed({ partition, link, created: adopted ? undefined : { bytes: body.length, bytesIn, openedAt, timestamps } });
    await tools.commit(new Map([[partition, link.last + 1]]));
    faults('land.after-commit');
    return { last: link.last, adopted };
  } finally {
    object.discard();
  }
}

/** The link of an object that somebody else created. One that ends before it begins would lead back, again and again. */
async function adoptedLink(lake: ObjectStore, key: string, first: number): Promise<ChainLink> {
  const link = await headLink(lake, key);
  if (link.last >= first) return link;
  throw new SpindleError('OBJECT_UNREADABLE', `The object ${key} says of itself that its last offset is ${link.last}.`, {
    remedy: 'It was not written by landing, or its metadata was changed. Move it out of the chain, or restore it with its metadata.',
  });
}
