import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { SpindleError } from '../errors.ts';
import { zstdFrames } from './zstd-frames.ts';

/** How the lines of an object are compressed. Members of either format may follow one another, and decompress as one text. */
export const COMPRESSIONS = ['gzip', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** What the names of such objects end with. */
export const suffixOf: Readonly<Record<Compression, string>> = { gzip: '.ndjson.gz', zstd: '.ndjson.zst' };

/** How an object is compressed, by its key. */
export const compressionOf = (key: string): Compression => COMPRESSIONS.find((known) => key.endsWith(suffixOf[known])) ?? 'gzip';

/** A compressing stream, and the same at once; at the fastest level: objects are read once or twice, and compression is most of what writing them costs. */
export interface Compressor {
  stream(): zlib.Gzip;
  all(bytes: Uint8Array): Promise<Uint8Array>;
}

const gzip = promisify(zlib.gzip);
const gunzip = promisify(zlib.gunzip);
const LEVEL = 1;
/** Output in pieces of this size: the default of 16 KiB costs a turn of the event loop for each. */
const CHUNK = 64 << 10;

/** What Node has from version 22.15 on. */
interface Zstd {
  createZstdCompress(options: object): zlib.Gzip;
  createZstdDecompress(options: object): zlib.Gzip;
  zstdCompress(bytes: Uint8Array, options: object, done: (error: Error | null, result: Buffer) => void): void;
  zstdDecompress(bytes: Uint8Array, done: (error: Error | null, result: Buffer) => void): void;
  constants: { ZSTD_c_compressionLevel: number; ZSTD_c_checksumFlag: number };
}

function zstd(): Zstd {
  const candidate = zlib as unknown as Partial<Zstd>;
  if (typeof candidate.createZstdCompress === 'function') return candidate as Zstd;
  throw new SpindleError('CONFIG_INVALID', 'This version of Node has no zstd.', {
    field: 'compression',
    remedy: 'Run Node 22.15 or newer, or compress with gzip.',
  });
}

/** CONFIG_INVALID where this version of Node does not have the compression. */
export function compressorOf(compression: Compression): Compressor {
  if (compression === 'gzip')
    return { stream: () => zlib.createGzip({ level: LEVEL, chunkSize: CHUNK }), all: (bytes) => gzip(bytes, { level: LEVEL }) };
  const { createZstdCompress, zstdCompress, constants } = zstd();
  // With a checksum, as gzip has one always.
  const options = { params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 }, chunkSize: CHUNK };
  const compress = promisify(zstdCompress);
  return { stream: () => createZstdCompress(options), all: (bytes) => compress(bytes, options) };
}

/** Makes streams that decompress: of gzip any number of members, of zstd one frame. CONFIG_INVALID where this version of Node does not have the compression. */
export function decompressorOf(compression: Compression): () => zlib.Gzip {
  if (compression === 'gzip') return () => zlib.createGunzip({ chunkSize: CHUNK });
  const { createZstdDecompress } = zstd();
  return () => createZstdDecompress({ chunkSize: CHUNK });
}

/** The whole text of some members. CONFIG_INVALID where this version of Node does not have the compression. */
export async function decompress(compression: Compression, bytes: Uint8Array): Promise<Uint8Array> {
  if (compression === 'gzip') return gunzip(bytes);
  const decompressFrame = promisify(zstd().zstdDecompress);
  return Buffer.concat(await Promise.all([...zstdFrames(bytes)].map((frame) => decompressFrame(frame))));
}
