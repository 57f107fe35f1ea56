import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeOfLength, sizeOfLong, VarintReader, writeLength, writeLong } from '../../../../../src/drivers/broker/kafka/wire/varint.ts';

describe('variable-length integers', () => {
  const length = fc.oneof(fc.integer({ min: -1, max: 2 ** 31 - 1 }), fc.constantFrom(-1, 0, 63, 64, 8191, 8192, 2 ** 20, 2 ** 31 - 1));
  const long = fc.oneof(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), fc.constantFrom(0, -1, 63, 64, 2 ** 31, -(2 ** 31), 2 ** 45));

  it('are read as they were written, in as many bytes as were counted', () => {
    fc.assert(
      fc.property(length, long, (first, second) => {
        const bytes = new Uint8Array(20);
        const middle = writeLength(bytes, 0, first);
        const end = writeLong(bytes, middle, second);
        const reader = new VarintReader(bytes, 0);
        expect([reader.int(), reader.at, reader.long(), reader.at]).toEqual([first, middle, second, end]);
        expect([sizeOfLength(first), sizeOfLong(second)]).toEqual([middle, end - middle]);
      }),
    );
  });
});
