import { describe, expect, it } from 'vitest';
import { printManifest, trimManifest } from '../../src/dbt/manifest.ts';
import { readManifest } from '../../src/dbt/read-manifest.ts';
import { manifestOf, nodeOf } from './manifest.ts';

const nodes = (manifest: Record<string, unknown>) => manifest['nodes'] as Record<string, Record<string, unknown>>;
const macros = (manifest: Record<string, unknown>) => manifest['macros'] as Record<string, Record<string, unknown>>;

describe('reading a manifest', () => {
  const graph = readManifest(manifestOf());

  it('names a model by its folder and its table by schema and alias', () => {
    expect(graph.nodes[0]).toEqual({
      uniqueId: 'model.shop.sales',
      fqn: 'shop.gold.sales',
      key: 'gold/sales',
      relation: 'gold.sales',
      description: 'All sales.',
      group: undefined,
      tags: ['a', 'b'],
      owners: ['me'],
      columns: [{ name: 'id', type: 'varchar', description: 'The id.' }],
      contract: true,
      materialized: 'table',
      eventTime: undefined,
      codeVersion: expect.stringMatching(/^[0-9a-f]{64}$/),
      dependsOn: [
        { kind: 'node', id: 'model.shop.stg_orders' },
        { kind: 'source', name: 'raw.orders' },
      ],
      path: 'models/gold/sales.sql',
    });
  });

  it('takes models, not operations, and sorts them', () => {
    expect(graph.nodes.map((node) => node.key)).toEqual(['gold/sales', 'staging/stg_orders', 'gold/visits']);
  });

  it('names a source as models do and its table as the warehouse does', () => {
    expect(graph.sources).toEqual([
      { uniqueId: 'source.shop.raw.orders', name: 'raw.orders', relation: 'landing.orders_v2', description: 'Orders.' },
    ]);
  });

  it('finds the table of a source that is quoted for Snowflake', () => {
    const manifest = manifestOf();
    const [source] = Object.values(manifest['sources'] as Record<string, object>);
    const upper = { ...source, schema: 'ORDER', identifier: 'TABLE' };
    expect(readManifest({ ...manifest, sources: { 'source.shop.raw.orders': upper } }).sources[0]?.relation).toBe('order.table');
  });

  it('attaches a test to the node it is written at, or to the last that no other it reads stands on', () => {
    expect(graph.tests.map(({ name, node, kind, severity }) => [name, node, kind, severity])).toEqual([
      ['in_range_sales_id_1', 'gold/sales', 'generic', 'warn'],
      ['in_range_sales_id_2', 'gold/sales', 'generic', 'error'],
      ['not_null_id', 'gold/sales', 'generic', 'error'],
      ['sales_are_orders', 'gold/sales', 'singular', 'error'],
      ['sales_need_visits', 'gold/visits', 'singular', 'error'],
      ['adds_up', 'gold/sales', 'unit', 'error'],
    ]);
  });

  it('refuses what is no manifest, and says where', () => {
    const broken = manifestOf();
    nodes(broken)['model.shop.sales']!['alias'] = 7;
    expect(() => readManifest(broken)).toThrowError(
      expect.objectContaining({ code: 'DBT_FAILED', issues: [expect.stringContaining('nodes.model.shop.sales.alias')] }),
    );
    expect(() => readManifest({})).toThrowError(expect.objectContaining({ code: 'DBT_FAILED' }));
  });
});

describe('the code version of a model', () => {
  const version = (change: (manifest: Record<string, unknown>) => void) => {
    const manifest = manifestOf();
    change(manifest);
    return readManifest(manifest).nodes[0]!.codeVersion;
  };
  const unchanged = version(() => {});

  it.each<[string, (manifest: Record<string, unknown>) => void]>([
    ['its SQL', (manifest) => (nodes(manifest)['model.shop.sales']!['checksum'] = { checksum: 'other' })],
    ['a macro that its macros use', (manifest) => (macros(manifest)['macro.shop.inner']!['macro_sql'] = 'other')],
    [
      'how it is materialized',
      (manifest) => ((nodes(manifest)['model.shop.sales']!['config'] as Record<string, unknown>)['materialized'] = 'view'),
    ],
    ['its key', (manifest) => ((nodes(manifest)['model.shop.sales']!['config'] as Record<string, unknown>)['unique_key'] = 'id')],
    ['its place', (manifest) => (nodes(manifest)['model.shop.sales']!['schema'] = 'silver')],
    [
      'a type of its contract',
      (manifest) => (nodes(manifest)['model.shop.sales']!['columns'] = { id: { name: 'id', data_type: 'bigint', description: '' } }),
    ],
  ])('differs with %s', (_, change) => {
    expect(version(change)).not.toBe(unchanged);
  });

  it.each<[string, (manifest: Record<string, unknown>) => void]>([
    ['its description', (manifest) => (nodes(manifest)['model.shop.sales']!['description'] = 'other')],
    ['its tags', (manifest) => ((nodes(manifest)['model.shop.sales']!['config'] as Record<string, unknown>)['tags'] = [])],
    ['a macro that it does not use', (manifest) => (macros(manifest)['macro.shop.unused']!['macro_sql'] = 'other')],
    ['another model', (manifest) => (nodes(manifest)['model.shop.visits']!['checksum'] = { checksum: 'other' })],
  ])('is the same whatever becomes of %s', (_, change) => {
    expect(version(change)).toBe(unchanged);
  });
});

describe('the code version of a model that reads ephemeral ones', () => {
  /** sales reads stg_orders, which reads base; both are ephemeral. */
  const version = (change: (all: Record<string, Record<string, unknown>>) => void) => {
    const manifest = manifestOf();
    const all = nodes(manifest);
    for (const [name, parents] of [['stg_orders', ['model.shop.base']] as const, ['base', []] as const]) {
      const changes = { original_file_path: `models/staging/${name}.sql`, depends_on: { nodes: parents, macros: [] } };
      const config = { materialized: 'ephemeral', tags: [], meta: {} };
      all[`model.shop.${name}`] = nodeOf(`model.shop.${name}`, ['shop', 'staging', name], { ...changes, config });
    }
    change(all);
    return readManifest(manifest).nodes.find(({ key }) => key === 'gold/sales')!.codeVersion;
  };
  const unchanged = version(() => {});
  const other = { checksum: { checksum: 'other' } };

  it.each(['stg_orders', 'base'])('differs with the SQL of %s', (name) => {
    expect(version((all) => Object.assign(all[`model.shop.${name}`]!, other))).not.toBe(unchanged);
  });

  it('is the same whatever becomes of a model that is a table or a view', () => {
    const isView = (all: Record<string, Record<string, unknown>>) =>
      Object.assign(all['model.shop.base']!['config']!, { materialized: 'view' });
    const before = version(isView);
    expect(version((all) => (isView(all), Object.assign(all['model.shop.base']!, other)))).toBe(before);
    expect(before).not.toBe(unchanged);
  });
});

describe('a trimmed manifest', () => {
  it('tells the same as the whole', () => {
    expect(readManifest(trimManifest(manifestOf(), 'hash'))).toEqual(readManifest(manifestOf()));
  });

  it('holds no times, places of this machine or macros of dbt, and is trimmed for good', () => {
    const trimmed = trimManifest(manifestOf(), 'hash');
    const text = printManifest(trimmed);
    expect(text).not.toMatch(/created_at|generated_at|of this machine|macro_sql": "ref"/);
    expect(printManifest(trimManifest(JSON.parse(text)))).toBe(text);
  });

  it('has the same bytes in whatever order dbt writes', () => {
    const manifest = manifestOf();
    const reversed = Object.fromEntries(Object.entries(nodes(manifest)).toReversed());
    expect(printManifest(trimManifest({ ...manifest, nodes: reversed }))).toBe(printManifest(trimManifest(manifest)));
  });
});
