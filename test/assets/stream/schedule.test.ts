import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUtcOffset } from '../../../src/assets/stream/generator/time-zone.ts';
import { BLOCK_MS, blockAt, createSchedule } from '../../../src/assets/stream/generator/schedule.ts';

const options = fc.record({
  origin: fc.integer({ min: 0, max: 2_000_000_000_000 }),
  span: fc.integer({ min: 2 * BLOCK_MS, max: 40 * 86_400_000 }),
  events: fc.integer({ min: 0, max: 1_000_000_000 }),
  lot: fc.integer({ min: 1, max: 30 }),
  demand: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1440, maxLength: 1440 }),
});

describe('createSchedule', () => {
  it('puts exactly the asked number of records into every span, and never takes one back', () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 0, max: 3000 }), (given, passed) => {
        const { firstBlock, startOf } = createSchedule(given);
        const length = blockAt(given.origin + given.span) - firstBlock;
        expect(startOf(firstBlock)).toBe(0);
        expect(startOf(firstBlock + length)).toBe(given.events);
        const block = firstBlock + Math.floor((passed / 1000) * length);
        expect(startOf(block + 1)).toBeGreaterThanOrEqual(startOf(block));
      }),
    );
  });

  it('finds the block that holds a record', () => {
    fc.assert(
      fc.property(options, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (given, place) => {
        fc.pre(given.events > 0);
        const { startOf, blockOf } = createSchedule(given);
        const sequence = Math.floor(place * given.events);
        const block = blockOf(sequence, blockAt(given.origin + given.span));
        expect(startOf(block)).toBeLessThanOrEqual(sequence);
        expect(startOf(block + 1)).toBeGreaterThan(sequence);
      }),
    );
  });

  it('refuses a span without a whole minute', () => {
    const given = { origin: 0, events: 1, lot: 1, demand: Array.from({ length: 1440 }, () => 1) };
    expect(() => createSchedule({ ...given, span: 59_999 })).toThrow('at least one whole minute, but it is 59999 ms');
  });
});

describe('createUtcOffset', () => {
  it.each([
    ['UTC', Date.UTC(2025, 6, 1), 0],
    ['Europe/London', Date.UTC(2025, 0, 1), 0],
    ['Europe/London', Date.UTC(2025, 6, 1), 60],
    ['America/New_York', Date.UTC(2025, 0, 1), -300],
    ['Asia/Kolkata', Date.UTC(2025, 0, 1), 330],
    ['America/St_Johns', Date.UTC(2025, 0, 1), -210],
  ])('knows %s at %d: %d minutes', (timezone, instant, minutes) => {
    expect(createUtcOffset(timezone)(instant)).toBe(minutes);
  });
});
