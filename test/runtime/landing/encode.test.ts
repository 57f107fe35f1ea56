import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readJson } from '../../../src/drivers/warehouse/duckdb/read-json.ts';
import { recordEncoder } from '../../../src/runtime/landing/encode.ts';
import { landed } from '../../../src/runtime/landing/landed.ts';
import type { BrokerRecord } from '../../../src/runtime/resource/broker.ts';
import { columnsOf } from '../../../src/runtime/schema/columns-of.ts';
import { keepNested } from '../../../src/runtime/schema/keep-nested.ts';
import { wireSchema } from '../../../src/runtime/schema/wire-schema.ts';
import { recordTexts } from './record-texts.ts';

const TIME = Date.parse('2026-01-01T00:00:00.007Z');
const Play = z.object({ id: z.string(), count: z.int().min(0).default(0), at: z.iso.datetime().optional() });

const record = (value: string | Uint8Array | null, more: Partial<BrokerRecord> = {}): BrokerRecord => ({
  partition: 3,
  offset: 41,
  key: null,
  headers: {},
  timestamp: TIME,
  value: typeof value === 'string' ? Buffer.from(value) : value,
  ...more,
});

const place = { _topic: 'plays', _partition: 3, _offset: 41, _recorded_at: '2026-01-01T00:00:00.007Z' };

interface Rejected {
  readonly reasons: readonly string[];
  readonly raw: string | null;
  readonly raw_base64?: string;
  readonly recorded_at: string;
}

function encodeOnce(value: string | Uint8Array | null, more: Partial<BrokerRecord> = {}, schema: z.ZodObject = Play) {
  const { rejected, line } = recordEncoder('plays', schema)(record(value, more));
  const parsed = JSON.parse(line) as { readonly _rejected?: Rejected };
  expect(rejected).toBe('_rejected' in parsed);
  return { line, row: rejected ? undefined : parsed, flagged: parsed._rejected };
}

describe('a record that fits', () => {
  it('carries its place, its time and its fields', () => {
    expect(encodeOnce('{"id":"a","count":2}').row).toEqual({ ...place, id: 'a', count: 2 });
  });

  it('gets the defaults of the schema, however many like it came before', () => {
    const encode = recordEncoder('plays', Play);
    for (const id of ['a', 'b', 'c']) expect(JSON.parse(encode(record(`{"id":"${id}"}`)).line)).toEqual({ ...place, id, count: 0 });
  });

  it('may hold a text that looks like half of a surrogate pair', () => {
    expect(encodeOnce(String.raw`{"id":"C:\\ud800"}`).row).toMatchObject({ id: String.raw`C:\ud800` });
  });

  it('keeps the fields that the schema does not know', () => {
    const { row } = encodeOnce('{"id":"a","count":1,"later":{"x":[1]},"__proto__":2}');
    expect(row).toEqual({ ...place, id: 'a', count: 1, _extra: JSON.parse('{"later":{"x":[1]},"__proto__":2}') });
  });

  it('keeps such fields of objects inside where they are', () => {
    const Nested = z.object({ device: z.object({ os: z.string() }), tags: z.array(z.object({ tag: z.string() })) });
    const text = '{"device":{"os":"ios","build":7},"tags":[{"tag":"a","by":"b"}]}';
    expect(encodeOnce(text, {}, Nested).row).toEqual({ ...place, ...(JSON.parse(text) as object) });
    expect(encodeOnce(text.replace('}]}', '}],"more":1}'), {}, Nested).row).toEqual({
      ...place,
      ...(JSON.parse(text) as object),
      _extra: { more: 1 },
    });
  });

  it('keeps them apart from the columns, also where the schema lets them pass', () => {
    const { line, row } = encodeOnce('{"id":"a","count":1,"_offset":7}', {}, Play.loose());
    expect(row).toEqual({ ...place, id: 'a', count: 1, _extra: { _offset: 7 } });
    expect(line.match(/"_offset"/g)).toHaveLength(2);
  });

  it('is one line whatever its white space', () => {
    expect(encodeOnce('{\n  "id": "a",\r\n\t"count": 1\n}\n').line).not.toMatch(/[\n\r]/);
  });

  it('takes the last of two equal keys, as JSON.parse does, and writes it once', () => {
    const encode = recordEncoder('plays', Play);
    encode(record('{"id":"a","count":1}'));
    const { line } = encode(record('{"id":"a","id":"b","count":1}'));
    expect(line.match(/"id"/g)).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ id: 'b' });
  });

  it('has its bytes in the line as they came, once a record like it was seen', () => {
    const encode = recordEncoder('plays', Play);
    encode(record('{"count":1,"id":"first"}'));
    expect(encode(record('{"count":2,"id":"São Paulo 😀"}')).line).toContain(',"count":2,"id":"São Paulo 😀"}');
  });

  it('may hold the character that stands for what is no text', () => {
    expect(encodeOnce('{"id":"\ufffd"}').row).toMatchObject({ id: '\ufffd' });
  });

  it('may be a view of a larger buffer', () => {
    const bytes = new TextEncoder().encode('xx{"id":"a","count":1}yy');
    expect(encodeOnce(bytes.subarray(2, -2)).row).toMatchObject({ id: 'a' });
  });

  it('may have been produced before 1970', () => {
    expect(encodeOnce('{"id":"a"}', { timestamp: -1 }).row).toMatchObject({ _recorded_at: '1969-12-31T23:59:59.999Z' });
  });
});

describe('a record that does not fit', () => {
  it.each<readonly [what: string, value: string | Uint8Array | null, reason: RegExp]>([
    ['has no value', null, /^the record has no value$/],
    ['is no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), /^not UTF-8 text$/],
    ['is empty', '', /^not JSON: /],
    ['is torn', '{"id":', /^not JSON: /],
    ['is no object', '[]', /expected object/],
    ['lacks a field', '{"count":1}', /^id: /],
    ['has a field of another type', '{"id":1}', /^id: .*expected string/],
    ['has a number beyond the bounds', '{"id":"a","count":-1}', /^count: .*>=0/],
    ['has a number beyond what a double holds', '{"id":"a","count":1e400}', /^count: /],
    ['has half of a surrogate pair in a field', '{"id":"\\ud800"}', /^a text holds half of a surrogate pair$/],
    [
      'has half of a surrogate pair in a field that the schema does not know',
      '{"id":"a","later":["\\udfff"]}',
      /^a text holds half of a surrogate pair$/,
    ],
    ['is nested too deeply', `{"id":"a","later":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /^nested too deeply$/],
  ])('is set aside where it %s', (_, value, reason) => {
    const { flagged } = encodeOnce(value);
    expect(flagged?.reasons[0]).toMatch(reason);
    expect(flagged?.raw).toBe(value === null ? null : Buffer.from(value).toString());
  });

  it('is set aside all the same after records of its layout that did fit', () => {
    const encode = recordEncoder('plays', Play);
    for (const count of [1, 2]) encode(record(`{"id":"a","count":${count}}`));
    const { rejected, line } = encode(record('{"id":"a","count":-1}'));
    expect(rejected).toBe(true);
    expect(line).toContain('count: ');
  });

  it('has all its reasons', () => {
    expect(encodeOnce('{"id":1,"count":"x"}').flagged?.reasons).toHaveLength(2);
  });

  it('keeps what is no text byte by byte', () => {
    expect(encodeOnce(Uint8Array.of(0xff, 0xfe)).flagged).toMatchObject({ raw_base64: '//4=' });
  });

  it('is set aside with what its validation threw', () => {
    const broken = z.object({ id: z.string().refine((id) => id.at(9)!.length > 0) });
    expect(encodeOnce('{"id":"a"}', {}, broken).flagged?.reasons).toEqual([expect.stringMatching(/^its validation failed: TypeError: /)]);
  });

  it('quotes no half of a surrogate pair in its reasons', () => {
    for (const value of ['{"id":😀}', '{"id":"a","\\ud800":1}'])
      expect(encodeOnce(value, {}, z.strictObject(Play.shape)).line).not.toMatch(/(?<!\\)\\ud/);
  });

  it.each([
    [9e15, '9999-12-31T23:59:59.999Z'],
    [Date.parse('+010000-01-01T00:00:00Z'), '9999-12-31T23:59:59.999Z'],
    [-9e15, '0001-01-01T00:00:00.000Z'],
  ])('is set aside where its time, %d, is none that warehouses know', (timestamp, recordedAt) => {
    expect(encodeOnce('{"id":"a"}', { timestamp }).flagged).toMatchObject({
      recorded_at: recordedAt,
      reasons: [`its timestamp, ${timestamp}, is no time of the years 1 to 9999`],
    });
  });
});

/** What a record becomes by parsing, validating and writing it. */
function expected(schema: z.ZodObject, text: string): Record<string, unknown> | undefined {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const result = keepNested(wireSchema(schema)).safeParse(json);
  if (!result.success) return undefined;
  const unknown = Object.keys(json).filter((name) => !Object.hasOwn(schema.shape, name));
  const extra = unknown.length === 0 ? {} : { _extra: Object.fromEntries(unknown.map((name) => [name, json[name]])) };
  const row = JSON.stringify({ ...result.data, ...extra });
  return /\\ud[89a-f]/.test(row.replaceAll(String.raw`\\`, '')) ? undefined : { ...place, ...(JSON.parse(row) as object) };
}

/** How many keys a text has, at all depths, and however often each. */
const keysIn = (line: string): number =>
  [...line.matchAll(/"(?:[^"\\]|\\.)*"(?<colon>\s*:)?/g)].filter(({ groups }) => groups?.['colon']).length;

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce<number>((sum, one) => sum + keysOf(one), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}

describe('the encoder', () => {
  it('makes of any text what parsing, validating and writing it would', () => {
    const fitting = { lines: 0, asTheyCame: 0 };
    fc.assert(
      fc.property(recordTexts, ({ schema, texts }) => {
        const encode = recordEncoder('plays', schema);
        for (const text of texts) {
          const { rejected, line } = encode(record(text));
          const row = expected(schema, text);
          expect(rejected).toBe(row === undefined);
          if (row === undefined) continue;
          const parsed = JSON.parse(line) as object;
          expect(parsed).toEqual(row);
          expect(keysIn(line)).toBe(keysOf(parsed)); // none twice
          expect(line).not.toMatch(/[\n\r]/);
          // a column of JSON keeps the text
          for (const value of Object.values(parsed))
            if (typeof value === 'object' && value !== null) expect(line).toContain(JSON.stringify(value));
          fitting.lines++;
          if (line.endsWith(text.slice(1))) fitting.asTheyCame++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(fitting.lines).toBeGreaterThan(1500);
    expect(fitting.asTheyCame).toBeGreaterThan(300);
  });

  it('makes rows that a warehouse reads the same as those of records that were written anew', async () => {
    const Row = z.object({
      text: z.string(),
      day: z.iso.date().optional(),
      at: z.iso.datetime({ offset: true }),
      whole: z.int().nullable(),
      fraction: z.number(),
      flag: z.boolean(),
      place: z.object({ city: z.string(), degrees: z.number().optional() }),
      tags: z.array(z.int()),
    });
    // more digits than a double holds, too
    const digits = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 16 }).map((all) => `${all.join('')}1`);
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.tuple(fc.integer({ min: -9999, max: 9999 }), digits).map(([whole, fraction]) => `${whole}.${fraction}`),
    );
    const escaped = fc.constantFrom(String.raw`"\u0041\u00e9\u0000\/\n"`, String.raw`"\"\\\t\u2028"`, String.raw`"\ud83d\ude00"`);
    const members = fc.tuple(
      fc
        .oneof(
          fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
          escaped,
        )
        .map((text) => `"text":${text}`),
      fc.constantFrom('"day":"2026-02-28"', '"day":"0001-01-01"'),
      fc.constantFrom('"at":"2026-01-01T00:00:00Z"', '"at":"2026-01-01T00:00:00.5+02:00"', '"at":"2026-12-31T23:59Z"'),
      fc
        .oneof(fc.integer().map(String), fc.maxSafeInteger().map(String), fc.constantFrom('null', '-0', '5.0', '1e3'))
        .map((text) => `"whole":${text}`),
      number.map((text) => `"fraction":${text}`),
      fc.boolean().map((flag) => `"flag":${flag}`),
      fc.tuple(fc.string(), number).map(([city, degrees]) => `"place":{"city":${JSON.stringify(city)},"degrees":${degrees}}`),
      fc.array(fc.integer()).map((tags) => `"tags":${JSON.stringify(tags)}`),
    );
    // as JavaScript joins them, and Python
    const texts = fc.sample(members, { numRuns: 3000, seed: 6 }).map((all, index) => `{${all.join(index % 2 === 0 ? ',' : ', ')}}`);
    const encode = recordEncoder('plays', Row);
    const lines = texts.map((text, offset) => encode(record(text, { offset })));
    const good = lines.flatMap(({ rejected, line }, offset) => (rejected ? [] : [{ line, text: texts[offset]!, offset }]));
    const anew = good.map(({ text, offset }) => JSON.stringify({ ...expected(Row, text), _offset: offset }));
    const asTheyCame = good.filter(({ line, text }, index) => line.endsWith(text.slice(1)) && line !== anew[index]);
    expect(asTheyCame.length).toBeGreaterThan(20);

    const folder = await mkdtemp(join(tmpdir(), 'spindle-encode-'));
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      const rowsOf = async (name: string, all: readonly string[]) => {
        const path = join(folder, name);
        await writeFile(path, `${all.join('\n')}\n`);
        const columns = columnsOf(landed(Row), { asset: 'bronze/plays' });
        const result = await connection.runAndReadAll(
          `SELECT * FROM ${readJson({ paths: [path], columns, compression: 'uncompressed' })} ORDER BY _offset`,
        );
        return result.getRowsJson();
      };
      expect(
        await rowsOf(
          'as-they-came',
          good.map(({ line }) => line),
        ),
      ).toEqual(await rowsOf('anew', anew));
    } finally {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true });
    }
  });
});
