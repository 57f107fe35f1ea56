import { gzipSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPRESSIONS, compressorOf } from '../../../src/runtime/store/compression.ts';
import { decompressPieces } from '../../../src/runtime/store/decompress-pieces.ts';
import type { Compression } from '../../../src/runtime/store/compression.ts';
import { PieceReader } from '../../../src/runtime/store/piece-reader.ts';
import { framePieces } from '../../../src/runtime/store/zstd-frames.ts';

async function* piecesOf(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function join(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}

const decompress = (compression: Compression, bytes: Uint8Array, size = 1_000) =>
  join(decompressPieces(compression, piecesOf(bytes, size)));

const noise = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7_919) ^ (index >>> 7)));

describe.each(COMPRESSIONS.filter((compression) => compression === 'gzip' || 'createZstdCompress' in zlib))(
  '%s in pieces',
  (compression) => {
    const { all } = compressorOf(compression);

    it('gives the text of all members, wherever the pieces end', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 }),
          fc.integer({ min: 1, max: 60 }),
          async (texts, size) => {
            const members = Buffer.concat(await Promise.all(texts.map((text) => all(text))));
            expect(await decompress(compression, members, size)).toEqual(Buffer.concat(texts));
          },
        ),
        { numRuns: 50 },
      );
    });

    it('gives a text that is larger than its pieces', async () => {
      const whole = await all(noise);
      expect((await decompress(compression, whole)).equals(noise)).toBe(true);
      expect((await decompress(compression, Buffer.concat([whole, whole]), 64 << 10)).equals(Buffer.concat([noise, noise]))).toBe(true);
    });

    it('refuses what is cut off, anywhere', async () => {
      const whole = await all(Buffer.from('{"a":1}\n'.repeat(100)));
      for (let length = 1; length < whole.length; length++)
        await expect(decompress(compression, whole.subarray(0, length), 7)).rejects.toThrow(/cut off|unexpected end|no zstd frame/);
    });

    it('refuses what was changed, and what is of another kind', async () => {
      const changed = Buffer.from(await all(noise));
      changed.writeUInt8(changed.readUInt8(changed.length >> 1) ^ 1, changed.length >> 1);
      await expect(decompress(compression, changed)).rejects.toThrow(/check|invalid|corrupt/i);
      await expect(decompress(compression, Buffer.from('{"a":1}\n'))).rejects.toThrow(/incorrect header|no zstd frame/);
      await expect(decompress(compression, Buffer.concat([await all(Buffer.from('x')), Buffer.from('{"a":1}\n')]))).rejects.toThrow(
        /incorrect header|no zstd frame/,
      );
    });

    it('ends with the error of the pieces, and lets go of them where nobody wants more', async () => {
      async function* failing() {
        yield* piecesOf(await all(noise), 1_000);
        throw new Error('the lake is gone');
      }
      await expect(join(decompressPieces(compression, failing()))).rejects.toThrow('the lake is gone');
      let closed = false;
      async function* endless() {
        try {
          for (;;) yield* piecesOf(await all(noise), 1_000);
        } finally {
          closed = true;
        }
      }
      for await (const piece of decompressPieces(compression, endless())) if (piece.length > 0) break;
      expect(closed).toBe(true);
    });
  },
);

describe('gzip in pieces', () => {
  it('takes zeros behind the last member, with which tapes and disks are filled up', async () => {
    const padded = Buffer.concat([gzipSync('a\n'), Buffer.alloc(100_000)]);
    expect((await decompress('gzip', padded)).toString()).toBe('a\n');
  });
});

// Node 20 has no zstd: the frames are told without it.
describe('the frames of zstd in pieces', () => {
  const frames = ['KLUv/SAIQQAAeyJhIjoxfQo=', 'KLUv/SQAAQAAmenYUQ==', 'KLUv/aTgkwQAVAAAEHh4AQD7/znAAgIAEHgDnwR4j3Kbog=='].map((text) =>
    Buffer.from(text, 'base64'),
  );
  const split = async (bytes: Uint8Array, size: number) => {
    const reader = new PieceReader(piecesOf(bytes, size));
    const found: Buffer[] = [];
    while ((await reader.peek(1)).length > 0) found.push(await join(framePieces(reader)));
    return found;
  };

  it('end where they end, wherever the pieces end', async () => {
    for (let size = 1; size < 80; size++) expect(await split(Buffer.concat(frames), size)).toEqual(frames);
  });

  it('are refused where any byte is missing', async () => {
    for (const frame of frames)
      for (let length = 1; length < frame.length; length++) await expect(split(frame.subarray(0, length), 5)).rejects.toThrow(RangeError);
  });
});

describe('gzip that is padded with zeros', () => {
  const member = (text: string) => gzipSync(Buffer.from(text));
  const zeros = (length: number) => Buffer.alloc(length);

  it.each([1, 4, 5_000])('is whole where nothing else follows: %d', async (length) => {
    for (const size of [3, 1_000, 1 << 20])
      expect((await decompress('gzip', Buffer.concat([member('a'), member('b'), zeros(length)]), size)).toString()).toBe('ab');
  });

  it.each([1, 4, 5_000, 100_000])('is refused where something follows, for it would be passed over: %d', async (length) => {
    for (const size of [3, 1_000, 1 << 20])
      await expect(decompress('gzip', Buffer.concat([member('a'), zeros(length), member('b')]), size)).rejects.toThrow(
        'something else follows its compressed text',
      );
  });
});
