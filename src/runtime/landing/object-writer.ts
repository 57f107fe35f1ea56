import { digest } from '../digest.ts';
import type { BrokerRecord } from '../resource/broker.ts';
import { CompressedLines } from '../store/compressed-lines.ts';
import type { Compression } from '../store/compression.ts';
import { createSample } from '../stream/sample.ts';
import type { ChainLink } from './chain.ts';
import type { EncodedRecord } from './encode.ts';

/** Timestamps that are kept, to tell how long records took: they say the 99th percentile well. */
const SAMPLED = 1_000;

export interface SealedObject {
  readonly body: Uint8Array;
  readonly link: ChainLink;
}

/** Records gathered for one object: the good ones, and the flagged ones as a member of their own behind them. */
export class ObjectWriter {
  /** The offset that the chain expects. */
  readonly first: number;
  /** Milliseconds of the clock that counts its age. */
  readonly openedAt: number;
  readonly #timestamps = createSample(SAMPLED);
  #bytesIn = 0;
  readonly #good: CompressedLines;
  readonly #rejected: CompressedLines;
  #last: BrokerRecord | undefined;

  constructor(first: number, openedAt: number, compression: Compression) {
    this.first = first;
    this.openedAt = openedAt;
    this.#good = new CompressedLines(compression);
    this.#rejected = new CompressedLines(compression);
  }

  get records(): number {
    return this.#good.lines + this.#rejected.lines;
  }

  /** Milliseconds since the epoch, of a sample of the records. */
  get timestamps(): readonly number[] {
    return this.#timestamps.values;
  }

  /** Of the values of its records. */
  get bytesIn(): number {
    return this.#bytesIn;
  }

  /** Of its lines, uncompressed. */
  get bytes(): number {
    return this.#good.bytes + this.#rejected.bytes;
  }

  /** What memory holds of it, in bytes. */
  get held(): number {
    return this.#good.held + this.#rejected.held;
  }

  add(record: BrokerRecord, { rejected, line }: EncodedRecord): void {
    this.#timestamps.offer(record.timestamp);
    (rejected ? this.#rejected : this.#good).add(line);
    this.#bytesIn += record.value?.length ?? 0;
    this.#last = record;
  }

  /** Resolves when there is room for more. */
  async settled(): Promise<void> {
    await this.#good.settled();
    await this.#rejected.settled();
  }

  /** The object's bytes and what its metadata says. Needs a record. */
  async seal(): Promise<SealedObject> {
    const last = this.#last;
    if (last === undefined) throw new RangeError('An object needs a record.');
    const [rows, rejected] = [this.#good.lines, this.#rejected.lines];
    const good = await this.#good.finish();
    const flagged = rejected === 0 ? Buffer.alloc(0) : await this.#rejected.finish();
    return {
      body: Buffer.concat([good, flagged]),
      link: { last: last.offset, rows, rejected, rejectedFrom: good.length, lastDigest: recordDigest(last) },
    };
  }

  /** Lets go of it: nothing of it was written. */
  discard(): void {
    this.#good.discard();
    this.#rejected.discard();
  }
}

export function recordDigest({ key, value, timestamp }: BrokerRecord): string {
  return digest(key ?? '', value ?? '', String(timestamp));
}
