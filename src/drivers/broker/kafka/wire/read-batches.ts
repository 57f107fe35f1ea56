import { SpindleError } from '../../../../runtime/errors.ts';
import type { BrokerRecord } from '../../../../runtime/resource/broker.ts';
import { HEADER_BYTES } from './record-batch.ts';
import { VarintReader } from './varint.ts';

const CODEC = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
/** The key of a control record that ends an aborted transaction: version 0, type 0. */
const ABORT = 0;

/** A batch in the bytes of a fetch, in the layout that record-batch.ts describes. */
export interface ReceivedBatch {
  readonly firstOffset: number;
  /** Of the records that it was produced with: a compacted topic may no longer have them. */
  readonly lastOffset: number;
  readonly codec: number;
  readonly transactional: boolean;
  readonly control: boolean;
  /** -1 where its producer has no identity. */
  readonly producerId: number;
  readonly producerEpoch: number;
  /** The number of its first record among those that its producer sent to the partition. */
  readonly firstSequence: number;
  readonly firstTimestamp: number;
  /** Where the broker's clock counts: the timestamp of all its records. */
  readonly appendTime: number | undefined;
  readonly count: number;
  readonly body: Buffer;
}

/** An aborted transaction: what the producer sent from this offset on, up to its abort marker, is not read. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** A 64-bit number that is known to be small enough, such as an offset or a timestamp. */
export const readLong = (buffer: Buffer, at: number): number => buffer.readInt32BE(at) * 0x1_0000_0000 + buffer.readUInt32BE(at + 4);

/** The complete batches; the last one may be cut off, which is how a broker keeps to the bytes that it was asked for. */
export function* batchesOf(bytes: Buffer): Generator<ReceivedBatch> {
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end > bytes.length) return;
    const magic = bytes.readInt8(at + 16);
    if (magic !== 2 || end < at + HEADER_BYTES) throw unreadable(`message format ${magic}`);
    const attributes = bytes.readInt16BE(at + 21);
    const firstOffset = readLong(bytes, at);
    yield {
      firstOffset,
      lastOffset: firstOffset + bytes.readInt32BE(at + 23),
      codec: attributes & CODEC,
      transactional: (attributes & TRANSACTIONAL) !== 0,
      control: (attributes & CONTROL) !== 0,
      producerId: readLong(bytes, at + 43),
      producerEpoch: bytes.readInt16BE(at + 51),
      firstSequence: bytes.readInt32BE(at + 53),
      firstTimestamp: readLong(bytes, at + 27),
      appendTime: (attributes & LOG_APPEND_TIME) === 0 ? undefined : readLong(bytes, at + 35),
      count: bytes.readInt32BE(at + 57),
      body: bytes.subarray(at + HEADER_BYTES, end),
    };
    at = end;
  }
}

/** Tells the batches that belong to aborted transactions. The transactions come in the order of their first offsets; batches must be asked for in order. */
export function abortedBatches(transactions: readonly AbortedTransaction[]): (batch: ReceivedBatch) => boolean {
  const open = new Set<number>();
  let next = 0;
  return ({ lastOffset, producerId, transactional, control, body }) => {
    for (let begun = transactions[next]; begun !== undefined && begun.firstOffset <= lastOffset; begun = transactions[++next])
      open.add(begun.producerId);
    if (control && open.has(producerId) && controlType(body) === ABORT) open.delete(producerId);
    return transactional && open.has(producerId);
  };
}

/** The type in the key of a control batch's one record. */
function controlType(body: Buffer): number {
  const reader = new VarintReader(body, 0);
  reader.int();
  reader.at += 1;
  reader.long();
  reader.int();
  return reader.int() < 4 ? -1 : body.readInt16BE(reader.at + 2);
}

/** The records of a batch whose body is not compressed any more. Their values are views of the body. */
export function recordsOf(batch: ReceivedBatch, body: Buffer, partition: number): BrokerRecord[] {
  const reader = new VarintReader(body, 0);
  const texts = createTexts(body);
  const records: BrokerRecord[] = [];
  for (let i = 0; i < batch.count; i++) {
    const length = reader.int();
    const end = reader.at + length;
    if (!(length > 0 && end <= body.length)) throw unreadable('a record longer than its batch');
    reader.at += 1; // attributes, of which there are none yet
    const timestamp = batch.firstTimestamp + reader.long();
    const offset = batch.firstOffset + reader.int();
    const keyBytes = reader.int();
    const key = keyBytes < 0 ? null : body.toString('utf8', reader.at, (reader.at += keyBytes));
    const valueBytes = reader.int();
    const value = valueBytes < 0 ? null : body.subarray(reader.at, (reader.at += valueBytes));
    const headers = readHeaders(reader, texts);
    if (reader.at !== end) throw unreadable('a record that does not end where it says');
    records.push({ partition, offset, timestamp: batch.appendTime ?? timestamp, key, value, headers });
  }
  return records;
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

type Texts = (place: number, from: number, to: number) => string;

/** A header that comes more than once has its last value. */
function readHeaders(reader: VarintReader, texts: Texts): Readonly<Record<string, string>> {
  const count = reader.int();
  if (count <= 0) return NO_HEADERS;
  const headers: Record<string, string> = {};
  for (let i = 0; i < count; i++) {
    const nameBytes = reader.int();
    const name = texts(2 * i, reader.at, (reader.at += nameBytes));
    const valueBytes = reader.int();
    const value = valueBytes < 0 ? '' : texts(2 * i + 1, reader.at, (reader.at += valueBytes));
    // a name like any other, which an assignment would take for the prototype
    if (name === '__proto__') Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
    else headers[name] = value;
  }
  return headers;
}

/** Texts of a body. Most headers repeat what the record before had at the same place: comparing is faster than decoding. */
function createTexts(body: Buffer): Texts {
  const seen: { from: number; bytes: number; text: string }[] = [];
  return (place, from, to) => {
    const before = seen[place];
    if (before !== undefined && before.bytes === to - from && same(body, before.from, from, before.bytes)) return before.text;
    const text = body.toString('utf8', from, to);
    if (place < 64) seen[place] = { from, bytes: to - from, text };
    return text;
  };
}

function same(body: Buffer, a: number, b: number, bytes: number): boolean {
  for (let i = 0; i < bytes; i++) if (body[a + i] !== body[b + i]) return false;
  return true;
}

function unreadable(what: string): SpindleError {
  return new SpindleError(
    'STORE_CORRUPT',
    `the Kafka broker sent ${what}, which cannot be read: records of message format 2 are expected`,
    {
      remedy: 'See that the topic was written by clients of Kafka 0.11 or newer, and that the broker’s disks are sound.',
    },
  );
}
