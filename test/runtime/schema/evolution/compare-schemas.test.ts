import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { changeText } from '../../../../src/runtime/schema/evolution/change.ts';
import { compareSchemas, misfits } from '../../../../src/runtime/schema/evolution/compare-schemas.ts';
import type { JsonSchema } from '../../../../src/runtime/schema/evolution/json-schema.ts';
import { wireJsonSchema } from '../../../../src/runtime/schema/evolution/wire-json-schema.ts';
import { EXAMPLES } from './changes.ts';

const compare = (before: z.ZodType, after: z.ZodType) => compareSchemas(wireJsonSchema(before), wireJsonSchema(after));
const told = (before: z.ZodType, after: z.ZodType) =>
  compare(before, after).changes.map((change) => `${change.class} ${changeText(change)}`);
const of = (field: z.ZodType) => z.object({ field });
const text = z.string();

describe('a change of a schema', () => {
  for (const { change, class: verdict, before, after, told: expected } of EXAMPLES) {
    it(`is ${verdict}: ${change}`, () => {
      expect(told(before, after)).toEqual(expected);
      expect(compare(before, after).class).toBe(verdict);
      expect(compare(after, after)).toEqual({ class: 'identical', changes: [] });
    });
  }

  it('is in the table of the page, with its class, and the table has no other', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/streaming.md'), 'utf8');
    const [, table = ''] = /\| Change \| Class \|\n\| --- \| --- \|\n((?:\|.*\n)+)/.exec(page) ?? [];
    expect(table.trim().split('\n')).toEqual(EXAMPLES.map(({ change, class: verdict }) => `| ${change} | ${verdict} |`));
  });

  it('is said with the place where it is, however deep', () => {
    const schema = (os: z.ZodType) =>
      z.object({
        device: z.object({ os }),
        tags: z.array(z.object({ os })),
        pair: z.tuple([z.int(), os]),
        byName: z.record(z.string(), os),
        either: z.discriminatedUnion('type', [z.object({ type: z.literal('a'), os }), z.object({ type: z.literal('b') })]),
      });
    expect(told(schema(z.enum(['ios', 'web'])), schema(z.enum(['ios'])))).toEqual([
      'breaking byName.*: "web" is refused',
      'breaking device.os: "web" is refused',
      'breaking either(type = "a").os: "web" is refused',
      'breaking pair[1]: "web" is refused',
      'breaking tags[].os: "web" is refused',
    ]);
  });

  it('of a schema that holds itself is told once, and ends', () => {
    interface Node {
      value: number;
      next?: Node | undefined;
    }
    const node = (value: z.ZodType<number>) => {
      const schema: z.ZodType<Node> = z.object({ value, next: z.lazy(() => schema.optional()) }) as never;
      return schema;
    };
    expect(told(node(z.int()), node(z.number()))).toEqual(['widening value: may have a fraction']);
    expect(told(z.object({ tree: node(z.int()) }), z.object({ tree: node(z.int().min(0)) }))).toEqual([
      'breaking tree.value: must be at least 0',
    ]);
    expect(compare(z.object({ any: z.json() }), z.object({ any: z.json() })).class).toBe('identical');
  });

  it('sees alternatives that are divided otherwise', () => {
    const both = z.object({ type: z.enum(['b', 'c']), y: text });
    const [b, c] = [z.object({ type: z.literal('b'), y: text }), z.object({ type: z.literal('c'), y: text.nullable() })];
    const a = z.object({ type: z.literal('a') });
    expect(told(z.discriminatedUnion('type', [a, both]), z.discriminatedUnion('type', [a, b, c]))).toEqual([
      'widening (type = "c").y: may be null',
    ]);
  });

  it('sees that a few numbers are the values that are listed', () => {
    expect(compare(of(z.int().min(1).max(3)), of(z.literal([1, 2, 3, 4]))).class).toBe('widening');
    expect(told(of(z.int().min(1).max(3)), of(z.literal([1, 3])))).toEqual(['breaking field: 2 is refused']);
  });

  it('knows formats by their names and options, whatever pattern a version of zod writes for them', () => {
    const text = JSON.stringify(wireJsonSchema(of(z.email())));
    const before = JSON.parse(text.replace(/"pattern":"[^"]*"/, '"pattern":"^.+@.+$"')) as JsonSchema;
    expect(JSON.stringify(before)).not.toBe(text);
    expect(compareSchemas(before, wireJsonSchema(of(z.email())))).toEqual({ class: 'identical', changes: [] });
    expect(told(of(z.iso.datetime()), of(z.iso.datetime({ offset: true })))).toEqual([
      'widening field: need not be of the format datetime',
    ]);
    expect(told(of(z.iso.datetime()), of(z.iso.datetime({ precision: 3 })))).toEqual([
      'breaking field: must be of the format datetime (precision 3)',
    ]);
    expect(told(of(z.uuid()), of(z.uuidv7()))).toEqual(['breaking field: must be of the format uuid (version v7)']);
    expect(told(of(z.url()), of(z.url({ protocol: /^https$/ })))).toEqual([
      'breaking field: must be of the format url (protocol /^https$/)',
    ]);
  });

  it('does not take a pattern for the same with other flags', () => {
    expect(told(of(text.regex(/a/i)), of(text.regex(/a/)))).toEqual(['breaking field: must match /a/: cannot be compared with /a/i']);
  });

  it('that only code can judge is breaking where code is added', () => {
    const unsure = (after: z.ZodType) => told(of(text), of(after));
    expect(unsure(text.trim())).toEqual(['breaking field: has a check in code that it did not have: cannot be compared']);
    expect(unsure(text.pipe(text.min(5)))).toEqual(['breaking field: has a check in code that it did not have: cannot be compared']);
    expect(unsure(z.date())).toEqual(['breaking field: cannot be compared: a text with z.date()']);
    expect(told(of(z.coerce.number()), of(z.number()))).toEqual(['breaking field: is no longer read by coerce: cannot be compared']);
    expect(told(of(z.date()), of(z.date()))).toEqual([]);
    expect(
      told(
        of(text).refine(() => true),
        of(text).refine(() => true),
      ),
    ).toEqual([]);
  });

  it('in words that are not understood is breaking wherever they differ', () => {
    const schema = (condition: object): JsonSchema => ({ type: 'object', properties: { a: { type: 'object', ...condition } } });
    for (const condition of [
      { minProperties: 1 },
      { if: {}, else: {} },
      { not: { required: ['x'] } },
      { patternProperties: { '^x': { type: 'string' } } },
    ]) {
      expect(compareSchemas(schema({}), schema(condition)).class).toBe('breaking');
      expect(compareSchemas(schema(condition), schema({})).class).toBe('breaking');
      expect(compareSchemas(schema(condition), schema({ ...condition, title: 'x' })).class).toBe('compatible');
    }
    expect(compareSchemas({ type: 'string', pattern: '[' }, { const: 'a' }).class).toBe('breaking');
    expect(compareSchemas({ $ref: 'https://example.com/schema' }, { $ref: '#/$defs/nothing' }).class).toBe('breaking');
  });

  it('counts only what is declared: a field that was unknown may be declared', () => {
    expect(compare(of(text), z.object({ field: text, more: z.int().optional() })).class).toBe('compatible');
    expect(told(of(text).catchall(text), z.object({ field: text, more: z.int().optional() }))).toContain(
      'breaking more: takes a whole number, and not a text',
    );
    expect(told(z.object({ map: z.record(text, z.unknown()) }), z.object({ map: z.object({ a: text.optional() }) }))).toEqual([
      'breaking map.a: takes a text, and not anything',
    ]);
  });

  it('of a default that is made anew each time is none', () => {
    let count = 0;
    const schema = () => of(z.string().default(() => `${count++}`));
    expect(compare(schema(), schema())).toEqual({ class: 'identical', changes: [] });
    expect(JSON.stringify(wireJsonSchema(schema()))).not.toContain('"default"');
    expect(JSON.stringify(wireJsonSchema(of(z.string().default('x'))))).toContain('"default":"x"');
  });
});

describe('the JSON Schema of a topic', () => {
  it('is the input side, in draft 2020-12, with the alternatives of a discriminated union', () => {
    const iso = z.codec(z.iso.datetime(), z.date(), { decode: (value) => new Date(value), encode: (date) => date.toISOString() });
    const schema = z.discriminatedUnion('type', [
      z.object({ type: z.literal('a'), at: iso }),
      z.object({ type: z.literal('b'), n: z.int().default(1) }),
    ]);
    expect(wireJsonSchema(schema)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      oneOf: [
        { type: 'object', properties: { type: { const: 'a' }, at: { type: 'string', format: 'date-time' } }, required: ['type', 'at'] },
        { type: 'object', properties: { type: { const: 'b' }, n: { type: 'integer', default: 1 } }, required: ['type'] },
      ],
    });
  });
});

describe('records of one schema for a reader of another', () => {
  it('say what the reader would refuse, and nothing of what it does not know', () => {
    const topic = wireJsonSchema(z.object({ id: z.int(), device: z.enum(['mobile', 'tv']), more: text }));
    expect(misfits(topic, wireJsonSchema(z.object({ id: z.int(), device: text })))).toEqual([]);
    expect(misfits(topic, wireJsonSchema(z.object({ id: z.int().min(1), device: z.enum(['mobile']) }))).map(changeText)).toEqual([
      'id: must be at least 1',
      'device: "tv" is refused',
    ]);
  });
});
