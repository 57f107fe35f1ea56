import { gzipSync } from 'node:zlib';
import type { Compression } from '../../../runtime/store/compression.ts';

/**
 * What stands before the records of each object in a bundle: a line with the object's number in an array, compressed by itself. A record is an object, so no record can pass for
 * one; and compressed pieces of a stream may stand one after the other (RFC 1952 2.2, RFC 8878 3.1), so the objects' own bytes are not touched.
 */
export function marker(number: number, compression: Compression): Uint8Array {
  const line = Buffer.from(`[${number}]\n`);
  switch (compression) {
    case 'gzip':
      return gzipSync(line);
    case 'zstd':
      return zstdFrame(line);
  }
}

/** A frame of one raw block (RFC 8878 3.1.1), whose content is shorter than 256 bytes: Node 20 has no zstd. */
function zstdFrame(content: Buffer): Uint8Array {
  const header = Buffer.alloc(9);
  header.writeUInt32LE(0xfd2fb528, 0);
  header.writeUInt8(0b10_0000, 4); // a single segment, whose size takes one byte
  header.writeUInt8(content.length, 5);
  header.writeUIntLE((content.length << 3) | 1, 6, 3); // the last block, raw
  return Buffer.concat([header, content]);
}
