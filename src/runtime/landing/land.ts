import type { PartitionOffsets } from '../resource/broker.ts';
import type { Faults } from '../resource/faults.ts';
import type { Row } from '../store/row.ts';
import type { TopicReader } from '../store/topic-handle.ts';
import { recordEncoder } from './encode.ts';
import { currentIncarnation, type LandedTopic } from './incarnation.ts';
import { landPartition, type LandTools, type LandedObject, type PartitionSpan } from './land-partition.ts';
import { createOpenObjects, type Rotation } from './rotation.ts';
import { rememberTopic } from './same-topic.ts';
import { startOffset } from './start-offset.ts';

/** What a topic is landed with, up to its ends or for as long as it goes on. */
export interface TopicLanding extends LandedTopic {
  readonly reader: TopicReader;
  readonly schema: Row;
  readonly rotation: Rotation;
  readonly faults: Faults;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

export interface LandOptions extends TopicLanding {
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

/** Partitions landed at once: while one compresses (in the thread pool) another parses. */
const CONCURRENCY = 2;

/** Lands a topic up to the ends it has now, exactly once (see {@link landPartition}): ends when the chains have passed them, whoever landed what lies before. */
export async function land(options: LandOptions): Promise<Landed> {
  const { reader, lake, prefix, topic, signal } = options;
  const sameTopic = await rememberTopic(topic, reader);
  const offsets = await reader.offsets();
  const incarnation = await currentIncarnation(options);
  const failing = new AbortController();
  const stopping = AbortSignal.any([signal, failing.signal]);
  const span = async (ends: PartitionOffsets): Promise<PartitionSpan> => {
    const chain = { ...incarnation, partition: ends.partition };
    return { chain, ...(await startOffset({ lake, reader, signal }, chain, ends)), to: ends.end, signal: stopping };
  };
  const queue = (await Promise.all(offsets.map(span))).filter(({ from, to }) => from < to);
  const total = queue.reduce((sum, { from, to }) => sum + to - from, 0);
  const tally = createTally();
  const tools: LandTools = {
    ...options,
    sameTopic,
    open: createOpenObjects(),
    encode: recordEncoder(topic, options.schema),
    clock: { elapsed: () => 0, sleep: async () => {} }, // nothing is closed by its age
    commit: (next) => reader.commit(consumerGroup(prefix), next),
    landed(object) {
      tally.add(object);
      options.progress(tally.landed.records, total);
    },
  };
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await landPartition(tools, next);
  };
  // Where one fails the others end too, and are waited for: nothing goes on behind a landing that failed.
  await Promise.all(Array.from({ length: CONCURRENCY }, () => work().catch((error: unknown) => failing.abort(error))));
  stopping.throwIfAborted();
  return tally.landed;
}

/** Adds up what was landed. */
function createTally(): { readonly landed: Landed; add(object: LandedObject): void } {
  const landed = { records: 0, rows: 0, rejected: 0, bytes: 0, objects: 0, adopted: 0 };
  return {
    landed,
    add({ link, created }) {
      if (created === undefined) {
        landed.adopted++;
        return;
      }
      landed.objects++;
      landed.rows += link.rows;
      landed.rejected += link.rejected;
      landed.records += link.rows + link.rejected;
      landed.bytes += created.bytes;
    },
  };
}

/** The consumer group of a landing: where lag is read. */
export const consumerGroup = (prefix: string): string => `spindle.${prefix}`;
