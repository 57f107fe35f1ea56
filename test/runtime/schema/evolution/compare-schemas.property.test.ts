import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../../../../src/runtime/schema/evolution/compare-schemas.ts';
import { wireJsonSchema } from '../../../../src/runtime/schema/evolution/wire-json-schema.ts';
import { samples, schemaPairs, toZod, type Spec } from './schema-pairs.ts';

const RUNS = { numRuns: 500 };

const compare = (before: Spec, after: Spec) => compareSchemas(wireJsonSchema(toZod(before)), wireJsonSchema(toZod(after)));
/** Records of one schema that another refuses. */
const refused = (of: Spec, by: Spec) => samples(of).filter((record) => !toZod(by).safeParse(record).success);

describe('a change of a schema', { timeout: 120_000 }, () => {
  it('is drawn of every class', () => {
    const classes = fc.sample(schemaPairs, { numRuns: 300, seed: 1 }).map(([before, after]) => compare(before, after).class);
    expect([...new Set(classes)].toSorted()).toEqual(['breaking', 'compatible', 'identical', 'widening']);
  });

  it('that is not breaking lets every record of the old schema pass the new one', () => {
    fc.assert(
      fc.property(schemaPairs, ([before, after]) => {
        if (compare(before, after).class !== 'breaking') expect(refused(before, after)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('that is compatible lets every record of the new schema pass the old one too', () => {
    fc.assert(
      fc.property(schemaPairs, ([before, after]) => {
        if (['compatible', 'identical'].includes(compare(before, after).class)) expect(refused(after, before)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('that is breaking has a record of the old schema that the new one refuses, unless it cannot be compared', () => {
    fc.assert(
      fc.property(schemaPairs, ([before, after]) => {
        const { class: verdict, changes } = compare(before, after);
        const comparable = changes.some((change) => change.class === 'breaking' && change.kind !== 'incomparable');
        // of a schema that takes nothing there is no record
        if (verdict === 'breaking' && comparable && samples(before).length > 0)
          expect(refused(before, after), JSON.stringify(changes)).not.toEqual([]);
      }),
      RUNS,
    );
  });
});
