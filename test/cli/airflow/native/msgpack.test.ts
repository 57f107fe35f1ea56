import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../../../src/cli/airflow/native/msgpack.ts';
import { anyPacked } from './any-packed.ts';

describe('MessagePack', () => {
  it('reads what it writes', () => {
    fc.assert(fc.property(anyPacked, (value) => isDeepStrictEqual(unpack(pack(value)), value)));
  });

  it('reads instants of each length, and writes them as text', () => {
    const instants = ['d6ff 65920080', 'd7ff 0eb98d0065920080', 'c70cff 1dcd6500 ffffffffff92007f'].map((hex) =>
      Buffer.from(hex.replaceAll(' ', ''), 'hex'),
    );
    expect(instants.map((bytes) => (unpack(bytes) as Date).toISOString())).toEqual([
      '2024-01-01T00:00:00.000Z',
      '2024-01-01T00:00:00.061Z',
      '1969-10-09T13:32:47.500Z',
    ]);
    expect(unpack(pack(new Date(0)))).toBe('1970-01-01T00:00:00.000Z');
  });

  it('leaves out members that are undefined', () => {
    expect(unpack(pack({ a: 1, b: undefined }))).toEqual({ a: 1 });
  });

  it('refuses what ends too soon, goes on too long or is of no such type', () => {
    const whole = pack([1, 'two', { three: 3.5 }]);
    for (let length = 0; length < whole.length; length++) expect(() => unpack(whole.subarray(0, length))).toThrow(RangeError);
    for (const bytes of [Buffer.concat([whole, whole]), Buffer.of(0xc1), Buffer.of(0xd4, 5, 0), Buffer.of(0x81, 1, 1)])
      expect(() => unpack(bytes)).toThrow(RangeError);
  });
});
