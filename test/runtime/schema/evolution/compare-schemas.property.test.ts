import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../../../../src/runtime/schema/evolution/compare-schemas.ts';
import { wireJsonSchema } from '../../../../src/runtime/schema/evolution/wire-json-schema.ts';
import { schemaPairs } from './schema-pairs.ts';
import { createSampler } from './spec-samples.ts';
import type { Spec } from './spec.ts';

const RUNS = { numRuns: 1_000 };

/** What is said of a pair, and which samples of one side the other refuses. */
function judge([before, after]: readonly [Spec, Spec]) {
  const { schema, samples } = createSampler();
  const refused = (of: Spec, by: Spec) => samples(of).filter((record) => !schema(by).safeParse(record).success);
  return {
    ...compareSchemas(wireJsonSchema(schema(before)), wireJsonSchema(schema(after))),
    old: samples(before),
    refusedOld: () => refused(before, after),
    refusedNew: () => refused(after, before),
  };
}

describe('a change of a schema', { timeout: 120_000 }, () => {
  it('is drawn of every class', () => {
    const classes = fc.sample(schemaPairs, { numRuns: 300, seed: 1 }).map((pair) => judge(pair).class);
    expect([...new Set(classes)].toSorted()).toEqual(['breaking', 'compatible', 'identical', 'widening']);
  });

  it('that is not breaking lets every record of the old schema pass the new one', () => {
    fc.assert(
      fc.property(schemaPairs, (pair) => {
        const { class: verdict, refusedOld } = judge(pair);
        if (verdict !== 'breaking') expect(refusedOld()).toEqual([]);
      }),
      RUNS,
    );
  });

  it('that is compatible lets every record of the new schema pass the old one too', () => {
    fc.assert(
      fc.property(schemaPairs, (pair) => {
        const { class: verdict, refusedNew } = judge(pair);
        if (verdict === 'compatible' || verdict === 'identical') expect(refusedNew()).toEqual([]);
      }),
      RUNS,
    );
  });

  it('that is breaking has a record of the old schema that the new one refuses, unless it cannot be compared', () => {
    fc.assert(
      fc.property(schemaPairs, (pair) => {
        const { class: verdict, changes, old, refusedOld } = judge(pair);
        const comparable = changes.some((change) => change.class === 'breaking' && change.kind !== 'incomparable');
        // of a schema that takes nothing there is no record
        if (verdict === 'breaking' && comparable && old.length > 0) expect(refusedOld(), JSON.stringify(changes)).not.toEqual([]);
      }),
      // the samples are a list, and not every record that there is: the same pairs each time, lest one be missing
      { ...RUNS, seed: 20_260_101 },
    );
  });
});
