import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { SpindleError } from '../../../runtime/errors.ts';
import { hasCode } from '../../disk/file-error.ts';
import { COMPRESSIONS, type Compression } from './settings.ts';
import type { Compressor } from './wire/record-batch.ts';
import { packSnappy, unpackSnappy } from './wire/snappy-blocks.ts';

interface Codec {
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  decompress(bytes: Uint8Array): Promise<Uint8Array>;
}

/** The fastest level: a batch is small, and its records are compressed again where they land. */
const LEVEL = 1;

/** What Node has from version 22.15 on. */
interface Zstd {
  zstdCompress(bytes: Uint8Array, done: (error: Error | null, result: Buffer) => void): void;
  zstdDecompress(bytes: Uint8Array, done: (error: Error | null, result: Buffer) => void): void;
}

/** A package of compression, which a project installs that meets such records. `why` begins the message where it is missing. */
async function load<T>(name: string, why: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!hasCode(error, 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new SpindleError('DEPENDENCY_NOT_INSTALLED', `${why}, for which "${name}" is needed, and it is not installed.`, {
      field: name,
      remedy: `Run: npm install ${name}`,
      cause: error,
    });
  }
}

async function codecOf(compression: Exclude<Compression, 'none'>, why: string): Promise<Codec> {
  switch (compression) {
    case 'gzip': {
      const [gzip, gunzip] = [promisify(zlib.gzip), promisify(zlib.gunzip)];
      return { compress: (bytes) => gzip(bytes, { level: LEVEL }), decompress: (bytes) => gunzip(bytes) };
    }
    case 'zstd': {
      const { zstdCompress, zstdDecompress } = zlib as unknown as Partial<Zstd>;
      if (zstdCompress !== undefined && zstdDecompress !== undefined)
        return { compress: promisify(zstdCompress), decompress: promisify(zstdDecompress) };
      throw new SpindleError('DEPENDENCY_NOT_INSTALLED', `${why}, which Node has from version 22.15 on: this is ${process.version}.`, {
        remedy: 'Run Spindle with Node 22.15 or newer.',
      });
    }
    case 'lz4': {
      const { compressFrame, decompressFrame } = await load('lz4-napi', why, () => import('lz4-napi'));
      return { compress: (bytes) => compressFrame(bytes), decompress: (bytes) => decompressFrame(bytes) };
    }
    case 'snappy': {
      const { compress, uncompress } = await load('snappy', why, () => import('snappy'));
      return {
        compress: (bytes) => packSnappy(bytes, (block) => compress(Buffer.from(block))),
        decompress: (bytes) => unpackSnappy(bytes, async (block) => (await uncompress(Buffer.from(block))) as Buffer),
      };
    }
  }
}

/** What batches are compressed with; undefined for `none`. */
export async function openCompressor(compression: Compression): Promise<Compressor | undefined> {
  if (compression === 'none') return undefined;
  const { compress } = await codecOf(compression, `kafka({ compression: '${compression}' }) compresses with ${compression}`);
  return { codec: COMPRESSIONS.indexOf(compression), compress };
}

/** Unpacks the bodies of batches by the number of their codec, whoever produced them; loads what that needs when it is first met. */
export type Decompress = (body: Buffer, codec: number, topic: string) => Promise<Buffer>;

export function createDecompress(): Decompress {
  const codecs = new Map<number, Promise<Codec>>();
  return async (body, number, topic) => {
    if (number === 0) return body;
    const name = COMPRESSIONS[number];
    if (name === undefined || name === 'none') {
      throw new SpindleError(
        'STORE_CORRUPT',
        `the records of topic '${topic}' are compressed by codec ${number}, which Spindle does not know`,
      );
    }
    const codec = codecs.get(number) ?? codecOf(name, `the records of topic '${topic}' are compressed with ${name}`);
    codecs.set(number, codec);
    const bytes = await (await codec).decompress(body);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}
