import fc from 'fast-check';
import type { Packed } from '../../../../src/cli/airflow/native/msgpack.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 300, maxLength: 70_000, size: 'max' }));
const number = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -200, max: 300 }), fc.double({ noNaN: true }));

/** Values of JSON, some of them long: without what JSON has no text for. */
export const anyPacked: fc.Arbitrary<Packed> = fc.letrec<{ value: Packed }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    number,
    { weight: 2, arbitrary: text },
    fc.array(tie('value')),
    fc.array(fc.constant(7), { minLength: 15, maxLength: 70_000, size: 'max' }),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { noNullPrototype: true }),
  ),
})).value;
