import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetDefinition } from '../../../src/runtime/declare/definition.ts';
import type { PartitionsDefinition } from '../../../src/runtime/partitions/definition.ts';
import { parsePartition } from '../../../src/runtime/partitions/key.ts';
import { keysOf } from '../../../src/runtime/partitions/list.ts';
import type { PartitionSlice } from '../../../src/runtime/partitions/slice.ts';
import { createPartitionSpaces } from '../../../src/runtime/partitions/space.ts';
import { createTimeZones } from '../../../src/runtime/partitions/time-zone.ts';
import { candidateSet } from '../../../src/runtime/plan/candidates.ts';
import { createRecord, emptyState } from '../../../src/runtime/plan/record.ts';
import { requestedSet, requestPartition } from '../../../src/runtime/plan/requested-partition.ts';
import type { PartitionRequest } from '../../../src/runtime/run/event.ts';
import { anyDefinition, DYNAMIC, NOW } from '../partitions/definitions.ts';

const zones = createTimeZones();
const scene = { now: NOW, zones, dynamicKeys: DYNAMIC };

function asked(definition: PartitionsDefinition, request: PartitionRequest): readonly string[] | undefined {
  const asset = { key: 'a', partitions: definition, dependencies: {} } as AssetDefinition;
  const record = createRecord(
    emptyState,
    new Map(),
    createPartitionSpaces(() => definition, scene),
  );
  const requested = requestPartition([asset], request, scene);
  const set = requested && requestedSet(asset, requested, { ...scene, record });
  return set && [...set.keys()].toSorted();
}

/** When each dimension of time of a partition ends. */
function endsOf(slice: PartitionSlice): readonly number[] {
  if (slice.kind === 'time') return slice.ranges.map(({ to }) => to);
  return slice.kind === 'cross' ? Object.values(slice.dimensions).flatMap(endsOf) : [];
}

const HOUR = 3_600_000;
/** Any milliseconds, whole hours and whole days, where windows end. */
const instant = fc
  .tuple(fc.integer({ min: Date.UTC(2026, 2, 26), max: NOW.getTime() + 50 * HOUR }), fc.constantFrom(1, HOUR / 2, HOUR, 24 * HOUR))
  .map(([at, step]) => Math.floor(at / step) * step);
const window = fc.tuple(instant, instant).map(([one, other]) => ({
  start: new Date(Math.min(one, other)).toISOString(),
  end: new Date(Math.max(one, other)).toISOString(),
}));

describe('a window that is asked for', () => {
  it('means the partitions that end within it, of each dimension of time, whatever clocks do', () => {
    let some = 0;
    fc.assert(
      fc.property(anyDefinition, window, (definition, span) => {
        const [start, end] = [Date.parse(span.start), Date.parse(span.end)];
        const every = [...keysOf(definition, scene)].map((key) => ({
          key,
          ends: endsOf(parsePartition(definition, key, { asset: 'a', ...scene }).slice),
        }));
        const isTimed = every[0]?.ends.length !== 0;
        const wanted = every.filter(({ ends }) => ends.every((at) => start < at && at <= end)).map(({ key }) => key);
        if (wanted.length > 0 && wanted.length < every.length) some++;
        expect(asked(definition, { window: span })).toEqual(isTimed ? wanted.toSorted() : undefined);
      }),
      { numRuns: 2000 },
    );
    expect(some).toBeGreaterThan(200);
  }, 60_000);

  const daily: PartitionsDefinition = { kind: 'time', unit: 'day', start: '2026-03-01', timezone: 'Europe/Berlin' };

  it('means the day of 23 hours where the clocks go forward', () => {
    expect(asked(daily, { window: { start: '2026-03-28T23:00:00Z', end: '2026-03-29T22:00:00Z' } })).toEqual(['2026-03-29']);
    expect(asked(daily, { window: { start: '2026-03-28T22:59:00Z', end: '2026-03-29T22:00:00Z' } })).toEqual(['2026-03-28', '2026-03-29']);
    expect(asked(daily, { window: { start: '2026-03-28T23:00:00Z', end: '2026-03-29T21:59:00Z' } })).toEqual([]);
  });

  it('is taken at its word, and leaves assets without time as they are', () => {
    const candidates = (definition: PartitionsDefinition) => {
      const asset = { key: 'a', partitions: definition, dependencies: {} } as AssetDefinition;
      const record = createRecord(
        emptyState,
        new Map(),
        createPartitionSpaces(() => definition, scene),
      );
      const request = requestPartition([asset], { window: { start: '2026-04-01T00:00:00Z', end: '2026-04-02T00:00:00Z' } }, scene);
      return [...(candidateSet({ ...scene, record } as never, asset, request)?.keys() ?? [])];
    };
    expect(candidates({ kind: 'time', unit: 'day', start: '2026-03-01', timezone: 'UTC' })).toEqual(['2026-04-01']);
    expect(candidates({ kind: 'static', keys: ['eu', 'us'] })).toEqual(['eu', 'us']);
  });
});

describe('a key of the time of a cross', () => {
  const day: PartitionsDefinition = { kind: 'time', unit: 'day', start: '2026-04-01', timezone: 'UTC' };
  const region: PartitionsDefinition = { kind: 'static', keys: ['eu', 'us'] };
  const cross: PartitionsDefinition = { kind: 'cross', dimensions: { day, region } };

  it('means that time of every other dimension', () => {
    expect(asked(cross, { key: '2026-04-02' })).toEqual(['day=2026-04-02|region=eu', 'day=2026-04-02|region=us']);
    expect(asked(cross, { key: 'day=2026-04-02|region=eu' })).toEqual(['day=2026-04-02|region=eu']);
  });

  it('means, beside the cross, what it means for assets of time', () => {
    const hour: PartitionsDefinition = { kind: 'time', unit: 'hour', start: '2026-04-01', timezone: 'UTC' };
    const assets = [cross, day, hour].map((partitions, index) => ({ key: `a${index}`, partitions }) as AssetDefinition);
    const request = requestPartition(assets, { key: '2026-04-02' }, scene)!;
    const counts = assets.map((asset) => {
      const record = createRecord(
        emptyState,
        new Map(),
        createPartitionSpaces(() => asset.partitions, scene),
      );
      return requestedSet(asset, request, { ...scene, record })?.count();
    });
    expect(counts).toEqual([2, 1, 24]);
  });

  it('is refused where a cross has no such time', () => {
    const asset = { key: 'a', partitions: cross } as AssetDefinition;
    for (const key of ['2026-04', '2026-03-31', 'eu', 'all'])
      expect(() => requestPartition([asset], { key }, scene), key).toThrow(expect.objectContaining({ code: 'PARTITION_UNKNOWN' }));
  });
});
