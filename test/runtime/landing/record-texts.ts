import fc from 'fast-check';
import { z } from 'zod';

/** A field's schema with texts of values for it, most of them valid. */
interface Field {
  readonly schema: z.ZodType;
  readonly text: fc.Arbitrary<string>;
}

const json = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<string> => arbitrary.map((value) => JSON.stringify(value));

/** Numbers as people and programs write them, also such as JSON.stringify would not. */
const numberText = fc.oneof(
  json(fc.integer()),
  json(fc.double({ noNaN: true, noDefaultInfinity: true })),
  json(fc.integer({ min: -9_000_000, max: 9_000_000 }).map((value) => value / 10_000)),
  fc.constantFrom(
    '-0',
    '0.0',
    '1.50',
    '5e2',
    '1E400',
    '9007199254740993',
    '12345678901234567890',
    '0.1234567890123456789',
    '1e-7',
    '-0.5',
    '100.',
  ),
);
const stringText = fc.oneof(
  json(fc.string({ unit: 'grapheme-ascii', maxLength: 8 })),
  json(fc.string({ unit: 'grapheme', maxLength: 4 })),
  fc.constantFrom(String.raw`"\u0041"`, String.raw`"\ud800"`, String.raw`"\ud83d\ude00"`, '"😀"', '"a\\"b"', '"a":1', '"\u2028"', '"SE"'),
);
const timeText = fc.constantFrom(
  '"2026-01-01T00:00:00Z"',
  '"2026-02-29T00:00:00Z"',
  '"2024-02-29T23:59:59.123Z"',
  '"2026-01-01"',
  '"2026-01-01T00:00:00+01:00"',
);
const uuidText = fc.oneof(
  json(fc.uuid()),
  fc.constantFrom('"00000000-0000-0000-0000-000000000000"', '"3658A7F1-881C-8576-A37E-9BA3F57BD31C"'),
);
const anyText = fc.oneof(json(fc.jsonValue({ maxDepth: 2 })), numberText, stringText, fc.constantFrom('null', 'true', 'false'));

const FIELDS: readonly Field[] = [
  { schema: z.string(), text: stringText },
  { schema: z.string().length(2), text: fc.oneof(fc.constantFrom('"SE"', '"é!"', '"😀"', '"😀a"'), stringText) },
  { schema: z.string().min(1).max(3), text: stringText },
  { schema: z.string().regex(/^[a-z]*$/), text: stringText },
  { schema: z.string().trim(), text: stringText },
  { schema: z.uuid(), text: uuidText },
  { schema: z.uuidv4(), text: uuidText },
  { schema: z.iso.datetime(), text: timeText },
  { schema: z.iso.datetime({ offset: true }), text: timeText },
  { schema: z.iso.date(), text: timeText },
  { schema: z.email(), text: fc.oneof(json(fc.emailAddress()), stringText) },
  {
    schema: z.enum(['play', 'a.b', 'say "hi"', 'x|y']),
    text: fc.constantFrom('"play"', '"a.b"', '"axb"', '"x|y"', '"x"', String.raw`"say \"hi\""`),
  },
  { schema: z.literal([1, 'one', true, null]), text: fc.constantFrom('1', '"one"', 'true', 'null', '1.0', '2') },
  { schema: z.number(), text: numberText },
  { schema: z.number().min(-90).max(90), text: numberText },
  { schema: z.number().gt(0).lt(1.5), text: numberText },
  { schema: z.number().multipleOf(5), text: numberText },
  { schema: z.int(), text: numberText },
  { schema: z.int().min(0), text: numberText },
  { schema: z.int32(), text: numberText },
  { schema: z.number().int().positive(), text: numberText },
  { schema: z.coerce.number(), text: fc.oneof(numberText, stringText) },
  { schema: z.boolean(), text: fc.constantFrom('true', 'false', 'null', '1') },
  { schema: z.string().nullable(), text: fc.oneof(stringText, fc.constant('null')) },
  { schema: z.number().max(5).nullable(), text: fc.oneof(numberText, fc.constant('null')) },
  { schema: z.int().optional(), text: numberText },
  { schema: z.string().nullish(), text: fc.oneof(stringText, fc.constant('null')) },
  { schema: z.int().default(7), text: numberText },
  { schema: z.string().catch('caught'), text: anyText },
  { schema: z.string().refine((text) => text.length % 2 === 0), text: stringText },
  { schema: z.union([z.int(), z.number()]), text: numberText },
  {
    schema: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }),
    text: timeText,
  },
  {
    schema: z.object({ a: z.string(), b: z.number().optional() }),
    text: fc.oneof(fc.constantFrom('{"a":"x"}', '{"a":"x","b":1.5}', '{"b":1,"a":"x"}', '{"a":"x","a":"y"}', '{"a":"x","c":1}'), anyText),
  },
  {
    schema: z.object({ a: z.string(), b: z.number().min(-5).optional(), c: z.object({ d: z.boolean() }).nullable().optional() }),
    text: fc.oneof(
      fc.tuple(stringText, numberText).map(([a, b]) => `{"a":${a},"b":${b}}`),
      stringText.map((a) => `{"a":${a},"c":{"d":true}}`),
      fc.constantFrom(
        '{"a":"x","b":1,}',
        '{"a":"x""b":1}',
        '{"a":"x","b":1,"c":null}',
        '{"a":"x","b":-6}',
        '{"a": "x"}',
        '{"a":"x","b":1.50}',
        '{"a":"x","b":-1,"b":2}',
        '{}',
      ),
    ),
  },
  { schema: z.object({ ['__proto__']: z.int(), a: z.int() }), text: fc.constantFrom('{"a":1}', '{"__proto__":1,"a":1}') },
  {
    schema: z.object({ a: z.int().default(1), b: z.string().trim().optional() }),
    text: fc.constantFrom('{}', '{"a":1}', '{"a":1,"b":" x "}', '{"a":2,"b":"x"}'),
  },
  {
    schema: z.array(z.object({ a: z.enum(['x', 'y']) })),
    text: fc.constantFrom('[]', '[{"a":"x"}]', '[{"a":"x"},{"a":"y"}]', '[{"a":"x"}{"a":"y"}]', '[{"a":"x"},]', '[{"a":"x","a":"y"}]'),
  },
  { schema: z.array(z.number().max(3)).max(2), text: json(fc.array(fc.integer({ max: 4 }), { maxLength: 3 })) },
  { schema: z.array(z.number()), text: fc.array(numberText, { maxLength: 3 }).map((all) => `[${all.join(',')}]`) },
  { schema: z.array(z.int()), text: fc.oneof(json(fc.array(fc.integer(), { maxLength: 3 })), anyText) },
  {
    schema: z.record(z.string(), z.unknown()),
    text: fc.oneof(json(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 })), anyText),
  },
];

/** A schema, and texts of records for it as producers may write them. */
export interface RecordTexts {
  readonly schema: z.ZodObject;
  readonly texts: readonly string[];
}

type Member = readonly [name: string, text: string];
const compact = (members: readonly Member[]): string => `{${members.map(([name, text]) => `"${name}":${text}`).join(',')}}`;

/** What a text may have that no other of its topic has. */
const oddly = (members: readonly Member[], odd: number, at: number): string => {
  const text = compact(members);
  const [first] = members;
  switch (odd) {
    case 0:
      return compact(members.toReversed());
    case 1:
      return text.replace(':', ' : ');
    case 10:
    case 11:
      return `{${members.map(([name, value]) => `"${name}": ${value}`).join(', ')}}`; // as Python writes it
    case 12:
      return compact(
        members.map(([name, value]) => [
          name,
          value.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
        ]),
      );
    case 2:
      return `${text}\n`;
    case 3:
      return first === undefined ? text : compact([...members, first]); // the same key a second time
    case 4:
      return compact([...members, ['later', '{"x":[1,"y"]}']]);
    case 5:
      return compact(members.slice(1));
    case 6:
      return text.slice(0, at % (text.length + 1)); // torn
    case 7:
      return text.slice(0, at % text.length) + text.slice((at % text.length) + 1); // a character lost
    case 8:
      return text.slice(0, at % text.length) + '"}{,:\\0-.\n\t\u0001'[at % 12]! + text.slice(at % text.length);
    case 9:
      return compact([...members, ['__proto__', '1']]);
    default:
      return text;
  }
};

/** As bytes cannot hold half of a surrogate pair. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

export const recordTexts: fc.Arbitrary<RecordTexts> = fc
  .record({ fields: fc.array(fc.constantFrom(...FIELDS), { minLength: 1, maxLength: 5 }), strict: fc.boolean(), refined: fc.boolean() })
  .chain(({ fields, strict, refined }) => {
    const shape = Object.fromEntries(fields.map(({ schema }, index) => [`f${index}`, schema]));
    const plain = strict ? z.strictObject(shape) : z.object(shape);
    const schema = refined ? plain.refine((row) => row['f0'] !== 'play') : plain;
    const members = fc.tuple(...fields.map(({ text }, index) => text.map((value): Member => [`f${index}`, value])));
    const text = fc
      .record({ members, odd: fc.integer({ min: 0, max: 30 }), at: fc.nat({ max: 400 }), missing: fc.nat({ max: 40 }) })
      .map(({ members: all, odd, at, missing }) => {
        const present = all.filter((_, index) => index !== missing);
        return wellFormed(oddly(present, odd, at));
      });
    return fc.array(text, { minLength: 1, maxLength: 12 }).map((texts) => ({ schema, texts }));
  });
