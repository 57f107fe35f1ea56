import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { textPattern } from '../../../src/runtime/schema/text-pattern.ts';

const COMPLETE: Readonly<Record<string, z.ZodType>> = {
  'z.string()': z.string(),
  'a string of a length': z.string().length(3),
  'a string of some length': z.string().min(1).max(5),
  'z.uuid()': z.uuid(),
  'z.uuidv7()': z.uuidv7(),
  'z.guid()': z.guid(),
  'z.ulid()': z.ulid(),
  'z.nanoid()': z.nanoid(),
  'z.cuid2()': z.cuid2(),
  'z.xid()': z.xid(),
  'z.ksuid()': z.ksuid(),
  'z.iso.datetime()': z.iso.datetime(),
  'z.iso.datetime() with an offset': z.iso.datetime({ offset: true, precision: 3 }),
  'z.iso.date()': z.iso.date(),
  'z.iso.time()': z.iso.time(),
  'z.enum()': z.enum(['play', 'a.b', '(x|y)', '$^']),
  'z.literal()': z.literal([1, 'one', null, 2.5]),
  'z.number()': z.number(),
  'z.number() within bounds': z.number().min(-1.5).lt(1000),
  'z.number() beyond a bound': z.number().gt(0),
  'z.int() below a bound': z.int().lt(10),
  'z.int()': z.int(),
  'z.boolean()': z.boolean(),
  'z.null()': z.null(),
  'z.int().nullable()': z.int().min(5).nullable(),
  'z.string().optional()': z.string().optional(),
  'z.int().default()': z.int().default(3),
};

const Comment = z.object({
  text: z.string(),
  get answers() {
    return z.array(Comment).optional();
  },
});

describe('a pattern that is complete', () => {
  it.each(Object.entries(COMPLETE))('of %s matches only texts that are valid, stay as they are, and read the same', (_, schema) => {
    const pattern = textPattern(schema);
    expect(pattern?.complete).toBe(true);
    const whole = new RegExp(`^(?:${pattern!.source})$`);
    fc.assert(
      fc.property(fc.stringMatching(whole), (text) => {
        const value: unknown = JSON.parse(text);
        if (typeof value === 'number' && !pattern!.within.every((holds) => holds(value))) {
          expect(schema.safeParse(value).success).toBe(false);
          return;
        }
        expect(schema.safeParse(value)).toEqual({ success: true, data: value });
        expect(JSON.parse(JSON.stringify(value))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it.each(Object.entries(COMPLETE))('of %s matches inside of JSON only what JSON.stringify writes', (_, schema) => {
    const whole = new RegExp(`^(?:${textPattern(schema, 'json')!.source})$`);
    fc.assert(
      fc.property(fc.stringMatching(whole), (text) => {
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('matches what JSON.stringify writes of an ordinary value', () => {
    const texts: readonly (readonly [z.ZodType, unknown])[] = [
      [z.uuid(), '3658a7f1-881c-8576-a37e-9ba3f57bd31c'],
      [z.iso.datetime(), '2026-01-01T00:00:00.000Z'],
      [z.number(), -23.5208],
      [z.number(), 0.1 + 0.2],
      [z.int(), 1_767_225_600_000],
      [z.string(), 'São Paulo 😀'],
      [z.string().length(2), 'SE'],
      [z.enum(['a.b']), 'a.b'],
      [z.literal([2.5, 'b']), 2.5],
    ];
    for (const [schema, value] of texts) expect(JSON.stringify(value)).toMatch(new RegExp(`^${textPattern(schema)!.source}$`));
  });
});

describe('a pattern', () => {
  it.each<readonly [string, z.ZodType]>([
    ['refined', z.string().refine((text) => text !== 'x')],
    ['matched against an expression of its own', z.string().regex(/^a|b$/)],
    ['trimmed', z.string().trim()],
    ['of a format with checks of its own', z.url()],
    ['a format and a length', z.uuid().max(36)],
    ['of a format of its own by a known name', z.stringFormat('uuid', /^.*$/)],
    ['coerced', z.coerce.number()],
    ['a multiple', z.number().multipleOf(5)],
    ['of 32 bits', z.int32()],
    ['a union', z.union([z.string(), z.number()])],
    [
      'refined behind a wrapper',
      z
        .string()
        .optional()
        .refine(() => true),
    ],
    [
      'refined inside a wrapper',
      z
        .string()
        .refine(() => true)
        .nullable(),
    ],
    ['of a bound that is no number', z.number().check(z.lt(3n as unknown as number))],
  ])('leaves to the schema what is %s', (_, schema) => {
    expect(textPattern(schema)).toMatchObject({ complete: false });
  });

  it.each<readonly [string, z.ZodType]>([
    ['objects of which the schema must see a field', z.object({ a: z.string().trim() })],
    ['objects of which the schema must see the whole', z.object({ a: z.string() }).refine(() => true)],
    ['objects with a key of another kind', z.object({ 1: z.string() })],
    ['objects with a key that validation leaves out', z.object({ ['__proto__']: z.string() })],
    ['lists of numbers within bounds', z.array(z.number().min(0))],
    ['lists of a length', z.array(z.string()).max(3).nullable()],
    ['objects that hold their like', Comment],
    ['tuples', z.tuple([z.string()])],
    ['maps', z.record(z.string(), z.int())],
    ['free JSON', z.unknown()],
  ])('is none for %s', (_, schema) => {
    expect(textPattern(schema)).toBeUndefined();
  });

  it('takes no null for a number that JSON cannot write', () => {
    expect('null').not.toMatch(new RegExp(`^${textPattern(z.literal(Number.NaN))!.source}$`));
  });

  it('matches nothing where no value can be told without an escape', () => {
    const { source } = textPattern(z.literal('"'))!;
    for (const text of ['', '""', '"""', String.raw`"\""`]) expect(text).not.toMatch(new RegExp(`^${source}$`));
  });
});
