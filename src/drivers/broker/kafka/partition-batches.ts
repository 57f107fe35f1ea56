import type { ProduceRecord } from '../../../runtime/resource/broker.ts';
import { advance, type Seat } from './author.ts';
import { encodeBatch, recordBound, type Compressor } from './wire/record-batch.ts';

/** Just below what topics take unless they are set otherwise (`max.message.bytes`). */
const BATCH_BYTES = 960 << 10;
interface Encoded {
  readonly batch: Buffer;
  readonly records: number;
}

/** The records of a call for one partition, batch after batch. */
export class PartitionBatches {
  readonly partition: number;
  readonly #records: readonly ProduceRecord[];
  readonly #seats: Map<number, Seat>;
  readonly #compressor: Compressor | undefined;
  #batchBytes = BATCH_BYTES;
  #next = 0;
  #encoded: Encoded | undefined;

  constructor(
    records: readonly ProduceRecord[],
    partition: number,
    /** Of the topic's partitions, this one's among them: it is kept up to date. */
    { seats, compressor }: { readonly seats: Map<number, Seat>; readonly compressor: Compressor | undefined },
  ) {
    this.partition = partition;
    this.#records = records;
    this.#seats = seats;
    this.#compressor = compressor;
  }

  get isDone(): boolean {
    return this.#next >= this.#records.length;
  }

  /** The next batch: the same bytes until it is kept, so that the broker knows it again. */
  async batch(): Promise<Buffer> {
    this.#encoded ??= await this.#encode();
    return this.#encoded.batch;
  }

  /** The broker has the batch. */
  kept(): void {
    const records = this.#encoded?.records ?? 0;
    this.#next += records;
    this.#seats.set(this.partition, advance(this.#seat, records));
    this.#encoded = undefined;
  }

  /** The topic does not take so large a batch. The next one is half of it; gives its size, and no half, where it holds a single record. */
  tooLarge(): { readonly singleRecordBytes: number } | undefined {
    const { records, batch } = this.#encoded ?? { records: 0, batch: Buffer.of() };
    if (records === 1) return { singleRecordBytes: batch.length };
    this.#batchBytes = Math.floor(this.#bytesOf(records) / 2);
    this.#encoded = undefined;
    return undefined;
  }

  get #seat(): Seat {
    const seat = this.#seats.get(this.partition);
    if (seat === undefined) throw new RangeError(`Nobody produces to partition ${this.partition}.`);
    return seat;
  }

  async #encode(): Promise<Encoded> {
    const first = this.#next;
    let end = first;
    for (let bytes = 0; end < this.#records.length; end++) {
      bytes += recordBound(this.#records[end]!);
      if (bytes > this.#batchBytes && end > first) break;
    }
    const records = this.#records.slice(first, end);
    const { producerId, producerEpoch, next } = this.#seat;
    const batch = await encodeBatch(records, { producerId, producerEpoch, firstSequence: next }, this.#compressor);
    return { batch, records: records.length };
  }

  #bytesOf(count: number): number {
    let bytes = 0;
    for (let i = 0; i < count; i++) bytes += recordBound(this.#records[this.#next + i]!);
    return bytes;
  }
}
