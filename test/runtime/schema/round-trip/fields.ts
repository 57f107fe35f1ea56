import fc from 'fast-check';
import { z } from 'zod';

/** A field of a table, and values of it as they are written: on the input side. `undefined` is a field that is left out. */
export interface Field {
  readonly schema: z.ZodType;
  readonly values: fc.Arbitrary<unknown>;
}

/** A table's schema and some rows of it. */
export interface SampledTable {
  readonly schema: z.ZodObject;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Any text but half of a surrogate pair, which is no UTF-8, and NUL, which SQL has no literal for. None begins with a byte order mark either: DuckDB keeps
 * it, and its client for Node leaves it out when it reads.
 */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map((some) => some.replaceAll('\0', '?').replace(/^\ufeff+/, '')),
  fc.constantFrom(
    '',
    "it's",
    '"',
    String.raw`back\slash\n`,
    '\n',
    '\r\n',
    '{{ a }}',
    'null',
    'true',
    '1e5',
    '日本',
    '🎵',
    '\u2028',
    'a\ufeff',
  ),
);
const field = (schema: z.ZodType, ...values: readonly unknown[]): Field => ({ schema, values: fc.constantFrom(...values) });

const instants = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const days = instants.map((instant) => instant.slice(0, 10));
const offsets = fc
  .tuple(
    fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
    fc.constantFrom('Z', '+05:30', '-11:00'),
  )
  .map(([date, zone]) => `${date.toISOString().slice(0, -1)}${zone}`);
const integers = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER));
const fractions = fc.double({ noNaN: true, noDefaultInfinity: true });
const uuids = fc.uuid({ version: 4 });

const texts: readonly Field[] = [
  { schema: z.string(), values: text },
  { schema: z.string().min(2).max(8), values: text.filter((some) => [...some].length >= 2 && [...some].length <= 8) },
  { schema: z.string().length(3), values: fc.string({ minLength: 3, maxLength: 3 }) },
  { schema: z.string().regex(/^a/).startsWith('a'), values: text.map((some) => `a${some.replaceAll('\n', ' ')}`) },
  { schema: z.uuid(), values: uuids },
  field(z.email(), 'a@b.example', 'first.last@example.org'),
  field(z.url(), 'https://example.org/?a=b#c', 'https://example.org'),
  field(z.ipv4(), '127.0.0.1', '255.255.255.255'),
  field(z.base64(), '', 'YQ==', 'YWJj'),
  field(z.iso.time(), '10:11:12', '23:59:59.999'),
  field(z.iso.duration(), 'P1D', 'PT1H30M'),
  { schema: z.templateLiteral(['A-', z.int()]), values: integers.map((number) => `A-${number}`) },
  { schema: z.string().pipe(z.string().max(100)), values: text },
];
const listed: readonly Field[] = [
  field(
    z.enum(["it's", String.raw`back\slash`, '"', '{{ 1 }}', "ref('a')", 'é', '🎵']),
    "it's",
    String.raw`back\slash`,
    '"',
    '{{ 1 }}',
    "ref('a')",
    'é',
    '🎵',
  ),
  field(z.enum(['', 'yes', 'no', '01', 'null', '~', '1:30']), '', 'yes', 'no', '01', 'null', '~', '1:30'),
  field(z.enum({ Up: 1, Down: 2 }), 1, 2),
  field(z.literal('a'), 'a'),
  field(z.literal([-1, 0, 7]), -1, 0, 7),
  field(z.literal([0.5, 1e21, 1e-7]), 0.5, 1e21, 1e-7),
  field(z.literal(true), true),
  field(z.literal([true, false]), true, false),
  field(z.literal(['a', null]), 'a', null),
  field(z.union([z.literal('a'), z.enum(['b', 'c'])]), 'a', 'b', 'c'),
];
const numbers: readonly Field[] = [
  { schema: z.int(), values: integers },
  { schema: z.number().int().min(-5).lt(5), values: fc.integer({ min: -5, max: 4 }) },
  { schema: z.int32(), values: fc.integer() },
  { schema: z.uint32().min(1), values: fc.integer({ min: 1, max: 2 ** 32 - 1 }) },
  { schema: z.int().gt(0).multipleOf(3), values: fc.integer({ min: 1, max: 1000 }).map((number) => number * 3) },
  { schema: z.number(), values: fractions },
  { schema: z.number().min(-1.5).max(1e21), values: fc.double({ min: -1.5, max: 1e21, noNaN: true }) },
  { schema: z.number().gt(0).lt(1), values: fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true }) },
  { schema: z.union([z.int(), z.number()]), values: fractions },
];
const others: readonly Field[] = [
  { schema: z.boolean(), values: fc.boolean() },
  { schema: z.iso.datetime(), values: instants },
  field(z.iso.datetime(), '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.1Z'),
  { schema: z.iso.datetime({ precision: 3 }), values: instants },
  { schema: z.iso.datetime({ offset: true }), values: offsets },
  { schema: z.iso.date(), values: days },
  { schema: z.codec(z.iso.datetime(), z.date(), { decode: (at) => new Date(at), encode: (at) => at.toISOString() }), values: instants },
  {
    schema: z.codec(z.string(), z.bigint(), { decode: (some) => BigInt(some), encode: (some) => String(some) }),
    values: fc.bigInt().map(String),
  },
];
const plain = fc.constantFrom(...texts, ...listed, ...numbers, ...others);

/** What JSON keeps as it is: objects inside are validated, and lose what their schema does not know. */
const nested: fc.Arbitrary<Field> = fc.letrec<{ json: Field; item: Field }>((tie) => ({
  item: fc.oneof({ maxDepth: 2 }, plain, tie('json')),
  json: fc.oneof(
    { maxDepth: 2 },
    fc
      .dictionary(fc.constantFrom('a', 'b', 'order', 'with space', "it's"), tie('item'), { maxKeys: 3, noNullPrototype: true })
      .map(objectOf),
    tie('item').map((item) => ({ schema: z.array(item.schema), values: fc.array(item.values, { maxLength: 3 }) })),
    tie('item').map((item) => ({
      schema: z.record(z.string(), item.schema),
      values: fc.dictionary(
        text.filter((name) => name !== '__proto__'),
        item.values,
        { maxKeys: 3, noNullPrototype: true },
      ),
    })),
    fc.tuple(tie('item'), tie('item')).map(([a, b]) => ({ schema: z.tuple([a.schema, b.schema]), values: fc.tuple(a.values, b.values) })),
    tie('item').map((item) => ({
      schema: z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), item: item.schema }), z.object({ kind: z.literal('b') })]),
      values: fc.oneof(fc.record({ kind: fc.constant('a'), item: item.values }), fc.constant({ kind: 'b' })),
    })),
    fc.tuple(plain, plain).map(([a, b]) => ({
      schema: z.intersection(z.object({ a: a.schema }), z.object({ b: b.schema })),
      values: fc.record({ a: a.values, b: b.values }),
    })),
    fc.constant({
      schema: z.record(z.string(), z.unknown()),
      values: fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue(), { noNullPrototype: true }),
    }),
    fc.constant({
      schema: z.union([z.object({ a: z.int() }), z.array(z.string())]),
      values: fc.oneof(fc.record({ a: integers }), fc.array(text)),
    }),
  ),
})).json;

function objectOf(fields: Readonly<Record<string, Field>>): Field {
  return {
    schema: z.object(Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema]))),
    values: fc.record(Object.fromEntries(Object.entries(fields).map(([name, { values }]) => [name, values])), { noNullPrototype: true }),
  };
}

/** What may be around a field: each changes what may be left out or null, and nothing else. */
const wrappers: readonly ((field: Field) => Field)[] = [
  (inner) => inner,
  ({ schema, values }) => ({ schema: schema.optional(), values: fc.option(values, { nil: undefined }) }),
  ({ schema, values }) => ({ schema: schema.nullable(), values: fc.option(values, { nil: null }) }),
  ({ schema, values }) => ({ schema: schema.nullish(), values: fc.oneof(values, fc.constant(null), fc.constant(undefined)) }),
  ({ schema, values }) => ({ schema: schema.readonly().describe('{{ a }} "b"\n'), values }),
  ({ schema, values }) => ({ schema: z.lazy(() => schema), values }),
  ({ schema, values }) => ({ schema: z.nonoptional(schema.optional()), values }),
];
const withDefault = fc
  .constantFrom(
    { schema: z.string().default("it's"), values: text },
    { schema: z.int().default(3), values: integers },
    { schema: z.boolean().prefault(true), values: fc.boolean() },
    { schema: z.enum(['a', 'b']).default('b'), values: fc.constantFrom('a', 'b') },
    { schema: z.array(z.int()).default([1]), values: fc.array(integers) },
  )
  .map(({ schema, values }): Field => ({ schema, values: fc.option<unknown, undefined>(values, { nil: undefined }) }));

export const anyField: fc.Arbitrary<Field> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: nested }), fc.constantFrom(...wrappers))
      .map(([inner, wrap]) => wrap(inner)),
  },
  { weight: 1, arbitrary: withDefault },
);

/** Names of columns, words of SQL among them. */
const NAMES = ['id', 'userId', 'order', 'select', 'Group', '_a', 'value', 'at', 'table', 'x1'] as const;

export const anyTable: fc.Arbitrary<SampledTable> = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), field: anyField }), {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 6,
  })
  .chain((columns) => {
    const row = fc.record(Object.fromEntries(columns.map(({ name, field: { values } }) => [name, values])), { noNullPrototype: true });
    const schema = z.object(Object.fromEntries(columns.map(({ name, field: one }) => [name, one.schema])));
    return fc.array(row, { maxLength: 5 }).map((rows) => ({ schema, rows: rows.map(withoutAbsent) }));
  });

const withoutAbsent = (row: Readonly<Record<string, unknown>>) => JSON.parse(JSON.stringify(row)) as Readonly<Record<string, unknown>>;

/** What no column holds, by what it is called in the message. */
export const UNMAPPABLE: readonly (readonly [name: string, schema: () => z.ZodType])[] = [
  ['z.bigint()', () => z.bigint()],
  ['z.date()', () => z.date()],
  ['z.symbol()', () => z.symbol()],
  ['z.map()', () => z.map(z.string(), z.int())],
  ['z.set()', () => z.set(z.string())],
  ['z.file()', () => z.file()],
  ['z.nan()', () => z.nan()],
  ['z.unknown()', () => z.unknown()],
  ['z.any()', () => z.any()],
  ['z.never()', () => z.never()],
  ['z.undefined()', () => z.undefined()],
  ['z.null()', () => z.null()],
  ['a custom type', () => z.custom<string>(() => true)],
  ['a one-way transform', () => z.string().transform((some) => some.length)],
  ['a union of', () => z.union([z.string(), z.int()])],
  ['a local time', () => z.iso.datetime({ local: true })],
];
