import fc from 'fast-check';
import { z } from 'zod';

/** A zod schema as data: what a pair of schemas is made from, and what its records are sampled by. */
export type Spec =
  | { readonly type: 'text'; readonly least?: number; readonly most?: number; readonly like?: keyof typeof TEXTS }
  | { readonly type: 'number'; readonly integer: boolean; readonly least?: number; readonly most?: number; readonly multiple?: number }
  | { readonly type: 'boolean' | 'null' | 'unknown' }
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | { readonly type: 'literal'; readonly value: string | number | boolean }
  | { readonly type: 'nullable'; readonly inner: Spec }
  | { readonly type: 'list'; readonly item: Spec; readonly least?: number; readonly most?: number }
  | { readonly type: 'tuple'; readonly items: readonly Spec[]; readonly rest: Spec | undefined }
  | { readonly type: 'record'; readonly value: Spec; readonly names: readonly string[] | undefined }
  | { readonly type: 'union'; readonly options: readonly Spec[] }
  | { readonly type: 'alternatives'; readonly by: string; readonly options: readonly (readonly [string, ObjectSpec])[] }
  | ObjectSpec;

export interface ObjectSpec {
  readonly type: 'object';
  readonly fields: Readonly<Record<string, { readonly spec: Spec; readonly presence: 'required' | 'optional' | 'default' }>>;
  readonly others: 'strip' | 'strict' | 'loose' | Spec;
}

const UUID = '9b2b4c1e-6f0a-4d1e-8a55-2d1c6f0e7b11';
const TEXTS = {
  uuid: () => z.uuid(),
  uuid4: () => z.uuidv4(),
  guid: () => z.guid(),
  email: () => z.email(),
  instant: () => z.iso.datetime(),
  offset: () => z.iso.datetime({ offset: true }),
  local: () => z.iso.datetime({ local: true }),
  milliseconds: () => z.iso.datetime({ precision: 3 }),
  minutes: () => z.iso.datetime({ precision: -1 }),
  date: () => z.iso.date(),
  time: () => z.iso.time(),
  starts: () => z.string().startsWith('a'),
  pattern: () => z.string().regex(/b/),
  flagged: () => z.string().regex(/b/i),
} as const;

/** Values that lie at every edge of the schemas that are made here. */
const STRINGS = [
  ...['', 'a', 'b', 'B', 'c', 'aa', 'ab', 'abc', 'aaaa', 'abcde', ...[1, 4, 5, 6, 8, 9].map((length) => 'x'.repeat(length))],
  ...[
    UUID,
    UUID.replace('-4', '-7'),
    'ffffffff-ffff-ffff-ffff-fffffffffff0',
    'a@b.example',
    'a@x.xyz',
    'x@x.xyz',
    ...['4', '7', '1'].map((version) => `00000000-0000-${version}000-8000-000000000000`),
    '00000000-0000-0000-0000-000000000001',
    '2026-01-02',
    '10:11',
    '10:11:12',
    '10:11:12.123',
  ],
  ...['2026-01-02T03:04:05Z', '2026-01-02T03:04Z', '2026-01-02T03:04:05.123Z', '2026-01-02T03:04:05.1Z', '2026-01-02T03:04:05+02:00'],
  ...['2026-01-02T03:04:05.123+02:00', '2026-01-02T03:04:05', '2026-01-02T03:04'],
];
const NUMBERS = [...Array.from({ length: 25 }, (_, index) => (index - 12) / 2), 12, 13, 20, 30, 1e6, -1e6, 2 ** 53, -(2 ** 53), 1e300, 0.3];
export const NAMES = ['a', 'b', 'c', 'd'] as const;
const UNKNOWN = 'zz';

/** Each schema is made once, and so are its samples: parts of specs are shared. */
const made = new WeakMap<Spec, z.ZodType>();
const sampled = new WeakMap<Spec, readonly unknown[]>();

export function toZod(spec: Spec): z.ZodType {
  const known = made.get(spec) ?? make(spec);
  made.set(spec, known);
  return known;
}

function make(spec: Spec): z.ZodType {
  switch (spec.type) {
    case 'text': {
      let text = (spec.like === undefined ? z.string() : TEXTS[spec.like]()) as z.ZodString;
      if (spec.least !== undefined) text = text.min(spec.least);
      return spec.most === undefined ? text : text.max(spec.most);
    }
    case 'number': {
      let number: z.ZodNumber = spec.integer ? z.int() : z.number();
      if (spec.least !== undefined) number = number.min(spec.least);
      if (spec.most !== undefined) number = number.lt(spec.most);
      return spec.multiple === undefined ? number : number.multipleOf(spec.multiple);
    }
    case 'boolean':
      return z.boolean();
    case 'null':
      return z.null();
    case 'unknown':
      return z.unknown();
    case 'enum':
      return z.enum(spec.values as [string]);
    case 'literal':
      return z.literal(spec.value);
    case 'nullable':
      return toZod(spec.inner).nullable();
    case 'list': {
      let list = z.array(toZod(spec.item));
      if (spec.least !== undefined) list = list.min(spec.least);
      return spec.most === undefined ? list : list.max(spec.most);
    }
    case 'tuple':
      return spec.rest === undefined
        ? z.tuple(spec.items.map(toZod) as [z.ZodType])
        : z.tuple(spec.items.map(toZod) as [z.ZodType], toZod(spec.rest));
    case 'record':
      return spec.names === undefined
        ? z.record(z.string(), toZod(spec.value))
        : z.partialRecord(z.enum(spec.names as [string]), toZod(spec.value));
    case 'union':
      return z.union(spec.options.map(toZod));
    case 'alternatives':
      return z.discriminatedUnion(
        spec.by,
        spec.options.map(([value, option]) => (toZod(option) as z.ZodObject).extend({ [spec.by]: z.literal(value) })) as unknown as [
          z.ZodObject,
        ],
      );
    case 'object': {
      const shape = Object.entries(spec.fields).map(([name, { spec: inner, presence }]) => {
        const field = toZod(inner);
        // whether the default itself fits is not asked on the wire
        return [name, presence === 'required' ? field : presence === 'optional' ? field.optional() : field.default(null)] as const;
      });
      const object = z.object(Object.fromEntries(shape));
      if (spec.others === 'strip') return object;
      if (spec.others === 'strict') return object.strict();
      return spec.others === 'loose' ? object.loose() : object.catchall(toZod(spec.others));
    }
  }
}

/** Values that are valid: each edge of each part once, the other parts at their simplest. */
export function samples(spec: Spec): readonly unknown[] {
  const known = sampled.get(spec) ?? candidates(spec).filter((value) => toZod(spec).safeParse(value).success);
  sampled.set(spec, known);
  return known;
}

const ANYTHING = [null, true, 0, 1.5, 'a', [], [0], {}, { a: 1 }];

function candidates(spec: Spec): readonly unknown[] {
  switch (spec.type) {
    case 'text':
      return STRINGS;
    case 'number':
      return NUMBERS;
    case 'boolean':
      return [true, false];
    case 'null':
      return [null];
    case 'unknown':
      return ANYTHING;
    case 'enum':
      return spec.values;
    case 'literal':
      return [spec.value];
    case 'nullable':
      return [...samples(spec.inner), null];
    case 'list': {
      const items = samples(spec.item);
      const [first] = items;
      const lengths = Array.from({ length: 8 }, (_, length) => Array.from({ length }, () => first));
      return [
        ...lengths.filter((list) => list.length === 0 || items.length > 0),
        ...items.flatMap((item) => [1, 2, 3, 4].map((length) => Array.from({ length }, () => item))),
      ];
    }
    case 'tuple': {
      const rest = spec.rest === undefined ? [] : samples(spec.rest);
      const bases = [0, 1, 2, 3, 4].map((more) => [
        ...spec.items.map((item) => samples(item)[0]),
        ...Array.from({ length: more }, () => rest[0]),
      ]);
      const parts = [...spec.items.map(samples), rest, rest];
      return bases.flatMap((base) => [base, ...base.flatMap((_, index) => (parts[index] ?? []).map((value) => base.with(index, value)))]);
    }
    case 'record': {
      const names = spec.names ?? [...NAMES, UNKNOWN];
      return [{}, ...samples(spec.value).flatMap((value) => names.map((name) => ({ [name]: value })))];
    }
    case 'union':
      return spec.options.flatMap(samples);
    case 'alternatives':
      return spec.options.flatMap(([value, option]) => objectCandidates(option).map((object) => ({ ...object, [spec.by]: value })));
    case 'object':
      return objectCandidates(spec);
  }
}

function objectCandidates({ fields, others }: ObjectSpec): readonly Readonly<Record<string, unknown>>[] {
  const parts = Object.entries(fields).map(([name, { spec, presence }]) => ({ name, presence, values: samples(spec) }));
  const full = Object.fromEntries(parts.filter(({ values }) => values.length > 0).map(({ name, values }) => [name, values[0]]));
  const least = Object.fromEntries(Object.entries(full).filter(([name]) => fields[name]?.presence === 'required'));
  const unknown = others === 'strict' ? [] : typeof others === 'string' ? ANYTHING : samples(others);
  // of a catchall (of anything is a loose object), fields that are not declared are promised too, whatever their names
  const names =
    typeof others === 'string' || others.type === 'unknown' ? [UNKNOWN] : [UNKNOWN, ...NAMES.filter((name) => !(name in fields))];
  return [
    full,
    least,
    ...parts.flatMap(({ name, values }) => values.map((value) => ({ ...full, [name]: value }))),
    ...parts.flatMap(({ name, presence }) => (presence === 'required' ? [] : [without(full, name)])),
    ...unknown.flatMap((value) =>
      names.flatMap((name) => [
        { ...full, [name]: value },
        { ...least, [name]: value },
      ]),
    ),
  ];
}

const without = (object: Readonly<Record<string, unknown>>, name: string) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

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
    fc.array(plain, { minLength: 2, maxLength: 3 }).map((options): Spec => ({ type: 'union', options })),
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
      return plain.map((option): Spec => ({ ...spec, options: [...spec.options, option] }));
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
        (part) => (isPlain(part) ? { ...spec, options: spec.options.with(index, part) } : spec),
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
