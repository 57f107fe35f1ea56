import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecordTime, recordTimes } from '../../../src/runtime/landing/record-time.ts';

describe('the time of a record', () => {
  it('is written as Date writes it, whatever was written before', () => {
    const first = Date.parse('0001-01-01T00:00:00Z');
    const last = Date.parse('9999-12-31T23:59:59.999Z');
    const timeOf = recordTimes();
    const time = fc.oneof(
      fc.integer({ min: first, max: last }),
      fc.integer({ min: -3000, max: 3000 }),
      fc.constantFrom(first, last, -1, 0, 999, 1000),
    );
    fc.assert(
      fc.property(time, (timestamp) => {
        expect(timeOf(timestamp)).toBe(new Date(timestamp).toISOString());
      }),
      { numRuns: 2000 },
    );
  });

  it('is the nearest one that warehouses know where it is none of theirs', () => {
    const timeOf = recordTimes();
    for (const timestamp of [1e15, Number.MAX_SAFE_INTEGER, Infinity]) {
      expect(isRecordTime(timestamp)).toBe(false);
      expect(timeOf(timestamp)).toBe('9999-12-31T23:59:59.999Z');
    }
    for (const timestamp of [-1e15, -Infinity]) expect(timeOf(timestamp)).toBe('0001-01-01T00:00:00.000Z');
  });
});
