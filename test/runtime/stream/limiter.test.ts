import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../../src/runtime/stream/limiter.ts';

/** Takes records, each as soon as it may be, and says at which millisecond. */
function takenAt(rate: number | undefined, timestamps: readonly (number | undefined)[], pauses: Readonly<Record<number, number>> = {}) {
  let time = 0;
  const wait = createLimiter({ rate, now: () => time, elapsed: () => time });
  return timestamps.map((timestamp, index) => {
    time += pauses[index] ?? 0;
    time += wait(timestamp);
    return time;
  });
}

const timeless = (count: number) => Array.from({ length: count }, () => undefined);

describe('the limiter', () => {
  it('holds no record back that has neither a rate nor a time', () => {
    expect(takenAt(undefined, timeless(1_000)).at(-1)).toBe(0);
  });

  it('holds a record back until its own time has come, and one of the past not at all', () => {
    expect(takenAt(undefined, [-5_000, 0, 10, 10, 4_000])).toEqual([0, 0, 10, 10, 4_000]);
  });

  it('takes as many records a second as are wanted, at any rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 2, max: 30 }), (rate, seconds) => {
        const count = Math.min(rate * seconds, 100_000);
        const end = takenAt(rate, timeless(count)).at(-1) ?? 0;
        expect(Math.abs(end - (count / rate) * 1_000)).toBeLessThanOrEqual(1_000 / rate + 2);
      }),
      { numRuns: 40 },
    );
  });

  it('lets no flood follow a pause: at most a second of it is made up for', () => {
    const taken = takenAt(100, timeless(1_000), { 500: 3_600_000 });
    const after = taken[500] ?? 0;
    const inTheNextSecond = taken.filter((time) => time >= after && time < after + 1_000).length;
    expect(inTheNextSecond).toBeLessThanOrEqual(201);
    expect((taken.at(-1) ?? 0) - after).toBeGreaterThan(3_900);
  });

  it('takes twice as many while records are late, until they are not', () => {
    // Two records a second by their own time, of which the first lies ten seconds back.
    const taken = takenAt(
      2,
      Array.from({ length: 60 }, (_, index) => -10_000 + index * 500),
    );
    const lateness = taken.map((time, index) => time - (-10_000 + index * 500));
    expect(lateness[0]).toBeGreaterThanOrEqual(10_000);
    expect(lateness.findIndex((late) => late <= 1_500)).toBeGreaterThan(30);
    expect(Math.max(...lateness.slice(45))).toBeLessThanOrEqual(1_500);
    const gaps = taken.map((time, index) => time - (taken[index - 1] ?? time - 250));
    expect(Math.min(...gaps.slice(5, 30))).toBeGreaterThanOrEqual(249);
  });
});
