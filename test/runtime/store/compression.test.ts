import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { COMPRESSIONS, compressorOf, decompress } from '../../../src/runtime/store/compression.ts';
import { readNdjson } from '../../../src/runtime/store/ndjson.ts';

const hasZstd = 'createZstdCompress' in zlib;
const text = Buffer.from('{"a":1}\n{"a":"ü\u2028"}\n');

describe.each(COMPRESSIONS.filter((compression) => compression === 'gzip' || hasZstd))('%s', (compression) => {
  it('gives back what it was given', async () => {
    expect(Buffer.from(await decompress(compression, await compressorOf(compression).all(text)))).toEqual(text);
  });

  it('reads members that follow each other as one text', async () => {
    const { all } = compressorOf(compression);
    const members = Buffer.concat([await all(text), await all(Buffer.alloc(0)), await all(text)]);
    expect(Buffer.from(await decompress(compression, members))).toEqual(Buffer.concat([text, text]));
    expect(await readNdjson(members, compression)).toEqual([{ a: 1 }, { a: 'ü\u2028' }, { a: 1 }, { a: 'ü\u2028' }]);
  });

  it('refuses what was changed', async () => {
    const whole = Buffer.from(await compressorOf(compression).all(randomBytes(1_000)));
    whole.writeUInt8(whole.readUInt8(500) ^ 1, 500);
    await expect(decompress(compression, whole)).rejects.toThrow(/incorrect data check|checksum/);
  });

  it('refuses what is cut off', async () => {
    const whole = await compressorOf(compression).all(Buffer.alloc(100_000, 'abc'));
    for (const missing of [1, 9])
      await expect(decompress(compression, whole.subarray(0, whole.length - missing))).rejects.toThrow(/cut off|unexpected end/);
  });
});

describe('gzip', () => {
  it('is that of everyone else', async () => {
    expect(gunzipSync(await compressorOf('gzip').all(text))).toEqual(text);
    expect(Buffer.from(await decompress('gzip', gzipSync(text)))).toEqual(text);
  });
});

// Node has zstd from version 22.15 on: test/services/node-24 runs this file there.
describe('zstd, where Node may have none', () => {
  it('is refused with the version that has it, or is there', async () => {
    const refused = { code: 'CONFIG_INVALID', message: 'This version of Node has no zstd.', remedy: expect.stringContaining('22.15') };
    const outcome = await decompress('zstd', Buffer.alloc(0)).catch((error: unknown) => error);
    if (hasZstd) expect(outcome).toEqual(Buffer.alloc(0));
    else expect(outcome).toMatchObject(refused);
    if (!hasZstd) expect(() => compressorOf('zstd')).toThrow(expect.objectContaining(refused));
  });
});
