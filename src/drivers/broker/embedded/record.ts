import { crc32 } from 'node:zlib';
import type { BrokerRecord, ProduceRecord } from '../../../runtime/resource/broker.ts';

/*
 * One record in a segment file, little endian. `place` counts the records of the same append that come before it: everything
 * before the append's first record was already synced when this one was written, which is how a damaged record in the middle
 * is told from a torn tail.
 *
 *   0 u32 magic          12 f64 offset       32 i32 bytes of the key, -1 for null
 *   4 u32 frame length   20 u32 place        36 u32 bytes of the headers, a JSON object; 0 for none
 *   8 u32 CRC32 of the   24 f64 timestamp    40 i32 bytes of the value, -1 for null
 *         rest           44 key, headers, value
 */
const MAGIC = Buffer.from('SPL\x01', 'latin1');
const MAGIC_NUMBER = MAGIC.readUInt32LE(0);
const FRAME_HEADER_BYTES = 44;
const CHECKED_FROM = 12;
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

function headersOf(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers).length === 0 ? '' : JSON.stringify(headers);
}

/** At least as many bytes as the record's frame takes. */
export function frameBound({ key, headers, value }: ProduceRecord): number {
  let bytes = FRAME_HEADER_BYTES + (key?.length ?? 0) * 3 + (value?.length ?? 0);
  // a character takes at most six bytes in JSON, as an escape
  for (const name in headers) bytes += 8 + 6 * (name.length + (headers[name]?.length ?? 0));
  return bytes;
}

/** Writes the record's frame at `at` and returns where it ends. */
export function encodeFrame(
  buffer: Buffer,
  at: number,
  { record, offset, place }: { record: ProduceRecord; offset: number; place: number },
): number {
  const { key, value } = record;
  const headers = headersOf(record.headers);
  let end = at + FRAME_HEADER_BYTES;
  const keyBytes = key === null ? -1 : buffer.write(key, end);
  if (keyBytes > 0) end += keyBytes;
  const headerBytes = headers === '' ? 0 : buffer.write(headers, end);
  end += headerBytes;
  if (value !== null) {
    buffer.set(value, end);
    end += value.length;
  }
  buffer.writeUInt32LE(MAGIC_NUMBER, at);
  buffer.writeUInt32LE(end - at, at + 4);
  buffer.writeDoubleLE(offset, at + 12);
  buffer.writeUInt32LE(place, at + 20);
  buffer.writeDoubleLE(record.timestamp, at + 24);
  buffer.writeInt32LE(keyBytes, at + 32);
  buffer.writeUInt32LE(headerBytes, at + 36);
  buffer.writeInt32LE(value === null ? -1 : value.length, at + 40);
  buffer.writeUInt32LE(crc32(buffer.subarray(at + CHECKED_FROM, end)), at + 8);
  return end;
}

/** The length that the frame at `at` says it has: 0 where even that is cut off, -1 where no frame of this offset begins here. */
export function frameLength(buffer: Buffer, at: number, offset: number): number {
  if (at + FRAME_HEADER_BYTES > buffer.length) return 0;
  if (buffer.readUInt32LE(at) !== MAGIC_NUMBER || buffer.readDoubleLE(at + 12) !== offset) return -1;
  const length = buffer.readUInt32LE(at + 4);
  return length < FRAME_HEADER_BYTES ? -1 : length;
}

/** Whether the frame's bytes are those that were written. */
export function isIntact(buffer: Buffer, at: number, length: number): boolean {
  return crc32(buffer.subarray(at + CHECKED_FROM, at + length)) === buffer.readUInt32LE(at + 8);
}

/** The record of an intact frame; its value is a view of the buffer. */
export function decodeFrame(buffer: Buffer, at: number, partition: number): BrokerRecord {
  const keyBytes = buffer.readInt32LE(at + 32);
  const headerBytes = buffer.readUInt32LE(at + 36);
  const valueBytes = buffer.readInt32LE(at + 40);
  const keyAt = at + FRAME_HEADER_BYTES;
  const headersAt = keyAt + Math.max(keyBytes, 0);
  const valueAt = headersAt + headerBytes;
  return {
    partition,
    offset: buffer.readDoubleLE(at + 12),
    timestamp: buffer.readDoubleLE(at + 24),
    key: keyBytes < 0 ? null : buffer.toString('utf8', keyAt, headersAt),
    // written by encodeFrame and covered by the CRC
    headers: headerBytes === 0 ? NO_HEADERS : (JSON.parse(buffer.toString('utf8', headersAt, valueAt)) as Record<string, string>),
    value: valueBytes < 0 ? null : buffer.subarray(valueAt, valueAt + valueBytes),
  };
}

/** Whether an intact frame lies anywhere in the bytes whose append began only after the record `offset` was synced: then `offset` was not torn, but damaged. */
export function provesDamage(buffer: Buffer, offset: number): boolean {
  for (let at = buffer.indexOf(MAGIC); at >= 0 && at + FRAME_HEADER_BYTES <= buffer.length; at = buffer.indexOf(MAGIC, at + 1)) {
    const length = buffer.readUInt32LE(at + 4);
    if (length < FRAME_HEADER_BYTES || at + length > buffer.length || !isIntact(buffer, at, length)) continue;
    if (buffer.readDoubleLE(at + 12) - buffer.readUInt32LE(at + 20) > offset) return true;
  }
  return false;
}
