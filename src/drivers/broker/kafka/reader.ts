import type { BrokerRecord, ReadOptions } from '../../../runtime/resource/broker.ts';
import { checkOffset, checkPartition } from '../topic-error.ts';
import type { Cluster, Lane } from './cluster.ts';
import { authorOf } from './author.ts';
import { createDecompress } from './codec.ts';
import { FetchQueue, type Answer, type Fetch } from './fetch-queue.ts';
import { abortable } from './patience.ts';
import type { Topics } from './topics.ts';
import { abortedBatches, batchesOf, recordsOf, type ReceivedBatch } from './wire/read-batches.ts';

const OFFSET_OUT_OF_RANGE = 1;
const OFFSET_NOT_AVAILABLE = 78;
/** What makes one batch that is handed on, in bytes of unpacked batches. */
const HANDED_BYTES = 1 << 20;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a fetch brought. `next` is where the following one begins: behind the batches, even where none of their records is left to read. */
interface Chunk {
  readonly batches: readonly ReceivedBatch[];
  readonly aborted: (batch: ReceivedBatch) => boolean;
  readonly next: number;
  readonly end: number;
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly signal: AbortSignal;
  readonly authors: boolean;
}

export class Reader {
  readonly #cluster: Cluster;
  readonly #topics: Topics;
  readonly #queues = new Map<string, FetchQueue>();
  readonly #decompress = createDecompress();
  #reading = 0;

  constructor(cluster: Cluster, topics: Topics) {
    this.#cluster = cluster;
    this.#topics = topics;
  }

  /** As the broker's `read`. Holds the batch that it handed on and the bytes of the next one. */
  async *read(
    topic: string,
    partition: number,
    { from, to, signal, follow, authors = false }: Span & ReadOptions,
  ): AsyncGenerator<readonly BrokerRecord[]> {
    signal?.throwIfAborted();
    const layout = await this.#cluster.perform({ right: 'Read', topic }, () => this.#topics.layout(topic), signal);
    checkPartition(layout, partition);
    if (from >= to) return;
    if (from < 0) await this.#refuse({ topic, partition }, from);
    const turnedAway = new AbortController();
    const until = signal === undefined ? turnedAway.signal : AbortSignal.any([signal, turnedAway.signal]);
    const place = { topic, partition, signal: until, authors };
    const ends = ({ next, end }: Chunk) => next >= to || (!follow && next >= end);
    this.#reading++;
    try {
      let asked = this.#fetch(place, { from, waits: false });
      for (;;) {
        const chunk = await abortable(asked, signal);
        const last = ends(chunk);
        if (!last) {
          asked = this.#fetch(place, { from: chunk.next, waits: chunk.next >= chunk.end });
          // awaited in the next turn, unless the reader turns away before
          asked.catch(() => undefined);
        }
        yield* this.#handOn(chunk, place, { from, to });
        if (last) return;
        signal?.throwIfAborted();
      }
    } finally {
      this.#reading--;
      turnedAway.abort(new Error('nobody reads any more'));
    }
  }

  /** The next batches from an offset on: at the partition's end none, or, where the fetch waits, those that come. */
  async #fetch(place: Place, { from, waits }: { readonly from: number; readonly waits: boolean }): Promise<Chunk> {
    const { topic, signal } = place;
    let starved = false;
    for (;;) {
      const lane: Lane = waits && !starved ? 'bulk' : 'control';
      const chunk: Chunk = await this.#cluster.perform(
        { right: 'Read', topic },
        () => this.#ask(lane, { ...place, offset: from, starved }),
        signal,
      );
      if (chunk.next > from || (!waits && from >= chunk.end)) return chunk;
      starved = from < chunk.end;
    }
  }

  async #ask(lane: Lane, fetch: Fetch): Promise<Chunk> {
    const { topic, partition, offset } = fetch;
    const { leaders } = await this.#topics.layout(topic);
    const answer = await this.#queueOf(leaders[partition] ?? -1, lane)
      .ask(fetch)
      .catch((error: unknown) => {
        this.#topics.doubt(topic);
        throw error;
      });
    if (answer.errorCode === 0) return chunkOf(answer, offset);
    if (answer.errorCode === OFFSET_OUT_OF_RANGE) {
      await this.#refuse({ topic, partition }, offset);
      throw this.#cluster.errorOf(OFFSET_NOT_AVAILABLE);
    }
    throw await this.#topics.partitionError(topic, answer.errorCode);
  }

  #queueOf(broker: number, lane: Lane): FetchQueue {
    const key = `${broker} ${lane}`;
    const queue = this.#queues.get(key) ?? new FetchQueue(this.#cluster, { broker, lane, readers: () => this.#reading });
    this.#queues.set(key, queue);
    return queue;
  }

  /** Fails with what the partition holds; does not where it holds the offset by now. */
  async #refuse({ topic, partition }: { readonly topic: string; readonly partition: number }, from: number): Promise<void> {
    const offsets = (await this.#topics.offsets(topic)).find((found) => found.partition === partition);
    if (offsets !== undefined) checkOffset(topic, offsets, from);
  }

  async *#handOn(
    { batches, aborted }: Chunk,
    { topic, partition, signal, authors }: Place,
    { from, to }: Span,
  ): AsyncGenerator<readonly BrokerRecord[]> {
    let records: BrokerRecord[] = [];
    let bytes = 0;
    for (const batch of batches) {
      if (aborted(batch) || batch.control) continue;
      const body = await this.#decompress(batch.body, batch.codec, topic);
      for (const record of recordsOf(batch, body, partition))
        if (record.offset >= from && record.offset < to) records.push(authors ? { ...record, ...authorOf(batch, record.offset) } : record);
      bytes += body.length;
      if (bytes < HANDED_BYTES || records.length === 0) continue;
      yield records;
      signal.throwIfAborted();
      records = [];
      bytes = 0;
    }
    if (records.length > 0) yield records;
  }
}

function chunkOf({ records, aborted, end, first }: Answer, from: number): Chunk {
  const batches = [...batchesOf(records)].filter(({ lastOffset }) => lastOffset >= from);
  const behind = (batches.at(-1)?.lastOffset ?? from - 1) + 1;
  // an answer that had room and is empty: no record is left up to the end
  const next = behind === from && first && from < end && records.length === 0 ? end : behind;
  return { batches, aborted: abortedBatches(aborted), next, end };
}
