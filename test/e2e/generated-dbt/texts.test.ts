import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { asset, defineProject, source, table, type Project } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { writeScenario } from '../../codegen/dbt/write-project.ts';
import { anyText } from '../../codegen/python/arbitrary.ts';
import { useDbt } from '../dbt-project.ts';

/** Texts that are described, in a project of one table and one asset behind a model. */
const texts = fc.record({
  table: anyText,
  columns: fc.array(anyText, { minLength: 60, maxLength: 60 }),
  owner: anyText.filter((text) => text.trim() !== ''),
  tag: anyText.filter((text) => text !== ''),
  exposure: anyText,
});
type Texts = typeof texts extends fc.Arbitrary<infer T> ? T : never;

function projectOf({ table: description, columns, owner, tag, exposure }: Texts): Project {
  const schema = z.object(Object.fromEntries(columns.map((text, index) => [`c${index}`, z.string().describe(text)])));
  const events = source('bronze/events', { description, owners: [owner], tags: { [tag]: '' }, store: table('bronze.events', schema) });
  const dbt = dbtProject({ name: 'shop', dir: 'dbt', sources: [events] });
  const page = asset('page', { description: exposure, owners: [owner], deps: { a: dbt.model('a', z.object({ n: z.int() })) } }).run(
    () => 1,
  );
  return defineProject({ name: 'shop', assets: [events, page], dbt: [dbt], environments: { local: {} } });
}

/** What of dbt's manifest is compared. */
const Described = z.object({
  description: z.string(),
  config: z.object({ meta: z.object({ owners: z.array(z.string()) }), tags: z.array(z.string()) }),
});
const Manifest = z.object({
  sources: z.object({
    'source.shop.bronze.events': Described.extend({ columns: z.record(z.string(), z.object({ description: z.string() })) }),
  }),
  exposures: z.object({ 'exposure.shop.page': Described.extend({ owner: z.object({ name: z.string() }) }) }),
});

describe('texts of any kind', () => {
  const rig = useDbt();
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'spindle-dbt-texts-'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('are in the manifest of dbt as they were declared', async () => {
    let projects = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (declared) => {
        const [dir = ''] = writeScenario(join(root, String((projects += 1))), { project: projectOf(declared) });
        const { sources, exposures } = Manifest.parse(await rig.dbt.parse(dir));
        const [events, page] = [sources['source.shop.bronze.events'], exposures['exposure.shop.page']];
        const { table: description, columns, owner, tag, exposure } = declared;
        expect(columns.map((_, index) => events.columns[`c${index}`]?.description)).toEqual(columns.map(written));
        expect([events.description, events.config.meta.owners, events.config.tags]).toEqual([
          written(description),
          [written(owner)],
          [written(tag)],
        ]);
        expect([page.description, page.owner.name, page.config.meta.owners]).toEqual([written(exposure), written(owner), [written(owner)]]);
      }),
      { numRuns: 12 },
    );
  });
});

/** Half of a surrogate pair cannot be written to a file. */
const written = (text: string): string => Buffer.from(text).toString();
