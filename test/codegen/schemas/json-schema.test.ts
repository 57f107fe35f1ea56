import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { source, topic } from 'spindle';
import { z } from 'zod';
import { listeningEvents } from '../../../src/assets/stream/generator/listening-events.ts';
import { malformedText } from '../../../src/assets/stream/generator/malformed.ts';
import { createRandom, seedWords } from '../../../src/assets/stream/generator/random.ts';
import { userActivity } from '../../../src/assets/stream/generator/user-activity.ts';
import { fileName } from '../../../src/codegen/file-name.ts';
import { generateJsonSchema } from '../../../src/codegen/json-schema/generate-json-schema.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import { compareSchemas } from '../../../src/runtime/schema/evolution/compare-schemas.ts';
import type { JsonSchema } from '../../../src/runtime/schema/evolution/json-schema.ts';
import { wireJsonSchema } from '../../../src/runtime/schema/evolution/wire-json-schema.ts';
import { breaks, DAY, ORIGIN, smallCatalogue } from '../../assets/stream/streams.ts';
import { ListeningEvent } from '../../../src/assets/schemas/listening-event.ts';
import { UserActivity } from '../../../src/assets/schemas/user-activity.ts';
import { originOf, shop } from './shop.ts';

const root = join(import.meta.dirname, '../../..');
const filesOf = (...assets: Parameters<typeof buildGraph>[0]['assets']) =>
  generateJsonSchema({ graph: buildGraph({ assets, checks: [], jobs: [] }), folder: 'schemas', origin: originOf('jsonschema') });
/** Every format comes with its pattern, so that formats need not be known. */
const ajv = () => new Ajv2020({ strict: true, strictTypes: false, allErrors: true, validateFormats: false });

describe('the JSON Schemas of topics', () => {
  it('are strict ones with an id, and mean what is published', () => {
    for (const asset of shop.assets.filter(({ store }) => store?.kind === 'topic')) {
      const [file] = filesOf(asset);
      const schema = JSON.parse(file?.text ?? '') as JsonSchema & { readonly $id: string };
      expect(schema.$id).toMatch(/^urn:spindle:shop%20--%20%22of%22%20%7C%3Cb%3E:topic:[\w.]+$/);
      expect(() => ajv().compile(schema as object)).not.toThrow();
      const { changes } = compareSchemas(wireJsonSchema(asset.store!.spec.schema as z.ZodType), schema);
      // its title and its description
      expect(changes.map(({ path, kind }) => [path, kind])).toEqual([['', 'documentation']]);
    }
  });

  it('are refused where two assets declare one topic in two ways', () => {
    const [one, two] = [
      source('a', { store: topic('t', z.object({ a: z.int() })) }),
      source('b', { store: topic('t', z.object({ b: z.int() })) }),
    ];
    expect(() => filesOf(one.definition, two.definition)).toThrow('a and b declare the topic t with two schemas: give both the same one.');
    const same = source('b', { store: topic('t', z.object({ a: z.int() })) });
    expect(filesOf(one.definition, same.definition).map(({ path }) => path)).toEqual(['schemas/t.schema.json']);
  });

  const options = { seed: 1, origin: ORIGIN, events: 400, span: DAY, until: ORIGIN + DAY, shares: { malformed: 0 } };
  it.each([
    ['listening_events', ListeningEvent, listeningEvents],
    ['user_activity', UserActivity, userActivity],
  ] as const)('take the events of the pipeline, and refuse malformed ones: %s', async (name, zod, generate) => {
    const schema = JSON.parse(readFileSync(join(root, `generated/json-schema/${name}.schema.json`), 'utf8')) as object;
    const validate = ajv().compile(schema);
    const random = createRandom(seedWords('test'), 0);
    let refused = 0;
    let count = 0;
    for (const record of generate({ ...options, catalogue: await smallCatalogue() })) {
      if ('raw' in record) throw new Error('no record is malformed when their share is 0');
      count += 1;
      expect(validate(record.value), JSON.stringify(validate.errors)).toBe(true);
      const text = malformedText(record.value, random);
      if (!breaks(z.unknown(), text)) {
        expect(validate(JSON.parse(text)), text).toBe(!breaks(zod, text));
        refused += 1;
      }
    }
    expect(count).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(100);
  });
});

describe('the names of generated files', () => {
  it('are safe on every disk, and differ by more than case where the names differ', () => {
    expect(
      ['plays', 'a.b-c_2', 'Plays', 'con', 'nul.x', '', '../x', 'ends.', '_x'].map((name) =>
        fileName(name).replace(/[0-9a-f]{16}$/, '<digest>'),
      ),
    ).toEqual([
      'plays',
      'a.b-c_2',
      'plays-<digest>',
      'con-<digest>',
      'nul-x-<digest>',
      'x-<digest>',
      'x-<digest>',
      'ends-<digest>',
      '_x-<digest>',
    ]);
    const names = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'aAbB./-_ '.split('')), maxLength: 5 }));
    fc.assert(
      fc.property(names, names, (a, b) => {
        expect(fileName(a)).toMatch(/^[a-z0-9_][a-z0-9._-]{0,110}$/);
        expect(fileName(a) === fileName(b)).toBe(a === b);
      }),
      { numRuns: 1000 },
    );
  });
});
