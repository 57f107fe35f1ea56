import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partitions, type PartitionsDefinition } from '../../../src/runtime/partitions/definition.ts';
import { findPartition } from '../../../src/runtime/partitions/key.ts';
import { keysOf } from '../../../src/runtime/partitions/list.ts';
import type { PartitionSet } from '../../../src/runtime/partitions/set.ts';
import { createPartitionSpace, type PartitionSpace } from '../../../src/runtime/partitions/space.ts';
import { createTimeZones } from '../../../src/runtime/partitions/time-zone.ts';
import { anyDefinition, DYNAMIC, listedDefinition, NOW, timeDefinition } from './definitions.ts';

const zones = createTimeZones();
const existing = { now: NOW, dynamicKeys: DYNAMIC, zones };
const spaceOf = (definition: PartitionsDefinition) => createPartitionSpace(definition, { zones, dynamicKeys: DYNAMIC });

/** Three dimensions, few keys in each. */
const cube = fc
  .record({ a: fc.oneof(timeDefinition, listedDefinition), b: listedDefinition, c: timeDefinition })
  .map((dimensions): PartitionsDefinition => ({
    kind: 'cross',
    dimensions: Object.fromEntries(
      Object.entries(dimensions).map(([name, part]) => [name, part.kind === 'time' ? { ...part, start: '2026-04-06T07:00Z' } : part]),
    ),
  }));
const definition = fc.oneof(anyDefinition, cube);

interface Case {
  readonly of: PartitionsDefinition;
  readonly space: PartitionSpace;
  readonly all: readonly string[];
  readonly a: readonly string[];
  readonly b: readonly string[];
}

/** A definition with its keys, and some of them. */
const withKeys: fc.Arbitrary<Case> = definition
  .map((of) => ({ of, space: spaceOf(of), all: [...keysOf(of, existing)] }))
  .chain(({ of, space, all }) => {
    const some = all.length === 0 ? fc.constant<string[]>([]) : fc.uniqueArray(fc.constantFrom(...all), { maxLength: 40 });
    return fc.tuple(some, some).map(([a, b]): Case => ({ of, space, all, a, b }));
  });

const sorted = (keys: Iterable<string>) => [...keys].toSorted();
const plain = (set: PartitionSet) => sorted(set.keys());
const often = { numRuns: 1000 };

describe('a set of partitions', () => {
  it('answers as a plain set of its keys does', () => {
    fc.assert(
      fc.property(withKeys, ({ space, all, a, b }) => {
        const [left, right] = [space.ofKeys(a), space.ofKeys(b)];
        const [inA, inB] = [new Set(a), new Set(b)];
        expect(plain(left)).toEqual(sorted(a));
        expect(left.count()).toBe(a.length);
        expect(left.isEmpty).toBe(a.length === 0);
        expect([left.first(), left.last()]).toEqual([[...left.keys()][0], [...left.keys()].at(-1)]);
        expect(plain(left.union(right))).toEqual(sorted(new Set([...a, ...b])));
        expect(plain(left.intersect(right))).toEqual(sorted(a.filter((key) => inB.has(key))));
        expect(plain(left.subtract(right))).toEqual(sorted(a.filter((key) => !inB.has(key))));
        for (const key of all.slice(0, 50)) expect(left.has(key)).toBe(inA.has(key));
      }),
      often,
    );
  });

  it('has one form, whatever it was made of and in which order', () => {
    fc.assert(
      fc.property(withKeys, ({ space, a, b }) => {
        const whole = space.ofKeys([...a, ...b]);
        const joined = space.ofKeys(b.toReversed()).union(space.ofKeys(a.toReversed()));
        expect(joined.toJSON()).toEqual(whole.toJSON());
        expect(joined.equals(whole)).toBe(true);
        const rest = whole.subtract(space.ofKeys(b));
        expect(rest.equals(space.ofKeys(a.filter((key) => !b.includes(key))))).toBe(true);
        expect(space.fromJson(JSON.parse(JSON.stringify(whole)))).toMatchObject({ segments: whole.segments });
      }),
      often,
    );
  });

  it('is covered by its range keys and by its slices', () => {
    fc.assert(
      fc.property(withKeys, ({ of, space, a }) => {
        const set = space.ofKeys(a);
        const ranges = [...set.rangeKeys()];
        expect(space.ofKeys(ranges).equals(set)).toBe(true);
        expect(ranges.reduce((sum, key) => sum + space.ofKeys([key]).count(), 0)).toBe(a.length);
        for (const key of ranges) {
          expect(set.has(key)).toBe(true);
          expect(findPartition(of, key, { zones })?.key).toBe(key);
        }
        const slices = [...set.slices()].map((slice) => space.ofSlice(slice));
        expect(slices.reduce((all, slice) => all.union(slice), space.empty).equals(set)).toBe(true);
      }),
      often,
    );
  });

  it('of all that exists, or of a slice, is what listing them gives', () => {
    fc.assert(
      fc.property(withKeys, fc.nat(), ({ of, space, all }, at) => {
        expect(plain(space.existing(NOW))).toEqual(sorted(all));
        expect(space.existing(NOW).count()).toBe(all.length);
        const complete = space.existing(NOW, { complete: true });
        expect(space.existing(NOW).intersect(complete).equals(complete)).toBe(true);
        const slice = all.length === 0 ? undefined : findPartition(of, all[at % all.length]!, { zones })?.slice;
        if (slice !== undefined) expect(space.slice(all[at % all.length]!)).toEqual(slice);
        if (slice !== undefined)
          expect(plain(space.ofSlice(slice).intersect(space.existing(NOW)))).toEqual(sorted(keysOf(of, { ...existing, slice })));
      }),
      often,
    );
  });
});

describe('a set of hours, days and weeks', () => {
  it('leaves a day out that its zone skipped', () => {
    const space = spaceOf(partitions.daily({ start: '2011-12-01', timezone: 'Pacific/Apia' }).definition);
    const december = space.ofKeys(['2011-12-01..2011-12-31']);
    expect(december.count()).toBe(30);
    expect(december.has('2011-12-30')).toBe(false);
    expect([...december.rangeKeys()]).toEqual(['2011-12-01..2011-12-29', '2011-12-31']);
  });

  it('takes keys in no order and forgets what is none of its keys', () => {
    const space = spaceOf(partitions.daily({ start: '2026-01-01' }).definition);
    const set = space.ofKeys(['2026-01-03', '2025-12-31', 'yesterday', '2026-01-01..2026-01-02', '2026-01-05..2026-01-04']);
    expect(set.toJSON()).toEqual([['2026-01-01', '2026-01-03']]);
  });

  it('is written as spans of keys, within one another for a cross', () => {
    const space = spaceOf(
      partitions.cross({ region: partitions.of(['eu', 'us', 'asia']), day: partitions.daily({ start: '2026-01-01' }) }).definition,
    );
    const set = space.ofKeys(['day=2026-01-01..2026-01-03|region=eu', 'day=2026-01-02..2026-01-03|region=us']);
    expect(set.toJSON()).toEqual([
      { span: '2026-01-01', of: ['eu'] },
      { span: ['2026-01-02', '2026-01-03'], of: [['eu', 'us']] },
    ]);
    expect([...set.rangeKeys()]).toEqual(['day=2026-01-01..2026-01-03|region=eu', 'day=2026-01-02..2026-01-03|region=us']);
    expect(() => space.fromJson([{ span: '1999-01-01', of: ['eu'] }])).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }));
  });
});

describe('a set of more partitions than anyone could list', () => {
  const listed = (prefix: string, length: number) => partitions.of(Array.from({ length }, (_, index) => `${prefix}${index}`));
  const space = spaceOf(
    partitions.cross({ hour: partitions.hourly({ start: '1970-01-01' }), shop: listed('s', 2000), product: listed('p', 2000) }).definition,
  );
  const all = space.existing(new Date('2026-01-01T00:00:00Z'), { complete: true });
  const key = (hour: string) => `hour=${hour}|product=p7|shop=s8`;

  it('counts, finds and compares them', () => {
    expect(all.count()).toBe(490_896 * 4_000_000);
    expect(all.count()).toBeGreaterThan(10 ** 12);
    const made = all.subtract(space.ofKeys([key('2001-01-01T00:00Z..2001-01-01T05:00Z'), 'hour=1999-12-31T23:00Z|product=p1|shop=s1']));
    expect(all.subtract(made).count()).toBe(7);
    expect(made.has(key('2001-01-01T03:00Z'))).toBe(false);
    expect(made.has(key('2001-01-01T06:00Z'))).toBe(true);
    expect(made.union(space.ofKeys([key('2001-01-01T00:00Z..2001-01-01T05:00Z')])).count()).toBe(all.count() - 1);
    expect(JSON.stringify(made).length).toBeLessThan(1500);
  });

  it('lists the first of them without the others', () => {
    expect(all.keys()[Symbol.iterator]().next().value).toBe('hour=1970-01-01T00:00Z|product=p0|shop=s0');
    expect([...all.slices()]).toHaveLength(1);
  });
});
