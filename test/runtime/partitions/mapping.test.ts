import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/runtime/declare/definition.ts';
import { partitions, type Partitions } from '../../../src/runtime/partitions/definition.ts';
import { parsePartition } from '../../../src/runtime/partitions/key.ts';
import { keysOf } from '../../../src/runtime/partitions/list.ts';
import { mappingProblem } from '../../../src/runtime/partitions/mapping-problem.ts';
import { downstreamKeys, downstreamSlice, upstreamSlice } from '../../../src/runtime/partitions/mapping.ts';
import { containsSlice, intersectRanges } from '../../../src/runtime/partitions/slice-algebra.ts';
import { isFiner } from '../../../src/runtime/partitions/pairing.ts';
import { createTimeZones } from '../../../src/runtime/partitions/time-zone.ts';
import { anyDefinition, DYNAMIC, NOW, timeDefinition } from './definitions.ts';

const zones = createTimeZones();
const existing = { now: NOW, dynamicKeys: DYNAMIC, zones };
const same: Mapping = { kind: 'same' };
const start = '2026-01-01';
const hourly = partitions.hourly({ start });
const daily = partitions.daily({ start });
const berlin = partitions.daily({ start, timezone: 'Europe/Berlin' });
const regions = partitions.of(['eu', 'us']);

const read = (
  mapping: Mapping,
  [downstream, key]: readonly [Partitions | undefined, string | undefined],
  upstream: Partitions | undefined,
) =>
  upstreamSlice({ mapping, downstream: { asset: 'down', definition: downstream?.definition, key }, upstream: upstream?.definition, zones });
const upstreamOf = (mapping: Mapping, downstream: readonly [Partitions | undefined, string | undefined], upstream: Partitions) => [
  ...read(mapping, downstream, upstream).keys(existing),
];

describe('what a partition reads of an upstream', () => {
  it('is the same key', () => {
    expect(upstreamOf(same, [daily, '2026-01-03'], daily)).toEqual(['2026-01-03']);
    expect(upstreamOf(same, [regions, 'eu'], partitions.of(['us', 'eu', 'asia']))).toEqual(['eu']);
  });

  it('is every finer window that lies in it, across clock changes', () => {
    const hours = upstreamOf(same, [berlin, '2026-03-29'], hourly);
    expect([hours.length, hours[0], hours.at(-1)]).toEqual([23, '2026-03-28T23:00Z', '2026-03-29T21:00Z']);
    expect(upstreamOf(same, [partitions.monthly({ start }), '2026-02'], daily)).toHaveLength(28);
    expect(upstreamOf(same, [partitions.weekly({ start }), '2026-03-02'], daily)).toHaveLength(7);
  });

  it('is, with window, the upstream partitions so many steps around', () => {
    const window: Mapping = { kind: 'window', from: -2, to: 0 };
    expect(upstreamOf(window, [daily, '2026-01-03'], daily)).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
    expect(upstreamOf(window, [daily, '2026-01-02'], daily)).toEqual(['2026-01-01', '2026-01-02']);
    expect(upstreamOf(window, [hourly, '2026-01-03T05:00Z'], daily)).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
    expect(upstreamOf(window, [daily, '2026-01-03'], hourly)).toHaveLength(26);
    expect(upstreamOf({ kind: 'window', from: 0, to: 0 }, [berlin, '2026-01-03'], daily)).toEqual(['2026-01-02', '2026-01-03']);
  });

  it('is, with every, every partition, and nothing where only order is asked for', () => {
    expect(upstreamOf({ kind: 'every' }, [daily, '2026-01-03'], regions)).toEqual(['eu', 'us']);
    expect(upstreamOf({ kind: 'order' }, [daily, '2026-01-03'], daily)).toEqual([]);
    expect(upstreamOf(same, [undefined, undefined], regions)).toEqual(['eu', 'us']);
  });

  it('is decided dimension by dimension', () => {
    const both = partitions.cross({ day: daily, region: regions });
    expect(upstreamOf(same, [both, 'day=2026-01-02|region=eu'], partitions.cross({ region: regions, day: daily }))).toEqual([
      'day=2026-01-02|region=eu',
    ]);
    expect(upstreamOf(same, [both, 'day=2026-01-02|region=eu'], hourly)).toHaveLength(24);
    expect(upstreamOf(same, [both, 'day=2026-01-02|region=eu'], regions)).toEqual(['eu']);
    expect(upstreamOf(same, [daily, '2026-01-02'], both)).toEqual(['day=2026-01-02|region=eu', 'day=2026-01-02|region=us']);
    expect(upstreamOf({ kind: 'window', from: -1, to: 0 }, [both, 'day=2026-01-02|region=eu'], both)).toEqual([
      'day=2026-01-01|region=eu',
      'day=2026-01-02|region=eu',
    ]);
  });

  it('of an upstream without partitions is its own event time, or all of it', () => {
    const day = { kind: 'time', ranges: [{ from: Date.UTC(2026, 0, 2), to: Date.UTC(2026, 0, 3) }] };
    expect(read(same, [daily, '2026-01-02'], undefined).slice).toEqual(day);
    expect(read(same, [partitions.cross({ day: daily, region: regions }), 'day=2026-01-02|region=eu'], undefined).slice).toEqual(day);
    expect(read(same, [regions, 'eu'], undefined).slice).toEqual({ kind: 'all' });
    expect(read(same, [undefined, undefined], undefined).slice).toEqual({ kind: 'all' });
    expect([...read(same, [daily, '2026-01-02'], undefined).keys(existing)]).toEqual([]);
  });
});

describe('what reads a changed part of an upstream', () => {
  const late = { slice: { kind: 'time', ranges: [{ from: Date.UTC(2026, 0, 2, 23), to: Date.UTC(2026, 0, 3) }] } } as const;

  it('is the day of a late record, in the day’s own zone', () => {
    const changed = (of: Partitions) => [
      ...downstreamKeys({
        mapping: same,
        downstream: of.definition,
        upstream: { asset: 'bronze', definition: undefined },
        changed: late,
        existing,
      }),
    ];
    expect(changed(daily)).toEqual(['2026-01-02']);
    expect(changed(berlin)).toEqual(['2026-01-03']);
    expect(changed(partitions.cross({ day: berlin, region: regions }))).toEqual(['day=2026-01-03|region=eu', 'day=2026-01-03|region=us']);
    expect(changed(regions)).toEqual(['eu', 'us']);
  });

  it('is the whole of a downstream without partitions, which has no keys', () => {
    const options = {
      mapping: same,
      downstream: undefined,
      upstream: { asset: 'bronze', definition: daily.definition },
      changed: { key: '2026-01-02' },
    };
    expect(downstreamSlice(options)).toEqual({ kind: 'all' });
    expect([...downstreamKeys({ ...options, existing })]).toEqual([]);
  });
});

const mapping: fc.Arbitrary<Mapping> = fc.oneof(
  fc.constant<Mapping>(same),
  fc.constantFrom<Mapping>({ kind: 'every' }, { kind: 'order' }),
  fc
    .tuple(fc.integer({ min: -4, max: 3 }), fc.integer({ min: 0, max: 3 }))
    .map(([from, length]): Mapping => ({ kind: 'window', from, to: from + length })),
);

describe('a mapping', () => {
  it('read backward names exactly the partitions that read forward', () => {
    let compared = 0;
    fc.assert(
      fc.property(mapping, anyDefinition, anyDefinition, fc.nat(), (mapping, downstream, upstream, pick) => {
        if (mappingProblem({ mapping, downstream, upstream, holdsRows: true, zones }) !== undefined) return;
        const below = [...keysOf(downstream, existing)];
        const above = [...keysOf(upstream, existing)];
        const changed = above[pick % above.length]!;
        // Enough of them to see an edge, few enough to be quick.
        const tried =
          below.length <= 40 ? below : below.filter((_, index) => index < 4 || index >= below.length - 4 || index % 7 === pick % 7);
        const readers = new Set(
          downstreamKeys({ mapping, downstream, upstream: { asset: 'up', definition: upstream }, changed: { key: changed }, existing }),
        );
        for (const key of tried) {
          const part = upstreamSlice({ mapping, downstream: { asset: 'down', definition: downstream, key }, upstream, zones });
          expect(readers.has(key)).toBe([...part.keys(existing)].includes(changed));
        }
        compared += 1;
      }),
      { numRuns: 3000 },
    );
    expect(compared).toBeGreaterThan(500);
  }, 120_000);

  it('of a coarser unit over a finer one gives each finer window to exactly one coarser', () => {
    let compared = 0;
    fc.assert(
      fc.property(timeDefinition, timeDefinition, (downstream, upstream) => {
        if (mappingProblem({ mapping: same, downstream, upstream, holdsRows: true, zones }) !== undefined) return;
        if (isFiner(downstream, upstream)) return;
        const seen = [...keysOf(downstream, existing)].flatMap((key) => [
          ...upstreamSlice({ mapping: same, downstream: { asset: 'd', definition: downstream, key }, upstream, zones }).keys(existing),
        ]);
        expect(new Set(seen).size).toBe(seen.length);
        // A window that a downstream starting later does not reach is read by none.
        const first = parsePartition(downstream, keysOf(downstream, existing).next().value!, { asset: 'd', zones }).slice;
        const begin = first.kind === 'time' ? first.ranges[0]!.from : 0;
        const reached = [
          ...keysOf(upstream, { ...existing, slice: { kind: 'time', ranges: [{ from: begin, to: Number.MAX_SAFE_INTEGER / 2 ** 10 }] } }),
        ];
        expect(seen).toEqual(reached);
        compared += 1;
      }),
      { numRuns: 1500 },
    );
    expect(compared).toBeGreaterThan(100);
  }, 120_000);

  it('of a finer unit over a coarser one reads the one window that it lies in, and a change there finds it again', () => {
    let compared = 0;
    fc.assert(
      fc.property(timeDefinition, timeDefinition, fc.nat(), (downstream, upstream, pick) => {
        if (!isFiner(downstream, upstream)) return;
        if (mappingProblem({ mapping: same, downstream, upstream, holdsRows: false, zones }) !== undefined) return;
        const keys = [...keysOf(downstream, existing)];
        const key = keys[pick % keys.length]!;
        const read = upstreamSlice({ mapping: same, downstream: { asset: 'd', definition: downstream, key }, upstream, zones });
        const [around, ...others] = read.keys(existing);
        expect(others).toEqual([]);
        if (around === undefined) return; // before the upstream's first
        expect(containsSlice(read.slice, parsePartition(downstream, key, { asset: 'd', zones }).slice)).toBe(true);
        const change = { mapping: same, downstream, upstream: { asset: 'u', definition: upstream }, changed: { key: around }, zones };
        expect([...downstreamKeys({ ...change, existing })]).toContain(key);
        compared += 1;
      }),
      { numRuns: 12_000 },
    );
    expect(compared).toBeGreaterThan(1000);
  }, 120_000);

  it('reads by event time just what the partition covers, and a change there finds the partition again', () => {
    fc.assert(
      fc.property(timeDefinition, fc.nat(), fc.nat(), (definition, pick, shift) => {
        const keys = [...keysOf(definition, existing)];
        const key = keys[pick % keys.length]!;
        const own = parsePartition(definition, key, { asset: 'd', zones }).slice;
        const { slice } = upstreamSlice({ mapping: same, downstream: { asset: 'd', definition, key }, upstream: undefined, zones });
        expect(containsSlice(own, slice) && containsSlice(slice, own)).toBe(true);
        if (slice.kind !== 'time') throw new Error('a time slice is read');
        const { from, to } = slice.ranges[0]!;
        const at = from + (shift % (to - from));
        const changed = { slice: { kind: 'time', ranges: intersectRanges([{ from: at, to: at + 1 }], slice.ranges) } } as const;
        expect([
          ...downstreamKeys({ mapping: same, downstream: definition, upstream: { asset: 'u', definition: undefined }, changed, existing }),
        ]).toEqual([key]);
      }),
      { numRuns: 1000 },
    );
  }, 60_000);
});

describe('a mapping without meaning', () => {
  const problem = (mapping: Mapping, downstream: Partitions | undefined, upstream: Partitions | undefined, holdsRows = true) => {
    const found = mappingProblem({ mapping, downstream: downstream?.definition, upstream: upstream?.definition, holdsRows, zones });
    return found === undefined ? undefined : `${found.code}: ${found.message}`;
  };
  const both = partitions.cross({ day: daily, region: regions });

  it.each<[string, Parameters<typeof problem>, string]>([
    [
      'a finer unit over a coarser of another zone',
      [same, partitions.daily({ start, timezone: 'Europe/Berlin' }), partitions.weekly({ start })],
      'PARTITION_MAPPING: Days in Europe/Berlin do not lie within whole weeks in UTC: use window(…, { from: 0, to: 0 }) for those that overlap it, or every(…).',
    ],
    [
      'months over weeks',
      [same, partitions.monthly({ start }), partitions.weekly({ start })],
      "A month does not consist of the upstream's whole weeks",
    ],
    ['days of different zones', [same, berlin, daily], 'A day in Europe/Berlin does not consist of whole days in UTC'],
    [
      'days of half-hour zones over hours',
      [same, partitions.daily({ start, timezone: 'Asia/Kolkata' }), hourly],
      'A day in Asia/Kolkata does not consist of whole hours of UTC',
    ],
    ['static keys that the upstream lacks', [same, regions, partitions.of(['eu'])], 'The upstream has no partition us: use every(…)'],
    ['static keys over time', [same, regions, daily], "Static keys do not say which of the upstream's days to read"],
    [
      'different dynamic keys',
      [same, partitions.dynamic('a'), partitions.dynamic('b')],
      "Dynamic keys of a do not say which of the upstream's dynamic keys of b to read",
    ],
    ['crosses without a common dimension', [same, both, partitions.cross({ hour: hourly })], 'The two crosses have no dimension in common'],
    [
      'a cross with two fitting dimensions',
      [same, partitions.cross({ made: daily, sold: daily }), daily],
      'More than one dimension fits between made: days, sold: days',
    ],
    ['a cross with no fitting dimension', [same, both, partitions.dynamic('x')], 'No dimension fits'],
    ['an empty window', [{ kind: 'window', from: 1, to: 0 }, daily, daily], 'window from 1 to 0 is empty'],
    ['a window over no partitions', [{ kind: 'window', from: 0, to: 0 }, daily, undefined], 'window needs an upstream with partitions'],
    [
      'a window without partitions of its own',
      [{ kind: 'window', from: 0, to: 0 }, undefined, daily],
      'window needs partitions on this asset too',
    ],
    ['a window over static keys', [{ kind: 'window', from: 0, to: 0 }, regions, regions], 'window needs exactly one time dimension'],
    [
      'one value over many',
      [same, daily, hourly, false],
      "PARTITION_FAN_IN: One partition of this asset (days) reads several of the upstream's (hours)",
    ],
    [
      'one value without partitions over many',
      [same, undefined, regions, false],
      'PARTITION_FAN_IN: This asset without partitions reads several',
    ],
    ['one value over a further dimension', [same, daily, both, false], 'PARTITION_FAN_IN'],
  ])('is refused: %s', (_, options, expected) => {
    expect(problem(...options)).toContain(expected);
  });

  it.each<[string, Parameters<typeof problem>]>([
    ['the same days', [same, daily, daily, false]],
    ['days in zones with two names', [same, partitions.daily({ start, timezone: 'Etc/UTC' }), daily, false]],
    ['days in any zone of whole hours over hours', [same, berlin, hourly]],
    ['months over days', [same, partitions.monthly({ start }), daily]],
    ['anything over no partitions', [same, both, undefined, false]],
    ['no partitions over any that hold rows', [same, undefined, both]],
    ['values by window', [{ kind: 'window', from: 0, to: 0 }, daily, hourly, false]],
    ['values by every', [{ kind: 'every' }, undefined, regions, false]],
    ['order over anything', [{ kind: 'order' }, hourly, regions, false]],
    ['overlapping days of different zones', [{ kind: 'window', from: 0, to: 0 }, berlin, daily]],
  ])('is none of: %s', (_, options) => {
    expect(problem(...options)).toBeUndefined();
  });
});
