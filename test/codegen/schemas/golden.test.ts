import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateCatalog } from '../../../src/codegen/catalog/generate-catalog.ts';
import { generateDdl } from '../../../src/codegen/ddl/generate-ddl.ts';
import type { GeneratedFile } from '../../../src/codegen/generated-file.ts';
import { generateJsonSchema } from '../../../src/codegen/json-schema/generate-json-schema.ts';
import { originOf, shop } from './shop.ts';

const GOLDEN = join(import.meta.dirname, 'golden');

const FILES: Readonly<Record<string, () => readonly GeneratedFile[]>> = {
  ddl: () => generateDdl({ graph: shop, dialects: ['duckdb', 'snowflake'], folder: 'ddl', origin: originOf('ddl') }),
  'json-schema': () => generateJsonSchema({ graph: shop, folder: 'json-schema', origin: originOf('jsonschema') }),
  catalog: () => generateCatalog({ graph: shop, models: new Map(), folder: 'catalog', origin: originOf('docs') }),
};

describe('what is generated of a shop with hostile names', () => {
  it.each(Object.entries(FILES))('%s', async (_, generate) => {
    const files = generate();
    expect(files.length).toBeGreaterThan(1);
    for (const { path, text } of files) await expect(text).toMatchFileSnapshot(join(GOLDEN, path));
  });

  it('is all that is kept of it', () => {
    const wanted = new Set(Object.values(FILES).flatMap((generate) => generate().map(({ path }) => path)));
    const kept = existsSync(GOLDEN) ? readdirSync(GOLDEN, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()) : [];
    const paths = kept.map(({ parentPath, name }) => relative(GOLDEN, join(parentPath, name)));
    expect(paths.filter((path) => !wanted.has(path))).toEqual([]);
  });
});
