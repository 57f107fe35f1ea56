import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closest, didYouMean, editDistance } from '../../src/runtime/closest.ts';

describe('the edit distance', () => {
  it('counts a swap of neighbors as one edit', () => {
    expect(editDistance('paly', 'play')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('is the same in both directions, zero for the same text only, and never more than the longer text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const edits = editDistance(a, b);
        expect(edits).toBe(editDistance(b, a));
        expect(edits === 0).toBe(a === b);
        expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(edits).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a suggestion', () => {
  it('is the nearest, also by the last segment and in another case, and none where nothing is like it', () => {
    const keys = ['bronze/plays', 'silver/plays', 'gold/top_songs'];
    expect(closest('plays', keys)).toEqual(['bronze/plays', 'silver/plays']);
    expect(closest('Silver/Play', keys)[0]).toBe('silver/plays');
    expect(closest('weather', keys)).toEqual([]);
    expect(didYouMean('plays', keys)).toBe(' Did you mean bronze/plays or silver/plays?');
    expect(didYouMean('weather', keys)).toBe('');
  });
});
