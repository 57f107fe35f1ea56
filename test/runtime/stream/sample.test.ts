import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSample } from '../../../src/runtime/stream/sample.ts';
import { quantile } from '../../../src/runtime/stream/quantile.ts';

describe('a sample', () => {
  it('holds all of few values', () => {
    const sample = createSample(5);
    for (const value of [3, 1, 4, 1, 5]) sample.offer(value);
    expect(sample.values).toEqual([3, 1, 4, 1, 5]);
  });

  it('holds never more than so many, evenly spread over all that were offered', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 2, max: 300 }), (offered, most) => {
        const sample = createSample(most);
        for (let value = 0; value < offered; value++) sample.offer(value);
        const { values } = sample;
        expect(values.length).toBeLessThanOrEqual(most);
        expect(values.length).toBeGreaterThanOrEqual(Math.min(offered, Math.floor(most / 2)));
        const [first = 0, second = 1] = values;
        expect(values).toEqual(values.map((_, index) => first + index * (second - first)));
        expect(first).toBe(0);
      }),
    );
  });

  it('says the quantiles of a million values well', () => {
    const sample = createSample(1_000);
    for (let value = 0; value < 1_000_000; value++) sample.offer(value);
    expect(Math.abs((quantile(sample.values, 0.99) ?? 0) / 990_000 - 1)).toBeLessThan(0.01);
    expect(quantile([], 0.5)).toBe(undefined);
  });
});
