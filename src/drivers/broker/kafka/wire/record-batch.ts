import type { ProduceRecord } from '../../../../runtime/resource/broker.ts';
import { crc32c } from './crc32c.ts';
import { sizeOfLength, sizeOfLong, writeLength, writeLong } from './varint.ts';

/*
 * A record batch of Kafka's message format 2 (https://kafka.apache.org/documentation/#recordbatch), big endian:
 *
 *   0 i64 first offset         21 i16 attributes          43 i64 producer id
 *   8 i32 bytes after this     23 i32 last offset delta   51 i16 producer epoch
 *  12 i32 leader epoch         27 i64 first timestamp     53 i32 first sequence
 *  16 i8  magic, 2             35 i64 largest timestamp   57 i32 records
 *  17 u32 CRC-32C of the rest                             61 the records, compressed or not
 */
export const HEADER_BYTES = 61;
const CHECKED_FROM = 21;

/** Who produces, and the number of the batch's first record in the partition: so the broker keeps a batch that is sent again only once. */
export interface BatchIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

export interface Compressor {
  /** Kafka's number of the codec: 0 is none. */
  readonly codec: number;
  compress(bytes: Buffer): Promise<Uint8Array>;
}

/** Bytes of the record's key, headers and value, with a little over for what frames them. */
export function recordBound({ key, headers, value }: ProduceRecord): number {
  let bytes = 32 + (key === null ? 0 : Buffer.byteLength(key)) + (value?.length ?? 0);
  for (const name in headers) bytes += 10 + Buffer.byteLength(name) + Buffer.byteLength(headers[name] ?? '');
  return bytes;
}

export async function encodeBatch(records: readonly ProduceRecord[], identity: BatchIdentity, compressor?: Compressor): Promise<Buffer> {
  const plain = encodeRecords(records);
  if (compressor === undefined) return finish(plain, records, identity, 0);
  const compressed = await compressor.compress(plain.subarray(HEADER_BYTES));
  const batch = Buffer.allocUnsafeSlow(HEADER_BYTES + compressed.length);
  batch.set(compressed, HEADER_BYTES);
  return finish(batch, records, identity, compressor.codec);
}

function finish(batch: Buffer, records: readonly ProduceRecord[], identity: BatchIdentity, codec: number): Buffer {
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(codec, 21);
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(firstTimestamp(records)), 27);
  batch.writeBigInt64BE(BigInt(records.reduce((most, { timestamp }) => Math.max(most, whole(timestamp)), -1)), 35);
  batch.writeBigInt64BE(BigInt(identity.producerId), 43);
  batch.writeInt16BE(identity.producerEpoch, 51);
  batch.writeInt32BE(identity.firstSequence, 53);
  batch.writeInt32BE(records.length, 57);
  batch.writeUInt32BE(crc32c(batch, CHECKED_FROM), 17);
  return batch;
}

/** Kafka counts whole milliseconds. */
const whole = (timestamp: number): number => Math.trunc(timestamp);
const firstTimestamp = (records: readonly ProduceRecord[]): number => whole(records[0]?.timestamp ?? 0);

/** The records behind room for the batch's header. */
function encodeRecords(records: readonly ProduceRecord[]): Buffer {
  const first = firstTimestamp(records);
  const sizes = new Int32Array(records.length);
  let total = HEADER_BYTES;
  for (const [i, record] of records.entries()) {
    const size = sizeOfBody(record, i, first);
    sizes[i] = size;
    total += sizeOfLength(size) + size;
  }
  // allocUnsafe would hold the pool that it is cut from
  const buffer = Buffer.allocUnsafeSlow(total);
  let at = HEADER_BYTES;
  for (const [i, { key, value, headers, timestamp }] of records.entries()) {
    at = writeLength(buffer, at, sizes[i]!);
    buffer[at++] = 0;
    at = writeLong(buffer, at, whole(timestamp) - first);
    at = writeLength(buffer, at, i);
    at = key === null ? writeLength(buffer, at, -1) : writeText(buffer, at, key);
    at = writeLength(buffer, at, value === null ? -1 : value.length);
    if (value !== null) {
      buffer.set(value, at);
      at += value.length;
    }
    const names = Object.keys(headers);
    at = writeLength(buffer, at, names.length);
    for (const name of names) {
      at = writeText(buffer, at, name);
      at = writeText(buffer, at, headers[name]!);
    }
  }
  return buffer;
}

function sizeOfBody({ key, value, headers, timestamp }: ProduceRecord, place: number, first: number): number {
  let size = 1 + sizeOfLong(whole(timestamp) - first) + sizeOfLength(place);
  size += key === null ? 1 : sizeOfText(key);
  size += value === null ? 1 : sizeOfLength(value.length) + value.length;
  const names = Object.keys(headers);
  size += sizeOfLength(names.length);
  for (const name of names) size += sizeOfText(name) + sizeOfText(headers[name]!);
  return size;
}

function sizeOfText(text: string): number {
  const bytes = Buffer.byteLength(text);
  return sizeOfLength(bytes) + bytes;
}

/** Short texts are nearly all ASCII, which a loop writes faster than a call into Node does. */
const SHORT = 48;

function writeText(buffer: Buffer, at: number, text: string): number {
  const { length } = text;
  if (length <= SHORT) {
    let next = writeLength(buffer, at, length);
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return writeLongText(buffer, at, text);
      buffer[next++] = code;
    }
    return next;
  }
  return writeLongText(buffer, at, text);
}

function writeLongText(buffer: Buffer, at: number, text: string): number {
  const next = writeLength(buffer, at, Buffer.byteLength(text));
  return next + buffer.write(text, next);
}
