import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isSpindleError } from '../../../src/runtime/errors.ts';
import { columnProblems } from '../../../src/runtime/schema/column-problems.ts';
import type { ColumnType } from '../../../src/runtime/schema/column.ts';
import { columnsOf } from '../../../src/runtime/schema/columns-of.ts';

const place = { asset: 'bronze/plays' };
const isoDate = z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() });

/** The one column of a schema with the field `x`, without its name. */
function column(field: z.ZodType) {
  const [found] = columnsOf(z.object({ x: field }), place);
  const { name: _, ...shape } = found!;
  return shape;
}

describe('columnsOf', () => {
  it.each<[string, z.ZodType, ColumnType]>([
    ['text', z.string(), 'string'],
    ['a uuid', z.uuid(), 'string'],
    ['a time of day', z.iso.time(), 'string'],
    ['a template', z.templateLiteral(['a', z.number()]), 'string'],
    ['an integer', z.int(), 'integer'],
    ['an integer by a check', z.number().int(), 'integer'],
    ['32 bits', z.int32(), 'integer'],
    ['a fraction', z.number(), 'number'],
    ['float32', z.float32(), 'number'],
    ['a boolean', z.boolean(), 'boolean'],
    ['an instant', z.iso.datetime(), 'timestamp'],
    ['an instant by the older method', z.string().datetime(), 'timestamp'],
    ['a date', z.iso.date(), 'date'],
    ['an object', z.object({ a: z.string() }), 'json'],
    ['an array', z.array(z.int()), 'json'],
    ['a record of free JSON', z.record(z.string(), z.unknown()), 'json'],
    ['a tuple', z.tuple([z.string()], z.int()), 'json'],
    ['an intersection of objects', z.intersection(z.object({ a: z.int() }), z.object({ b: z.int() })), 'json'],
    [
      'a union of objects',
      z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b'), n: z.int() })]),
      'json',
    ],
    ['a codec, by its input side', isoDate, 'timestamp'],
    ['a pipe of plain schemas', z.string().pipe(z.email()), 'string'],
    ['text that is trimmed', z.string().trim(), 'string'],
    ['a lazy schema', z.lazy(() => z.int()), 'integer'],
    ['a union of integer and fraction', z.union([z.int(), z.number()]), 'number'],
  ])('maps %s', (_name, field, type) => {
    expect(column(field)).toMatchObject({ type, nullable: false });
  });

  it('takes the allowed values of enums, literals and unions of literals', () => {
    expect(column(z.enum(['b', 'a']))).toEqual({ type: 'string', nullable: false, values: ['b', 'a'] });
    expect(column(z.literal([1, 2]))).toEqual({ type: 'integer', nullable: false, values: [1, 2] });
    expect(column(z.union([z.literal('x'), z.enum(['y', 'x'])]))).toEqual({ type: 'string', nullable: false, values: ['x', 'y'] });
    expect(column(z.enum({ Up: 1, Down: 2 }))).toEqual({ type: 'integer', nullable: false, values: [1, 2] });
    expect(column(z.literal(['a', null]))).toEqual({ type: 'string', nullable: true, values: ['a'] });
    expect(column(z.union([z.literal('a'), z.string()]))).toEqual({ type: 'string', nullable: false });
  });

  it('is nullable where the value may be null or absent at rest, and not where a default fills it', () => {
    expect(column(z.string().optional()).nullable).toBe(true);
    expect(column(z.string().nullable()).nullable).toBe(true);
    expect(column(z.string().nullish().brand('b').readonly()).nullable).toBe(true);
    expect(column(z.string().default('a')).nullable).toBe(false);
    expect(column(z.string().optional().default('a')).nullable).toBe(false);
    expect(column(z.string().nullable().default(null)).nullable).toBe(true);
    expect(column(z.string().prefault('a')).nullable).toBe(false);
    expect(column(z.nonoptional(z.string().optional())).nullable).toBe(false);
    expect(column(z.union([z.string(), z.null()])).nullable).toBe(true);
  });

  it('takes the outermost description and the bounds of numbers', () => {
    expect(column(z.string().describe('inner').optional())).toMatchObject({ description: 'inner' });
    expect(column(z.string().describe('inner').optional().describe('outer'))).toMatchObject({ description: 'outer' });
    expect(column(z.string().meta({ description: 'meta' }))).toMatchObject({ description: 'meta' });
    expect(column(z.int().min(1).min(3).lt(9))).toMatchObject({ minimum: 3, maximum: 8 });
    expect(column(z.number().gt(0).max(1))).toEqual({ type: 'number', nullable: false, maximum: 1 });
  });

  it('remembers that the text of an instant may carry an offset', () => {
    expect(column(z.iso.datetime({ offset: true }))).toEqual({ type: 'timestamp', nullable: false, offset: true });
  });

  it.each<[string, z.ZodType, RegExp]>([
    ['bigint', z.bigint(), /z\.bigint\(\) has no column type: write z\.int\(\)/],
    ['date', z.date(), /write z\.iso\.datetime\(\)/],
    ['a coerced date', z.coerce.date(), /z\.date\(\)/],
    ['map', z.map(z.string(), z.int()), /z\.record\(\)/],
    ['set', z.set(z.int()), /z\.array\(\)/],
    ['symbol', z.symbol(), /z\.string\(\)/],
    ['custom', z.custom<string>(), /a custom type has no column type/],
    ['instanceof', z.instanceof(URL), /a custom type/],
    ['unknown', z.unknown(), /free JSON/],
    ['any', z.any(), /free JSON/],
    ['null', z.null(), /\.nullable\(\)/],
    ['a one-way transform', z.string().transform((text) => text.length), /one-way transform.*z\.codec/],
    ['a transform followed by a schema', z.string().transform(Number).pipe(z.number()), /one-way transform/],
    ['preprocess', z.preprocess(String, z.string()), /one-way transform/],
    ['a union of types', z.union([z.string(), z.int()]), /a union of string and integer/],
    ['a bigint literal', z.literal(5n), /z\.bigint\(\)/],
    ['literals of several types', z.literal(['a', 1]), /a union of string and integer/],
    ['a local time', z.iso.datetime({ local: true }), /names no instant/],
    ['seconds only', z.iso.datetime({ precision: 0 }), /read back with milliseconds/],
    ['a date deep inside', z.object({ a: z.array(z.object({ when: z.date() })) }), /at a\[\]\.when, z\.date\(\)/],
    ['a transform deep inside', z.record(z.string(), z.string().transform(Number)), /at \*, a one-way transform/],
  ])('refuses %s and says what to write', (_name, field, message) => {
    expect(() => columnsOf(z.object({ x: field }), place)).toThrow(message);
  });

  it('accepts a schema that holds itself', () => {
    const Node: z.ZodType = z.lazy(() => z.object({ children: z.array(Node) }));
    expect(column(Node).type).toBe('json');
  });

  it('reports all problems of a schema at once, naming asset and column', () => {
    const schema = z.object({ a: z.bigint(), 'b c': z.string(), ok: z.string(), OK: z.string(), ['n'.repeat(256)]: z.string() });
    try {
      columnsOf(schema, place);
      expect.unreachable();
    } catch (error) {
      if (!isSpindleError(error)) throw error;
      expect(error.code).toBe('SCHEMA_UNMAPPABLE');
      expect(error.place).toEqual({ asset: 'bronze/plays', field: 'a' });
      expect(error.issues).toHaveLength(4);
      expect(error.issues).toEqual(columnProblems(schema, 'bronze/plays'));
      expect(error.issues[1]).toBe(
        'bronze/plays: column "b c": the name is no plain identifier: use letters, digits and _, and no digit first',
      );
      expect(error.issues[2]).toContain('differs from "ok" only in case');
      expect(error.message).toContain('4 problems');
    }
  });

  it('gives each field of a random mappable schema one column, in order, as nullable as the schema takes null or nothing', () => {
    const field = fc
      .record({
        base: fc.constantFrom<() => z.ZodType>(
          () => z.string(),
          () => z.int(),
          () => z.number(),
          () => z.boolean(),
          () => z.iso.datetime(),
          () => z.iso.date(),
          () => z.object({}),
          () => isoDate,
        ),
        wrappers: fc.array(fc.constantFrom('optional', 'nullable', 'readonly', 'describe', 'brand'), { maxLength: 4 }),
      })
      .map(({ base, wrappers }) =>
        wrappers.reduce<z.ZodType>(
          (schema, wrapper) =>
            wrapper === 'describe' ? schema.describe('d') : wrapper === 'brand' ? schema.brand('b') : schema[wrapper as 'optional'](),
          base(),
        ),
      );
    const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
    fc.assert(
      fc.property(fc.dictionary(name, field, { noNullPrototype: true }), (shape) => {
        const columns = columnsOf(z.object(shape), place);
        expect(columns.map((found) => found.name)).toEqual(Object.keys(shape));
        for (const found of columns) {
          const schema = shape[found.name]!;
          expect(found.nullable).toBe(schema.safeParse(null).success || schema.safeParse(undefined).success);
        }
      }),
    );
  });
});
