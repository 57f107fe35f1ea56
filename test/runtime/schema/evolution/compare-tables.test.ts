import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { columnsOf } from '../../../../src/runtime/schema/columns-of.ts';
import { changeText, worstOf } from '../../../../src/runtime/schema/evolution/change.ts';
import { compareTables, tableShape } from '../../../../src/runtime/schema/evolution/compare-tables.ts';
import { schemaDifference } from '../../../../src/runtime/schema/schema-difference.ts';
import { sqlType } from '../../../../src/runtime/schema/sql-type.ts';

const shapeOf = (shape: z.ZodRawShape) => tableShape(z.object(shape), columnsOf(z.object(shape), { asset: 't' }));
const changes = (before: z.ZodRawShape, after: z.ZodRawShape) =>
  compareTables(shapeOf(before), shapeOf(after)).map((change) => `${change.class}: ${changeText(change)}`);

const id = z.int();

describe('a change of a table', () => {
  it.each<[string, z.ZodRawShape, z.ZodRawShape, string[]]>([
    ['a new column that may be null', { id }, { id, a: z.string().optional() }, ['compatible: a: is new, and may be null']],
    [
      'a new column that must not be null',
      { id },
      { id, a: z.string() },
      ['breaking: a: is new, and must not be null: rows that are there have no value'],
    ],
    [
      'a new column with a default, which is in every row',
      { id },
      { id, a: z.string().default('x') },
      ['breaking: a: is new, and must not be null: rows that are there have no value'],
    ],
    ['a column that goes', { id, a: z.string().optional() }, { id }, ['breaking: a: is no longer declared']],
    [
      'a column that may have another name',
      { id, a: z.string() },
      { id, b: z.string().optional() },
      ['breaking: a: is no longer declared: is it "b" now?', 'compatible: b: is new, and may be null'],
    ],
    [
      'a column that may have either of two names',
      { id, a: z.string() },
      { id, b: z.string().optional(), c: z.string().optional() },
      ['breaking: a: is no longer declared', 'compatible: b: is new, and may be null', 'compatible: c: is new, and may be null'],
    ],
    ['a column that differs by case', { id, a: z.string() }, { id, A: z.string() }, []],
    ['whole numbers that become fractions', { a: id }, { a: z.number() }, ['widening: a: may have a fraction']],
    ['fractions that become whole numbers', { a: z.number() }, { a: id }, ['breaking: a: is of the type integer, and was number']],
    ['a date that becomes any text', { a: z.iso.date() }, { a: z.string() }, ['breaking: a: is of the type string, and was date']],
    ['a column that may be null now', { a: z.string() }, { a: z.string().optional() }, ['widening: a: may be null']],
    ['a column that may be null, said in another way', { a: z.string().nullable() }, { a: z.string().optional() }, []],
    ['a column that must not be null now', { a: z.string().nullable() }, { a: z.string() }, ['breaking: a: must not be null']],
    ['fewer values', { a: z.enum(['x', 'y']) }, { a: z.enum(['x']) }, ['breaking: a: "y" is refused']],
    ['more values', { a: z.enum(['x']) }, { a: z.enum(['x', 'y']) }, ['widening: a: "y" is allowed']],
    ['a narrower range', { a: z.int().min(0) }, { a: z.int().min(1) }, ['breaking: a: must be at least 1']],
    [
      'what is in an object',
      { a: z.object({ x: id }).optional() },
      { a: z.object({ x: z.string() }).optional() },
      ['breaking: a.x: takes a text, and not a whole number'],
    ],
    ['a description', { id }, { id: id.describe('Its id') }, ['compatible: id: is described otherwise']],
    ['nothing', { id, a: z.string() }, { a: z.string(), id }, []],
  ])('is classified: %s', (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  const column = fc.constantFrom<z.ZodType>(
    id,
    z.number(),
    z.string(),
    z.boolean(),
    z.iso.date(),
    z.iso.datetime(),
    z.object({ x: id }),
    z.enum(['x', 'y']),
    z.enum(['x']),
    z.int().min(3),
  );
  const shape = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.tuple(column, fc.constantFrom('must', 'optional', 'nullable', 'default')).map(([type, how]) => {
      if (how === 'optional') return type.optional();
      return how === 'nullable' ? type.nullable() : type;
    }),
    { minKeys: 1 },
  );

  it('is breaking wherever a warehouse would have to make the table anew, but for whole numbers that become fractions', () => {
    fc.assert(
      fc.property(shape, shape, (before, after) => {
        const [old, now] = [shapeOf(before), shapeOf(after)];
        const actual = old.columns.map(({ name, type, nullable }) => ({ name, type: sqlType({ type }, 'duckdb'), nullable }));
        const { rebuild } = schemaDifference(actual, columnsOf(z.object(after), { asset: 't' }), 'duckdb');
        const needed = rebuild.filter((reason) => !reason.includes('is BIGINT and is declared DOUBLE'));
        const found = compareTables(old, now);
        if (needed.length > 0) expect(worstOf(found)).toBe('breaking');
        expect(compareTables(now, now)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
