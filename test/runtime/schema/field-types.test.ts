import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fieldTypes } from '../../../src/runtime/schema/field-types.ts';

const text = (field: z.ZodType): string | undefined => fieldTypes(z.object({ field }))?.['field'];
const values = (...more: readonly string[]) => z.enum(['a', 'b', 'c', 'd', 'e', 'f', ...more]);

describe('a field in words', () => {
  it.each<[schema: z.ZodType, words: string]>([
    [z.string(), 'string'],
    [z.string().describe('A name').nullish(), 'string or null'],
    [z.int().positive().lt(10), 'integer from 1 to 9'],
    [z.number().min(0.5).default(1), 'number from 0.5'],
    [z.iso.date(), 'date'],
    [z.iso.datetime(), 'timestamp'],
    [z.boolean(), 'boolean'],
    [z.literal('a'), '"a"'],
    [z.enum(['b', 'a']).optional(), '"b" | "a" or null'],
    [z.literal([1, 2]), '1 | 2'],
  ])('says all of it without a digest: %#', (schema, words) => {
    expect(text(schema)).toBe(words);
  });

  it.each<[what: string, before: z.ZodType, after: z.ZodType, words: RegExp]>([
    ['the inside of JSON', z.object({ a: z.string() }), z.object({ a: z.int() }), /^json \(#[0-9a-f]{6}\)$/],
    ['the items of a list', z.array(z.string()), z.array(z.int()), /^json \(#[0-9a-f]{6}\)$/],
    ['one of many values', values('g', 'h'), values('g', 'i'), /^one of 8 values \(#[0-9a-f]{6}\)$/],
    ['a format', z.uuid(), z.email(), /^string \(#[0-9a-f]{6}\)$/],
    ['a pattern', z.string().regex(/a/), z.string().regex(/b/), /^string \(#[0-9a-f]{6}\)$/],
    ['a length', z.string().min(1), z.string().min(2), /^string \(#[0-9a-f]{6}\)$/],
    ['an open bound of fractions', z.number().gt(0), z.number().gt(1), /^number \(#[0-9a-f]{6}\)$/],
    ['the width of an integer', z.int32(), z.uint32(), /^integer \(#[0-9a-f]{6}\)$/],
    [
      'an offset',
      z.iso.datetime({ offset: true }),
      z.iso.datetime({ offset: true, local: false, precision: 3 }),
      /^timestamp \(#[0-9a-f]{6}\)$/,
    ],
  ])('tells %s apart', (_what, before, after, words) => {
    expect(text(before)).toMatch(words);
    expect(text(after)).toMatch(words);
    expect(text(after)).not.toBe(text(before));
    expect(text(before.nullable())).toBe(`${text(before)} or null`);
  });

  it('does not change with what describes it, nor with the order of its fields', () => {
    const plain = z.object({ a: z.string(), title: z.int() });
    expect(text(z.object({ title: z.int().describe('How it is called'), a: z.string() }).describe('One'))).toBe(text(plain));
    expect(text(z.object({ a: z.string() }))).not.toBe(text(plain));
  });
});
