import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recordLayouts } from '../../../src/runtime/store/record-layouts.ts';

const Play = z.object({ id: z.string(), count: z.int().min(0).nullable(), note: z.string().optional() });

function learned(schema: z.ZodObject, ...texts: readonly string[]) {
  const layouts = recordLayouts(schema);
  for (const text of texts) layouts.learn(text, JSON.parse(text) as Record<string, unknown>);
  return layouts;
}

describe('the layouts of a topic', () => {
  it('know nothing at first', () => {
    expect(learned(Play).fit('{"id":"a","count":1}')).toBe('unknown');
  });

  it('tell a valid record of a layout that they learned, in whatever order its keys are', () => {
    const layouts = learned(Play, '{"count":1,"id":"a"}', '{"id":"a","count":1}');
    for (const text of ['{"count":2,"id":"b"}', '{"id":"b","count":2}', '{"id":"","count":null}']) expect(layouts.fit(text)).toBe('valid');
  });

  it('leave to the schema what they cannot tell', () => {
    const layouts = learned(
      Play.refine(() => true),
      '{"id":"a","count":1}',
    );
    expect(layouts.fit('{"id":"b","count":2}')).toBe('plain');
    expect(learned(Play, '{"id":"a","count":1}').fit('{"id":"a","count":1000000000000000}')).toBe('unknown');
    expect(learned(z.object({ n: z.number().lt(5) }), '{"n":1}').fit('{"n":5}')).toBe('plain');
  });

  it.each([
    ['white space of people', '{"id":  "a","count":1}'],
    ['a tab', '{"id":\t"a","count":1}'],
    ['half of a surrogate pair', '{"id":"\\ud800","count":1}'],
    ['an escape that is none', '{"id":"\\x41","count":1}'],
    ['a key twice', '{"id":"a","id":"b","count":1}'],
    ['another key', '{"id":"a","count":1,"later":1}'],
    ['a key missing', '{"id":"a"}'],
    ['something behind it', '{"id":"a","count":1} '],
    ['a line behind it', '{"id":"a","count":1}\n'],
    ['a line break in a text', '{"id":"a\n","count":1}'],
    ['a number as nobody writes it', '{"id":"a","count":01}'],
    ['minus zero', '{"id":"a","count":-0}'],
  ])('know nothing of a text with %s', (_, text) => {
    expect(learned(Play, '{"id":"a","count":1}').fit(text)).toBe('unknown');
  });

  it('know the spaces and escapes that programs write', () => {
    const layouts = learned(Play, '{"id": "a", "count": 1}');
    for (const text of ['{"id":"b","count":2}', '{"id": "S\\u00e3o \\"Paulo\\"", "count": null}']) expect(layouts.fit(text)).toBe('valid');
  });

  it('know objects and lists as validation writes them', () => {
    const Place = z.object({ city: z.string(), open: z.boolean(), at: z.number().min(-90).optional() });
    const text = (place: string, tags: string) => `{"id":"a","count":1,"place":${place},"tags":${tags}}`;
    const layouts = learned(Play.extend({ place: Place, tags: z.array(z.number()) }), text('{"city":"Oslo","open":true}', '[]'));
    expect(layouts.fit(text('{"city":"Oslo","open":true,"at":59.9}', '[1,2.5]'))).toBe('valid');
    expect(layouts.fit(text('{"city":"Oslo","open":true,"at":-91}', '[]'))).toBe('plain');
    const others = ['{"open":true,"city":"Oslo"}', '{"city":"Oslo"}', '{"city": "Oslo","open":true}', '{"city":"\\u004f","open":true}'];
    const more = ['{"city":"Oslo","open":true,"at":59.90}', '{"city":"Oslo","open":true,"on":1}', '{"city":"Oslo","open":true,}'];
    for (const place of [...others, ...more]) expect(layouts.fit(text(place, '[]'))).toBe('unknown');
    for (const tags of ['[1.50]', '[1, 2]', '[1,]', '["a"]'])
      expect(layouts.fit(text('{"city":"Oslo","open":true}', tags))).toBe('unknown');
  });

  it('know nothing of a whole number with a fraction of zero, which no reader need take for one', () => {
    for (const schema of [z.int(), z.int32(), z.int().multipleOf(5)])
      expect(learned(z.object({ n: schema }), '{"n":5}').fit('{"n":5.0}')).toBe('unknown');
  });

  it('learn no layout with a field of free JSON', () => {
    const layouts = learned(Play.extend({ tags: z.array(z.unknown()) }), '{"id":"a","count":1,"tags":[]}');
    expect(layouts.fit('{"id":"a","count":1,"tags":[]}')).toBe('unknown');
  });

  it('are at most sixteen', () => {
    const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
    const schema = z.object(Object.fromEntries(names.map((name) => [name, z.int().optional()])));
    const texts = names.map((name) => `{"${name}":1}`);
    const layouts = learned(schema, ...texts);
    expect(texts.filter((text) => layouts.fit(text) === 'valid')).toHaveLength(16);
  });

  it('try ever less often to learn from texts that have no layout', () => {
    const layouts = recordLayouts(Play);
    const indented = '{ "id": "a" }';
    for (let attempt = 0; attempt < 100; attempt++) layouts.learn(indented, JSON.parse(indented) as Record<string, unknown>);
    const plain = '{"id":"a","count":1}';
    let waited = 0;
    for (; layouts.fit(plain) === 'unknown'; waited++) layouts.learn(plain, JSON.parse(plain) as Record<string, unknown>);
    expect(waited).toBeGreaterThan(10);
    expect(waited).toBeLessThan(200);
  });

  it('leave longer texts than an expression should meet to the parser', () => {
    const layouts = learned(Play, '{"id":"a","count":1}');
    const text = (length: number) => `{"id":"${'x'.repeat(length)}","count":1}`;
    expect(layouts.fit(text(60_000))).toBe('valid');
    expect(layouts.fit(text(10_000_000))).toBe('unknown');
  });
});
