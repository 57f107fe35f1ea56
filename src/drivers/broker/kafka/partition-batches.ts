import type { ProduceRecord } from '../../../runtime/resource/broker.ts';
import { encodeBatch, recordBound, type Compressor } from './wire/record-batch.ts';

/** Just below what topics take unless they are set otherwise (`max.message.bytes`). */
const BATCH_BYTES = 960 << 10;
/** Sequence numbers begin at 0 again behind the largest number of 31 bits. */
const SEQUENCES = 2 ** 31;

/** Who produces. By that, and by the numbers of a partition's records, a broker knows which batches it has already. */
export interface Identity {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** By topic and partition, the number of its next record. */
  readonly sequences: Map<string, number>;
}

interface Encoded {
  readonly batch: Buffer;
  readonly records: number;
}

/** The records of a call for one partition, batch after batch. */
export class PartitionBatches {
  readonly partition: number;
  readonly #records: readonly ProduceRecord[];
  readonly #key: string;
  readonly #identity: Identity;
  readonly #compressor: Compressor | undefined;
  #batchBytes = BATCH_BYTES;
  #next = 0;
  #encoded: Encoded | undefined;

  constructor(
    records: readonly ProduceRecord[],
    place: { readonly topic: string; readonly partition: number },
    { identity, compressor }: { readonly identity: Identity; readonly compressor: Compressor | undefined },
  ) {
    this.partition = place.partition;
    this.#records = records;
    this.#key = `${place.topic}/${place.partition}`;
    this.#identity = identity;
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
    this.#identity.sequences.set(this.#key, (this.#sequence + records) % SEQUENCES);
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

  get #sequence(): number {
    return this.#identity.sequences.get(this.#key) ?? 0;
  }

  async #encode(): Promise<Encoded> {
    const first = this.#next;
    let end = first;
    for (let bytes = 0; end < this.#records.length; end++) {
      bytes += recordBound(this.#records[end]!);
      if (bytes > this.#batchBytes && end > first) break;
    }
    const records = this.#records.slice(first, end);
    const { producerId, producerEpoch } = this.#identity;
    const batch = await encodeBatch(records, { producerId, producerEpoch, firstSequence: this.#sequence }, this.#compressor);
    return { batch, records: records.length };
  }

  #bytesOf(count: number): number {
    let bytes = 0;
    for (let i = 0; i < count; i++) bytes += recordBound(this.#records[this.#next + i]!);
    return bytes;
  }
}
