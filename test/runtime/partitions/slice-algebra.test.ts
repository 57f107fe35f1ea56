import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  containsRanges,
  containsSlice,
  emptySlice,
  intersectRanges,
  intersectSlices,
  isEmptySlice,
  normalizeRanges,
  subtractRanges,
  unionRanges,
} from '../../../src/runtime/partitions/slice-algebra.ts';
import { wholeSlice, type PartitionSlice, type TimeRange } from '../../../src/runtime/partitions/slice.ts';

const ranges = fc.array(fc.record({ from: fc.integer({ min: 0, max: 30 }), to: fc.integer({ min: 0, max: 30 }) }), { maxLength: 6 });
const points = (list: readonly TimeRange[]) =>
  new Set(list.flatMap(({ from, to }) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)));
const sorted = (set: Iterable<number>) => [...set].toSorted((a, b) => a - b);
const isNormal = (list: readonly TimeRange[]) =>
  list.every(({ from, to }, index) => from < to && (index === 0 || list[index - 1]!.to < from));

describe('sets of time ranges', () => {
  it('behave as sets of instants, and are written in one way', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const [x, y] = [points(a), points(b)];
        const results = {
          normal: [normalizeRanges(a), x],
          union: [unionRanges(a, b), new Set([...x, ...y])],
          intersection: [intersectRanges(a, b), new Set([...x].filter((point) => y.has(point)))],
          difference: [subtractRanges(a, b), new Set([...x].filter((point) => !y.has(point)))],
        } as const;
        for (const [result, expected] of Object.values(results)) {
          expect(sorted(points(result))).toEqual(sorted(expected));
          expect(isNormal(result)).toBe(true);
        }
        expect(containsRanges(a, b)).toBe([...y].every((point) => x.has(point)));
      }),
      { numRuns: 3000 },
    );
  });
});

const KEYS = ['a', 'b', 'c'];
const simple: fc.Arbitrary<PartitionSlice> = fc.oneof(
  fc.constant(wholeSlice),
  fc.subarray(KEYS).map((keys): PartitionSlice => ({ kind: 'keys', keys })),
);
const cross: fc.Arbitrary<PartitionSlice> = fc.oneof(
  fc.constant(wholeSlice),
  fc.record({ x: simple, y: simple }, { requiredKeys: [] }).map((dimensions): PartitionSlice => ({ kind: 'cross', dimensions })),
);
/** Every pair of keys that a slice of two dimensions holds. */
const pairsIn = (slice: PartitionSlice): ReadonlySet<string> => {
  const keysIn = (name: string) => {
    const part = slice.kind === 'cross' ? (slice.dimensions[name] ?? wholeSlice) : slice;
    return part.kind === 'keys' ? part.keys : KEYS;
  };
  return new Set(keysIn('x').flatMap((x) => keysIn('y').map((y) => x + y)));
};

describe('slices of several dimensions', () => {
  it('intersect and contain each other as the pairs that they hold do', () => {
    fc.assert(
      fc.property(cross, cross, (a, b) => {
        const [x, y] = [pairsIn(a), pairsIn(b)];
        expect([...pairsIn(intersectSlices(a, b))].toSorted()).toEqual([...x].filter((pair) => y.has(pair)).toSorted());
        // A list of all the keys is not known to be the whole.
        if (containsSlice(a, b)) expect([...y].every((pair) => x.has(pair))).toBe(true);
        expect(containsSlice(a, intersectSlices(a, b))).toBe(true);
        expect(isEmptySlice(a)).toBe(x.size === 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('of different kinds have nothing in common', () => {
    const time: PartitionSlice = { kind: 'time', ranges: [{ from: 0, to: 1 }] };
    expect(intersectSlices(time, { kind: 'keys', keys: ['a'] })).toEqual(emptySlice);
    expect(containsSlice(time, { kind: 'keys', keys: ['a'] })).toBe(false);
    expect(containsSlice(time, emptySlice)).toBe(true);
    expect(containsSlice(time, wholeSlice)).toBe(false);
  });
});
