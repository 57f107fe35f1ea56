import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dividePartitions, type Claimant } from '../../../../src/drivers/broker/kafka/divide-partitions.ts';

const TOPICS = ['a', 'b'];
const member = fc.record({
  topics: fc.subarray(TOPICS),
  owned: fc.dictionary(fc.constantFrom(...TOPICS), fc.uniqueArray(fc.nat(12), { maxLength: 8 })),
});
const members = fc.array(member, { minLength: 1, maxLength: 6 }).map((all) => all.map((one, i): Claimant => ({ id: `m${i}`, ...one })));
const counts = fc.tuple(fc.nat(10), fc.nat(10)).map(
  ([a, b]) =>
    new Map([
      ['a', a],
      ['b', b],
    ]),
);

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('dividing partitions', () => {
  it('gives each to one of those who want its topic, and to each as many as to the others but for one', () => {
    fc.assert(
      fc.property(members, counts, (all, partitionsOf) => {
        const division = dividePartitions(all, partitionsOf);
        expect([...division.keys()].toSorted()).toEqual(all.map(({ id }) => id));
        for (const [topic, partitions] of partitionsOf) {
          const wanting = all.filter(({ topics }) => topics.includes(topic));
          const shares = wanting.map(({ id }) => division.get(id)?.[topic] ?? []);
          if (wanting.length > 0) expect(shares.flat().toSorted((a, b) => a - b)).toEqual(range(partitions));
          const sizes = shares.map(({ length }) => length);
          if (wanting.length > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          for (const { id, topics } of all) if (!topics.includes(topic)) expect(division.get(id)?.[topic]).toBe(undefined);
        }
      }),
    );
  });

  it('leaves to each what it has, up to its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        (partitions, before, after) => {
          const named = (count: number) => range(count).map((i): Claimant => ({ id: `m${i}`, topics: ['a'], owned: {} }));
          const partitionsOf = new Map([['a', partitions]]);
          const first = dividePartitions(named(before), partitionsOf);
          const claimants = named(after).map((one) => ({ ...one, owned: first.get(one.id) ?? {} }));
          const second = dividePartitions(claimants, partitionsOf);
          const least = Math.floor(partitions / after);
          for (const { id, owned } of claimants) {
            const kept = second.get(id)?.['a']?.filter((partition) => owned['a']?.includes(partition)) ?? [];
            expect(kept.length).toBeGreaterThanOrEqual(Math.min(owned['a']?.length ?? 0, least));
          }
          if (before === after) expect(second).toEqual(first);
        },
      ),
    );
  });

  it('is the same in whatever order the members come', () => {
    fc.assert(
      fc.property(members, counts, (all, partitionsOf) => {
        expect(dividePartitions(all.toReversed(), partitionsOf)).toEqual(dividePartitions(all, partitionsOf));
      }),
    );
  });
});
