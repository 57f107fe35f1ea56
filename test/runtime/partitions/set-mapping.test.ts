import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/runtime/declare/definition.ts';
import type { PartitionsDefinition } from '../../../src/runtime/partitions/definition.ts';
import { keysOf } from '../../../src/runtime/partitions/list.ts';
import { mappingProblem } from '../../../src/runtime/partitions/mapping-problem.ts';
import { downstreamKeys, downstreamSlice, upstreamSlice } from '../../../src/runtime/partitions/mapping.ts';
import { createPartitionSpace } from '../../../src/runtime/partitions/space.ts';
import { createTimeZones } from '../../../src/runtime/partitions/time-zone.ts';
import { anyDefinition, DYNAMIC, NOW } from './definitions.ts';

const zones = createTimeZones();
const existing = { now: NOW, dynamicKeys: DYNAMIC, zones };
const spaceOf = (definition: PartitionsDefinition) => createPartitionSpace(definition, { zones, dynamicKeys: DYNAMIC });

const mapping: fc.Arbitrary<Mapping> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Mapping>({ kind: 'same' }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: -3, max: 1 }), fc.nat({ max: 3 }))
      .map(([from, more]): Mapping => ({ kind: 'window', from, to: from + more })),
  },
  { weight: 1, arbitrary: fc.constant<Mapping>({ kind: 'every' }) },
);

interface Case {
  readonly mapping: Mapping;
  readonly downstream: PartitionsDefinition;
  readonly upstream: PartitionsDefinition;
  /** Of the upstream. */
  readonly some: readonly string[];
}

/** A dependency that has a meaning. Half of them are of one definition: two random ones seldom fit. */
const dependency: fc.Arbitrary<Case> = fc
  .record({ mapping, downstream: anyDefinition, upstream: fc.option(anyDefinition, { nil: undefined }) })
  .map(({ mapping, downstream, upstream = downstream }) => ({ mapping, downstream, upstream }))
  .filter((sides) => mappingProblem({ ...sides, holdsRows: true, zones }) === undefined)
  .chain((sides) => {
    const keys = [...keysOf(sides.upstream, existing)];
    const some = keys.length === 0 ? fc.constant<string[]>([]) : fc.uniqueArray(fc.constantFrom(...keys), { maxLength: 12 });
    return some.map((chosen) => ({ ...sides, some: chosen }));
  });

describe('a mapping of sets', () => {
  it('reaches downstream what it reaches from each of the partitions', () => {
    fc.assert(
      fc.property(dependency, ({ mapping, downstream, upstream, some }) => {
        const space = spaceOf(downstream);
        const options = { mapping, downstream, upstream: { asset: 'up', definition: upstream }, zones };
        const slices = Array.from(spaceOf(upstream).ofKeys(some).slices(), (slice) => downstreamSlice({ ...options, changed: { slice } }));
        const reached = space.ofSlices(slices).intersect(space.existing(NOW));
        const each = new Set(some.flatMap((key) => [...downstreamKeys({ ...options, changed: { key }, existing })]));
        expect([...reached.keys()].toSorted()).toEqual([...each].toSorted());
      }),
      { numRuns: 1000 },
    );
  });

  it('reads for a range what it reads for each of its partitions', () => {
    fc.assert(
      fc.property(dependency, fc.nat(), fc.nat(), ({ mapping, downstream, upstream }, one, other) => {
        const all = [...spaceOf(downstream).existing(NOW).keys()];
        fc.pre(all.length > 0);
        const [first, last] = [Math.min(one % all.length, other % all.length), Math.max(one % all.length, other % all.length)];
        const space = spaceOf(upstream);
        const read = (key: string) =>
          space.ofSlice(upstreamSlice({ mapping, downstream: { asset: 'down', definition: downstream, key }, upstream, zones }).slice);
        for (const range of spaceOf(downstream)
          .ofKeys(all.slice(first, Math.min(last, first + 30) + 1))
          .rangeKeys()) {
          const keys = [...spaceOf(downstream).ofKeys([range]).keys()];
          const each = keys.map(read).reduce((sum, set) => sum.union(set), space.empty);
          expect(read(range).toJSON()).toEqual(each.toJSON());
        }
      }),
      { numRuns: 1000 },
    );
  });
});
