import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dimensionOf, intersectRanges } from '../../../src/runtime/partitions/slice-algebra.ts';
import { parsePartition } from '../../../src/runtime/partitions/key.ts';
import { countKeys, keysOf, windowsBetween } from '../../../src/runtime/partitions/list.ts';
import type { PartitionsDefinition } from '../../../src/runtime/partitions/definition.ts';
import type { PartitionSlice, TimeRange } from '../../../src/runtime/partitions/slice.ts';
import { createTimeZones } from '../../../src/runtime/partitions/time-zone.ts';
import { anyDefinition, DYNAMIC, NOW, timeDefinition } from './definitions.ts';

const zones = createTimeZones();
const existing = { now: NOW, dynamicKeys: DYNAMIC, zones };
/** Ranges of any milliseconds and of whole hours, which often end where a window does. */
const range: fc.Arbitrary<TimeRange> = fc
  .tuple(
    fc.integer({ min: Date.UTC(2026, 2, 20), max: NOW.getTime() + 9e7 }),
    fc.integer({ min: -1000, max: 3e8 }),
    fc.constantFrom(1, 3_600_000),
  )
  .map(([from, length, step]) => ({ from: Math.floor(from / step) * step, to: Math.floor((from + length) / step) * step }));

function sliceFor(definition: PartitionsDefinition): fc.Arbitrary<PartitionSlice> {
  const all = fc.constant<PartitionSlice>({ kind: 'all' });
  switch (definition.kind) {
    case 'time':
      return fc.oneof(
        all,
        fc.array(range, { maxLength: 4 }).map((ranges): PartitionSlice => ({ kind: 'time', ranges })),
      );
    case 'static':
    case 'dynamic':
      return fc.oneof(
        all,
        fc.uniqueArray(fc.constantFrom('eu', 'us', 't1', 't2', 'none')).map((keys): PartitionSlice => ({ kind: 'keys', keys })),
      );
    case 'cross':
      return fc
        .tuple(
          ...Object.entries(definition.dimensions).map(([name, dimension]) =>
            fc.tuple(fc.constant(name), sliceFor(dimension), fc.boolean()),
          ),
        )
        .map((parts): PartitionSlice => {
          const kept = parts.filter(([, , keep]) => keep).map(([name, slice]) => [name, slice] as const);
          return { kind: 'cross', dimensions: Object.fromEntries(kept) };
        });
  }
}

/** Membership, said as plainly as can be. */
function overlaps(a: PartitionSlice, b: PartitionSlice): boolean {
  if (a.kind === 'all' || b.kind === 'all') return true;
  if (a.kind === 'time' && b.kind === 'time') return intersectRanges(a.ranges, b.ranges).length > 0;
  if (a.kind === 'keys' && b.kind === 'keys') return a.keys.some((key) => b.keys.includes(key));
  if (a.kind === 'cross') return Object.keys(a.dimensions).every((name) => overlaps(dimensionOf(a, name), dimensionOf(b, name)));
  return false;
}

describe('the list of partition keys', () => {
  it('holds exactly the partitions that share something with the slice, in order', () => {
    fc.assert(
      fc.property(
        anyDefinition.chain((definition) => fc.tuple(fc.constant(definition), sliceFor(definition))),
        ([definition, slice]) => {
          const every = [...keysOf(definition, existing)];
          const wanted = every.filter((key) =>
            overlaps(parsePartition(definition, key, { asset: 'a', dynamicKeys: DYNAMIC, zones }).slice, slice),
          );
          expect([...keysOf(definition, { ...existing, slice })]).toEqual(wanted);
          expect(countKeys(definition, { ...existing, slice })).toBe(wanted.length);
        },
      ),
      { numRuns: 1000 },
    );
  }, 60_000);

  it('has keys that parse to a partition of that key', () => {
    fc.assert(
      fc.property(anyDefinition, (definition) => {
        const keys = [...keysOf(definition, existing)];
        expect(keys.length).toBeGreaterThan(0);
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys.slice(0, 30))
          expect(parsePartition(definition, key, { asset: 'a', dynamicKeys: DYNAMIC, zones }).key).toBe(key);
      }),
      { numRuns: 1000 },
    );
  }, 60_000);

  it('begins with the window of the start and ends with the one that has begun', () => {
    const daily: PartitionsDefinition = { kind: 'time', unit: 'day', start: '2026-04-04', timezone: 'Europe/Berlin' };
    expect([...keysOf(daily, existing)]).toEqual(['2026-04-04', '2026-04-05', '2026-04-06']);
    expect([...keysOf(daily, { ...existing, now: new Date('2026-04-05T21:59:59Z') })]).toEqual(['2026-04-04', '2026-04-05']);
    expect([...keysOf(daily, { ...existing, now: new Date('2026-01-01T00:00:00Z') })]).toEqual([]);
  });

  it('is lazy and is counted without being made', () => {
    const hourly: PartitionsDefinition = { kind: 'time', unit: 'hour', start: '1970-01-01', timezone: 'UTC' };
    const now = new Date('9000-01-01T00:00:00Z');
    expect(keysOf(hourly, { now }).next().value).toBe('1970-01-01T00:00Z');
    const cross: PartitionsDefinition = { kind: 'cross', dimensions: { a: hourly, b: hourly, c: { kind: 'static', keys: ['x', 'y'] } } };
    const hours = (now.getTime() - 0) / 3_600_000 + 1;
    expect(countKeys(cross, { now })).toBe(hours * hours * 2);
    expect(keysOf(cross, { now }).next().value).toBe('a=1970-01-01T00:00Z|b=1970-01-01T00:00Z|c=x');
  });

  it('leaves out, and does not count, a day that the zone skipped', () => {
    const samoa: PartitionsDefinition = { kind: 'time', unit: 'day', start: '2011-12-28', timezone: 'Pacific/Apia' };
    const options = { now: new Date('2011-12-31T12:00:00Z'), zones };
    expect([...keysOf(samoa, options)]).toEqual(['2011-12-28', '2011-12-29', '2011-12-31', '2012-01-01']);
    expect(countKeys(samoa, options)).toBe(4);
  });
});

describe('the windows between two instants', () => {
  it('cover the range from the first partition on, each touching the next', () => {
    fc.assert(
      fc.property(timeDefinition, range, (definition, range) => {
        const windows = [...windowsBetween(definition, range, zones)];
        for (const [index, { start, end }] of windows.entries()) {
          expect(start.getTime() < range.to && range.from < end.getTime()).toBe(true);
          if (index > 0) expect(start).toEqual(windows[index - 1]!.end);
        }
        const last = windows.at(-1);
        if (last !== undefined) expect(last.end.getTime()).toBeGreaterThanOrEqual(range.to);
      }),
      { numRuns: 1000 },
    );
  });
});
