import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createIdentifiers } from '../../../src/assets/stream/generator/identifiers.ts';
import { createInstantText } from '../../../src/assets/stream/generator/instant-text.ts';
import { createRandom, seedWords } from '../../../src/assets/stream/generator/random.ts';
import { createWeightedIndex, zipfWeights } from '../../../src/assets/stream/generator/zipf.ts';

const words = seedWords('test', 1);

describe('createRandom', () => {
  it('follows the published sfc32: three words, counter from 1, 15 draws thrown away', () => {
    // The same algorithm in arbitrary precision, word for word from PractRand's sfc.cpp.
    const wrap = (n: bigint) => BigInt.asUintN(32, n);
    let [a, b, c, counter] = [wrap(BigInt(words[0])), wrap(BigInt(words[1])), 5n, 1n];
    const expected = Array.from({ length: 115 }, () => {
      const drawn = wrap(a + b + counter);
      counter = wrap(counter + 1n);
      a = b ^ (b >> 9n);
      b = wrap(c + (c << 3n));
      c = wrap(wrap((c << 21n) | (c >> 11n)) + drawn);
      return Number(drawn) / 2 ** 32;
    }).slice(15);
    const random = createRandom(words, 5);
    expect(Array.from({ length: 100 }, random)).toEqual(expected);
  });

  it('spreads its draws evenly, also over the first draws of neighboring counters', () => {
    for (const draws of [
      Array.from({ length: 20_000 }, createRandom(words, 0)),
      Array.from({ length: 20_000 }, (_, n) => createRandom(words, n)()),
    ]) {
      const tenths = Array.from({ length: 10 }, () => 0);
      for (const drawn of draws) tenths[Math.floor(drawn * 10)]! += 1;
      // Nine degrees of freedom: one in ten thousand exceeds 33.7.
      expect(tenths.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(33.7);
    }
  });
});

describe('createWeightedIndex', () => {
  it('draws each index as often as its weight says, for any weights', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 12 }), fc.integer(), (weights, counter) => {
        const sum = weights.reduce((total, weight) => total + weight, 0);
        fc.pre(sum > 0);
        const draw = createWeightedIndex(weights);
        const random = createRandom(words, counter);
        const counts = Array.from({ length: weights.length }, () => 0);
        for (let n = 0; n < 5000; n += 1) counts[draw(random)]! += 1;
        // Seven standard deviations at most, and never an index without weight.
        weights.forEach((weight, index) =>
          expect(Math.abs(counts[index]! - (5000 * weight) / sum)).toBeLessThanOrEqual(weight === 0 ? 0 : 250),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('gives the n-th most popular thing one n-th of what the first gets', () => {
    const draw = createWeightedIndex(zipfWeights(100));
    const random = createRandom(words, 0);
    const counts = Array.from({ length: 100 }, () => 0);
    for (let n = 0; n < 200_000; n += 1) counts[draw(random)]! += 1;
    for (const rank of [2, 4, 8, 16, 32]) expect(counts[0]! / counts[rank - 1]! / rank).toBeCloseTo(1, 1);
  });

  it('refuses an empty list', () => {
    expect(() => createWeightedIndex([])).toThrow('at least one weight');
  });
});

describe('createIdentifiers', () => {
  it('gives valid UUIDs that differ for different sequence numbers, also beyond 32 bits', () => {
    const identify = createIdentifiers('test', 1);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(2 ** 48 - 1), { minLength: 2 }), fc.nat(2 ** 16 - 1), (sequences, carry) => {
        const all = [...new Set(sequences.flatMap((sequence) => [sequence, (sequence % 2 ** 32) + carry * 2 ** 32]))];
        const ids = all.map(identify);
        for (const id of ids) expect(z.uuid().safeParse(id).success).toBe(true);
        expect(new Set(ids).size).toBe(all.length);
      }),
    );
    expect(new Set(Array.from({ length: 50_000 }, (_, sequence) => identify(sequence))).size).toBe(50_000);
  });

  it('gives other identifiers for another purpose', () => {
    expect(createIdentifiers('test', 1)(0)).not.toBe(createIdentifiers('test', 2)(0));
  });
});

describe('createInstantText', () => {
  it('writes what Date writes, in any order of instants', () => {
    const instantText = createInstantText();
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 0, 1) }),
        (instant) => instantText(instant) === new Date(instant).toISOString(),
      ),
    );
  });
});
