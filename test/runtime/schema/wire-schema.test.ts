import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { storedRow } from '../../../src/runtime/schema/stored-row.ts';
import { wireSchema } from '../../../src/runtime/schema/wire-schema.ts';

const instant = z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() });

describe('wireSchema', () => {
  it('is the schema itself where there is no codec', () => {
    const schema = z.object({ a: z.string().default('x'), b: z.array(z.int()).optional() });
    expect(wireSchema(schema)).toBe(schema);
  });

  it('keeps codecs on their input side, also deep inside, with defaults applied and encoded', () => {
    const schema = z.object({
      at: instant,
      seen: instant.default(() => new Date(0)),
      deep: z.object({ list: z.array(instant.nullable()), pair: z.tuple([instant]), by: z.record(z.string(), instant) }).optional(),
    });
    const at = '2026-01-01T00:00:00.000Z';
    const row = { at, deep: { list: [at, null], pair: [at], by: { x: at } } };
    expect(wireSchema(schema).parse(row)).toEqual({ ...row, seen: '1970-01-01T00:00:00.000Z' });
    expect(schema.parse(wireSchema(schema).parse({ at })).seen).toEqual(new Date(0));
  });

  it('still enforces what the schema refines, on both sides of a codec', () => {
    const schema = z.object({ from: instant, to: instant }).refine(({ from, to }) => from < to, 'ends before it starts');
    const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
    expect(wireSchema(schema).safeParse({ from: early, to: late }).success).toBe(true);
    expect(wireSchema(schema).safeParse({ from: late, to: early }).error?.issues[0]?.message).toBe('ends before it starts');
    expect(
      wireSchema(z.object({ at: instant.refine((date) => date.getTime() > 0, 'too early') })).safeParse({ at: '1960-01-01T00:00:00Z' })
        .success,
    ).toBe(false);
  });

  it('can be made strict', () => {
    expect(
      wireSchema(z.object({ at: instant }))
        .strict()
        .safeParse({ at: '2026-01-01T00:00:00Z', more: 1 }).success,
    ).toBe(false);
  });

  it('follows a schema that holds itself', () => {
    const Node: z.ZodType = z.lazy(() => z.object({ at: instant, next: Node.optional() }));
    const row = { node: { at: '2026-01-01T00:00:00Z', next: { at: '2026-01-02T00:00:00Z' } } };
    expect(wireSchema(z.object({ node: Node })).parse(row)).toEqual(row);
  });

  it('keeps the input of a one-way transform, which topics allow', () => {
    expect(wireSchema(z.object({ n: z.string().transform(Number) })).parse({ n: '5' })).toEqual({ n: '5' });
  });
});

describe('storedRow', () => {
  it('leaves out the nulls of columns that may be absent but not null', () => {
    const restore = storedRow(
      z.object({ a: z.string().optional(), b: z.string().nullish(), c: z.string().nullable(), d: instant.optional() }),
    );
    expect(restore({ a: null, b: null, c: null, d: null })).toEqual({ b: null, c: null });
    expect(restore({ a: 'x', b: 'y', c: 'z', d: 'w' })).toEqual({ a: 'x', b: 'y', c: 'z', d: 'w' });
  });
});
