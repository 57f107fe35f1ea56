import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asset, references, source, table } from 'spindle';
import { z } from 'zod';
import { generateCatalog } from '../../../src/codegen/catalog/generate-catalog.ts';
import { fieldsOf } from '../../../src/codegen/catalog/fields.ts';
import { anchorsOf, code, plain } from '../../../src/codegen/catalog/markdown.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import { wireJsonSchema } from '../../../src/runtime/schema/evolution/wire-json-schema.ts';
import { originOf, shop } from './shop.ts';

const catalogOf = (graph = shop, models: Parameters<typeof generateCatalog>[0]['models'] = new Map()) =>
  new Map(generateCatalog({ graph, models, folder: 'catalog', origin: originOf('docs') }).map(({ path, text }) => [path, text]));

describe('the catalog', () => {
  it('links only to headings that are there', () => {
    const pages = catalogOf();
    const links = [...pages].flatMap(([path, text]) =>
      [...text.matchAll(/(?<!\\)\]\(([^)]*)\)/g)].map(([, target = '']) => ({ path, target })),
    );
    expect(links.length).toBeGreaterThan(30);
    for (const { path, target } of links) {
      const [file = '', anchor] = target.split('#');
      const page = pages.get(file === '' ? path : `catalog/${file}`);
      expect(page, target).toBeDefined();
      const headings = [...(page ?? '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
      if (anchor !== undefined) expect(anchorsOf(headings), target).toContain(anchor);
    }
  });

  it('tells two headings apart that differ by punctuation only', () => {
    const one = asset('a/b', { group: 'g', description: 'First.' }).run(() => 1);
    const two = asset('ab', { group: 'g', deps: { one } }).run(() => 2);
    const pages = catalogOf(buildGraph({ assets: [one.definition, two.definition], checks: [], jobs: [] }));
    expect(pages.get('catalog/README.md')).toContain('[a/b](g.md#ab)');
    expect(pages.get('catalog/README.md')).toContain('[ab](g.md#ab-1)');
  });

  it('names what is referenced and not in the graph without a link', () => {
    const users = source('x/users', { store: table('x.users', z.object({ id: z.string() })) });
    const plays = asset('plays', {
      store: table('x.plays', z.object({ user: z.string() }), { references: { user: references(users, 'id') } }),
    }).run(() => []);
    const page = catalogOf(buildGraph({ assets: [plays.definition], checks: [], jobs: [] })).get('catalog/_ungrouped.md') ?? '';
    expect(page).toContain('x/users');
    expect(page).not.toContain('[x/users]');
  });

  it('is the same whatever the order of declaration', () => {
    const other = buildGraph({ assets: [...shop.assets].toReversed(), checks: shop.checks, jobs: shop.jobs });
    expect([...catalogOf(other)]).toEqual([...catalogOf()]);
  });

  it('draws groups in place of more assets than can be looked at', () => {
    const many = Array.from({ length: 151 }, (_, index) => asset(`a${index}`, { group: index % 2 === 0 ? 'even' : 'odd' }).run(() => 1));
    const last = asset('last', { group: 'end', deps: { first: many[0]! } }).run(() => 1);
    const graph = buildGraph({ assets: [...many, last].map(({ definition }) => definition), checks: [], jobs: [] });
    const index = catalogOf(graph).get('catalog/README.md') ?? '';
    const [, drawing = ''] = /```mermaid\n(.*?)```/s.exec(index) ?? [];
    expect(drawing).toContain('even<br/><small>76 assets</small>');
    expect(drawing.match(/-->/g)).toHaveLength(1);
  });

  it('tells of a model what its manifest does', () => {
    const model = asset('gold/songs', { group: 'gold', store: table('gold.songs', z.object({})) }).run(() => []);
    const definition = { ...model.definition, run: undefined, transform: { project: 'music', dir: '/x/dbt', uniqueId: 'u', fqn: 'f' } };
    const columns = [{ name: 'plays', type: 'bigint', description: 'How *often*' }];
    const models = new Map([['gold/songs', { path: 'dbt/models/gold/songs.sql', materialized: 'incremental', contract: true, columns }]]);
    const page = catalogOf(buildGraph({ assets: [definition], checks: [], jobs: [] }), models).get('catalog/gold.md');
    expect(page).toContain('- **Stored:** incremental `gold.songs`, held to its columns by a contract');
    expect(page).toContain('- **Made by:** the dbt project music, `dbt/models/gold/songs.sql`');
    expect(page).toContain('| `plays` | `bigint` | How \\*often\\* |');
    expect(page).not.toContain('/x/dbt');
  });
});

describe('text in the catalog', () => {
  it('is on one line, in one cell, and is no Markdown and no HTML, whatever it is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'a1 _*`[]()|\\<>&~$!#-+.\n\t\u202e'.split('')) }),
    );
    fc.assert(
      fc.property(text, (raw) => {
        const shown = plain(raw);
        expect(shown).not.toMatch(/[\n\r<>\u202e]/);
        expect(shown.replaceAll(/\\./gs, '')).not.toMatch(/[`*[\]|~$!\\]|(?<![\p{L}\p{N}])_/u);
        expect(shown).not.toMatch(/^(?:[-+=#]|\d+[.)])/);
        const cell = code(raw);
        expect(cell).not.toMatch(/[\n\r\u202e]/);
        expect(cell.replaceAll(String.raw`\|`, '')).not.toContain('|');
      }),
      { numRuns: 500 },
    );
  });

  it('keeps plain sentences as they are', () => {
    expect(plain("Users' ids: user_id, at most 3 (or 4); 50% of them.")).toBe("Users' ids: user_id, at most 3 (or 4); 50% of them.");
    expect(code('a`b``c')).toBe('```a`b``c```');
  });
});

describe('the fields of a schema', () => {
  it('are told however deep, with what they may hold; a schema that holds itself once', () => {
    const Node = z.object({
      name: z.string(),
      get children() {
        return z.array(Node);
      },
    });
    const schema = z.object({
      id: z.int().describe('Its id'),
      node: Node.optional(),
      either: z.union([z.string(), z.null()]),
      more: z.record(z.string(), z.object({ at: z.iso.date() })),
      pair: z.tuple([z.literal('x'), z.number().min(2)]),
    });
    expect(
      fieldsOf(wireJsonSchema(schema)).map(({ path, type, optional, allowed, description }) =>
        [path, type, optional ? 'optional' : '', ...allowed.map((one) => ('value' in one ? one.value : one.limit)), description]
          .filter((part) => part !== '')
          .join(' · '),
      ),
    ).toEqual([
      'id · integer · Its id',
      'node · object · optional',
      'node.name · string',
      'node.children · array of object',
      'either · string or null',
      'more · object of object',
      'more.*.at · string (date)',
      'pair · array · 2 items',
      'pair[0] · string · "x"',
      'pair[1] · number · ≥ 2',
    ]);
  });
});
