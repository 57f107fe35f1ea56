import fc from 'fast-check';
import { without } from './spec-samples.ts';
import { NAMES, TEXTS, type ObjectSpec, type Spec } from './spec.ts';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const kept = (object: object): Spec => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Spec;

const plain: fc.Arbitrary<Spec> = fc.oneof(
  fc
    .record({ type: fc.constant('text' as const), least: maybe(fc.constantFrom(1, 2, 4)), most: maybe(fc.constantFrom(4, 5, 8)) })
    .map(kept),
  fc.record({ type: fc.constant('text' as const), like: fc.constantFrom(...(Object.keys(TEXTS) as (keyof typeof TEXTS)[])) }).map(kept),
  fc
    .record({
      type: fc.constant('number' as const),
      integer: fc.boolean(),
      least: maybe(fc.constantFrom(-3, 0, 2, 2.5)),
      most: maybe(fc.constantFrom(4, 5.5, 12)),
      multiple: maybe(fc.constantFrom(1, 2, 3)),
    })
    .map(kept),
  fc.constantFrom<Spec>({ type: 'boolean' }, { type: 'unknown' }),
  fc.subarray(['a', 'b', 'c', 'abc'], { minLength: 1 }).map((values): Spec => ({ type: 'enum', values })),
  fc.constantFrom('a', 'b', 3, 4, true).map((value): Spec => ({ type: 'literal', value })),
);

/** Of a union: beside anything, zod takes also an item of a tuple that is not there. */
const option = plain.filter(({ type }) => type !== 'unknown');

const object = (inner: fc.Arbitrary<Spec>): fc.Arbitrary<ObjectSpec> =>
  fc.record({
    type: fc.constant('object' as const),
    fields: fc.dictionary(
      fc.constantFrom(...NAMES),
      fc.record({ spec: inner, presence: fc.constantFrom('required', 'optional', 'default') }),
      { maxKeys: 3, noNullPrototype: true },
    ),
    others: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('strip' as const, 'strict' as const, 'loose' as const) },
      { weight: 1, arbitrary: plain },
    ),
  });

const specs = fc.letrec<{ spec: Spec; object: ObjectSpec }>((tie) => ({
  object: object(tie('spec')),
  spec: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'spec' },
    plain,
    tie('spec').map((inner): Spec => ({ type: 'nullable', inner })),
    fc
      .record({
        type: fc.constant('list' as const),
        item: tie('spec'),
        least: maybe(fc.constantFrom(1, 2)),
        most: maybe(fc.constantFrom(2, 3)),
      })
      .map(kept),
    fc
      .record({
        type: fc.constant('tuple' as const),
        items: fc.array(tie('spec'), { minLength: 1, maxLength: 2 }),
        rest: maybe(tie('spec')),
      })
      .map((spec): Spec => spec),
    fc
      .record({ type: fc.constant('record' as const), value: tie('spec'), names: maybe(fc.subarray([...NAMES], { minLength: 1 })) })
      .map((spec): Spec => spec),
    fc.array(option, { minLength: 2, maxLength: 3 }).map((options): Spec => ({ type: 'union', options })),
    fc
      .record({
        by: fc.constantFrom('t', 't', 'k'),
        options: fc.uniqueArray(fc.tuple(fc.constantFrom('x', 'y', 'w'), tie('object')), {
          minLength: 1,
          maxLength: 3,
          selector: ([value]) => value,
        }),
      })
      .map(({ by, options }): Spec => ({
        type: 'alternatives',
        by,
        options: options.filter(([, { others }]) => typeof others === 'string'),
      }))
      .filter((spec) => spec.type !== 'alternatives' || spec.options.length > 0),
    tie('object'),
  ),
})).spec;

/** The same schema with one or a few parts of it replaced: what a change of a schema looks like. */
function changed(spec: Spec): fc.Arbitrary<Spec> {
  const rest = parts(spec);
  const replaced = specs;
  const toggled = fc.constant<Spec>(spec.type === 'nullable' ? spec.inner : { type: 'nullable', inner: spec });
  const tweaked = tweaks(spec);
  const here = [fc.constant(spec), ...(tweaked === undefined ? [] : [tweaked, tweaked]), toggled, replaced];
  if (rest.length === 0) return fc.oneof(...here);
  const inside = fc.nat(rest.length - 1).chain((index) => {
    const [part, put] = rest[index]!;
    return changed(part).map(put);
  });
  return fc.oneof({ weight: 6, arbitrary: inside }, ...here.map((arbitrary) => ({ weight: 1, arbitrary })));
}

/** Another schema of the same type. */
function tweaks(spec: Spec): fc.Arbitrary<Spec> | undefined {
  switch (spec.type) {
    case 'text':
    case 'number':
    case 'enum':
      return plain.filter(({ type }) => type === spec.type);
    case 'list':
      return fc.constantFrom({ ...spec, least: 1 }, { ...spec, most: 3 }, { type: 'list' as const, item: spec.item });
    case 'object':
      return fc.oneof(
        fc
          .tuple(fc.constantFrom(...NAMES), specs, fc.constantFrom('required' as const, 'optional' as const, 'default' as const))
          .map(([name, inner, presence]): Spec => ({ ...spec, fields: { ...spec.fields, [name]: { spec: inner, presence } } })),
        fc.constantFrom(...NAMES).map((name): Spec => ({ ...spec, fields: without(spec.fields, name) as ObjectSpec['fields'] })),
        fc.constantFrom('strip' as const, 'strict' as const, 'loose' as const).map((others): Spec => ({ ...spec, others })),
      );
    case 'alternatives':
      return fc.constantFrom<Spec>(
        { ...spec, options: [...spec.options, ['v', { type: 'object', fields: {}, others: 'strip' }]] },
        { ...spec, options: spec.options.slice(0, Math.max(1, spec.options.length - 1)) },
        { ...spec, by: spec.by === 't' ? 'k' : 't' },
      );
    case 'union':
      return option.map((more): Spec => ({ ...spec, options: [...spec.options, more] }));
    default:
      return undefined;
  }
}

type Part = readonly [Spec, (part: Spec) => Spec];

function parts(spec: Spec): readonly Part[] {
  switch (spec.type) {
    case 'nullable':
      return [[spec.inner, (inner) => ({ ...spec, inner })]];
    case 'list':
      return [[spec.item, (item) => ({ ...spec, item })]];
    case 'tuple':
      return spec.items.map((item, index): Part => [item, (part) => ({ ...spec, items: spec.items.with(index, part) })]);
    case 'record':
      return [[spec.value, (value) => ({ ...spec, value })]];
    case 'union':
      return spec.options.map((option, index): Part => [
        option,
        (part) => (isPlain(part) && part.type !== 'unknown' ? { ...spec, options: spec.options.with(index, part) } : spec),
      ]);
    case 'alternatives':
      return spec.options.map(([value, option], index): Part => [
        option,
        (part) =>
          part.type === 'object' && typeof part.others === 'string' ? { ...spec, options: spec.options.with(index, [value, part]) } : spec,
      ]);
    case 'object':
      return Object.entries(spec.fields).map(([name, field]): Part => [
        field.spec,
        (part) => ({ ...spec, fields: { ...spec.fields, [name]: { ...field, spec: part } } }),
      ]);
    default:
      return [];
  }
}

const isPlain = ({ type }: Spec): boolean => !['nullable', 'list', 'tuple', 'record', 'union', 'alternatives', 'object'].includes(type);

const record = (spec: Spec): Spec =>
  spec.type === 'object' || spec.type === 'alternatives'
    ? spec
    : { type: 'object', fields: { a: { spec, presence: 'required' } }, others: 'strip' };

/** A schema of records, and what became of it: mostly the same with a change, sometimes another one. */
export const schemaPairs: fc.Arbitrary<readonly [Spec, Spec]> = specs.chain((spec) =>
  fc
    .oneof({ weight: 8, arbitrary: changed(record(spec)) }, { weight: 1, arbitrary: specs })
    .map((after) => [record(spec), record(after)] as const),
);
