import { describe, expect, it } from 'vitest';
import { createDecompress, openCompressor } from '../../../../src/drivers/broker/kafka/codec.ts';
import { COMPRESSIONS, type Compression } from '../../../../src/drivers/broker/kafka/settings.ts';

const bytes = Buffer.from('{"song":"…","user":"u1"}'.repeat(5_000));
const hasZstd = 'zstdCompress' in (await import('node:zlib'));

describe.each(COMPRESSIONS.filter((name) => name !== 'none' && (name !== 'zstd' || hasZstd)))('%s', (name: Compression) => {
  it('gives back what it was given, smaller on the way', async () => {
    const compressor = await openCompressor(name);
    const packed = Buffer.from((await compressor?.compress(bytes)) ?? []);
    expect(packed.length).toBeLessThan(bytes.length / 5);
    expect((await createDecompress()(packed, COMPRESSIONS.indexOf(name), 't')).equals(bytes)).toBe(true);
  });
});

describe('compression', () => {
  it('that this Node lacks is told with the version that has it', async () => {
    if (hasZstd) return expect((await openCompressor('zstd'))?.codec).toBe(4);
    const missing = { code: 'DEPENDENCY_NOT_INSTALLED', remedy: 'Run Spindle with Node 22.15 or newer.' };
    await expect(openCompressor('zstd')).rejects.toMatchObject(missing);
    await expect(createDecompress()(bytes, 4, 'plays')).rejects.toMatchObject({
      ...missing,
      message: `the records of topic 'plays' are compressed with zstd, which Node has from version 22.15 on: this is ${process.version}.`,
    });
    return undefined;
  });

  it('of a snappy block without a frame is read, as some clients write it', async () => {
    const { compress } = await import('snappy');
    const block = await compress(bytes);
    expect((await createDecompress()(block, 2, 't')).equals(bytes)).toBe(true);
  });

  it('by none needs nothing, and by an unknown codec is refused', async () => {
    expect(await openCompressor('none')).toBe(undefined);
    expect(await createDecompress()(bytes, 0, 't')).toBe(bytes);
    await expect(createDecompress()(bytes, 7, 't')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });
});
