import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { keepNested } from '../../../src/runtime/schema/keep-nested.ts';
import { schemaPairs } from './evolution/schema-pairs.ts';
import { createSampler } from './evolution/spec-samples.ts';

const text = z.string();
const parsed = (schema: z.ZodObject, value: unknown) => keepNested(schema).safeParse(value);

describe('keeping nested fields that a schema does not know', { timeout: 60_000 }, () => {
  it('leaves them where they are, wherever objects are', () => {
    const device = z.object({ os: text });
    const schema = z.object({
      device: device.optional(),
      list: z.array(device),
      pair: z.tuple([z.int(), device]),
      map: z.record(text, device.nullable()),
      event: z.discriminatedUnion('type', [z.object({ type: z.literal('a'), device }), z.object({ type: z.literal('b') })]),
      lazy: z.lazy(() => device).default({ os: 'none' }),
    });
    const more = { os: 'ios', later: { x: [1] } };
    const value = {
      device: more,
      list: [more],
      pair: [1, more],
      map: { a: more, b: null },
      event: { type: 'a', device: more, at: 1 },
      lazy: more,
    };
    expect(parsed(schema, value).data).toEqual(value);
    expect(parsed(schema, { ...value, unknown: 1 }).data).toEqual(value);
  });

  it('keeps strict objects strict, catchalls what they are, and refinements', () => {
    const schema = z.object({
      strict: z.strictObject({ a: text }),
      numbers: z.object({ a: text }).catchall(z.int()),
      range: z.object({ from: z.int(), to: z.int() }).refine(({ from, to }) => from <= to),
    });
    const value = { strict: { a: 'x' }, numbers: { a: 'x', b: 1 }, range: { from: 1, to: 2, unit: 'ms' } };
    expect(parsed(schema, value).data).toEqual(value);
    expect(parsed(schema, { ...value, strict: { a: 'x', b: 1 } }).success).toBe(false);
    expect(parsed(schema, { ...value, numbers: { a: 'x', b: 'y' } }).success).toBe(false);
    expect(parsed(schema, { ...value, range: { from: 3, to: 2 } }).success).toBe(false);
  });

  it('fills defaults inside, each time anew where they are made so', () => {
    let count = 0;
    const schema = z.object({ device: z.object({ os: text.default('none'), id: z.int().default(() => count++) }) });
    const kept = keepNested(schema);
    expect([kept.parse({ device: { more: 1 } }), kept.parse({ device: {} })]).toEqual([
      { device: { os: 'none', id: 0, more: 1 } },
      { device: { os: 'none', id: 1 } },
    ]);
  });

  it('works for schemas that hold themselves', () => {
    interface Node {
      name: string;
      children?: Node[] | undefined;
    }
    const node: z.ZodType<Node> = z.object({ name: text, children: z.lazy(() => z.array(node).optional()) });
    const value = { tree: { name: 'a', x: 1, children: [{ name: 'b', y: 2 }] } };
    expect(parsed(z.object({ tree: node }), value).data).toEqual(value);
    expect(parsed(z.object({ tree: node }), { tree: { name: 'a', children: [{ name: 1 }] } }).success).toBe(false);
  });

  it('gives a schema without objects inside back as it is', () => {
    const schema = z.object({ a: text, b: z.array(z.int()).optional() });
    expect(keepNested(schema)).toBe(schema);
  });

  it('takes the values that the schema takes, and no others', () => {
    fc.assert(
      fc.property(schemaPairs, ([one, other]) => {
        const { schema, samples } = createSampler();
        const plain = z.object({ inside: schema(one) });
        const kept = keepNested(plain);
        for (const inside of [...samples(one), ...samples(other)])
          expect(kept.safeParse({ inside }).success).toBe(plain.safeParse({ inside }).success);
      }),
      { numRuns: 60 },
    );
  });
});
