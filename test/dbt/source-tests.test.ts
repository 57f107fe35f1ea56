import { describe, expect, it } from 'vitest';
import { readManifest } from '../../src/dbt/read-manifest.ts';
import { trimManifest } from '../../src/dbt/manifest.ts';
import { manifestOf } from './manifest.ts';

/** A manifest with these tests alone, on two sources and a model. */
function withTests(...tests: readonly Record<string, unknown>[]): Record<string, unknown> {
  const manifest = manifestOf();
  const nodes = Object.entries(manifest['nodes'] as Record<string, Record<string, unknown>>).filter(([id]) => !id.startsWith('test.'));
  const source = (manifest['sources'] as Record<string, Record<string, unknown>>)['source.shop.raw.orders']!;
  const visits = { ...source, unique_id: 'source.shop.raw.visits', name: 'visits', identifier: 'visits' };
  const whole = tests.map((test, index) => ({
    unique_id: `test.shop.t${index}`,
    resource_type: 'test',
    name: `t${index}`,
    fqn: ['shop', `t${index}`],
    description: '',
    config: { severity: 'ERROR' },
    attached_node: null,
    ...test,
  }));
  return {
    ...manifest,
    nodes: Object.fromEntries([...nodes, ...whole.map((test) => [test.unique_id, test] as const)]),
    sources: { [source['unique_id'] as string]: source, [visits.unique_id]: visits },
    unit_tests: {},
  };
}

const call = (name: string, table: string, column = 'id') => ({
  column_name: column,
  test_metadata: { name, kwargs: { column_name: column, model: `{{ get_where_subquery(source('raw', '${table}')) }}` } },
});
const judged = (manifest: Record<string, unknown>) => readManifest(manifest).tests.map(({ name, node, source }) => [name, node, source]);

describe('a test of a source', () => {
  const manifest = withTests(
    { ...call('not_null', 'orders'), depends_on: { nodes: ['source.shop.raw.orders'] } },
    { ...call('not_null', 'visits'), depends_on: { nodes: ['source.shop.raw.visits'] } },
    { ...call('relationships', 'visits', 'order_id'), depends_on: { nodes: ['source.shop.raw.orders', 'source.shop.raw.visits'] } },
    { ...call('relationships', 'orders', 'sale'), depends_on: { nodes: ['model.shop.sales', 'source.shop.raw.orders'] } },
    { test_metadata: null, depends_on: { nodes: ['source.shop.raw.visits', 'source.shop.raw.orders'] } },
  );

  it('judges the source that it is written at, whatever else it reads, and has a short name beside the tests of other sources', () => {
    expect(judged(manifest)).toEqual([
      ['not_null_id', undefined, 'raw.orders'],
      ['not_null_id', undefined, 'raw.visits'],
      ['relationships_order_id', undefined, 'raw.visits'],
      ['relationships_sale', undefined, 'raw.orders'],
      ['t4', undefined, 'raw.visits'],
    ]);
  });

  it('is the same in a trimmed manifest', () => {
    expect(judged(trimManifest(manifest))).toEqual(judged(manifest));
  });

  it('judges the only source that it reads in a manifest that was trimmed without its call', () => {
    const { test_metadata: _, ...rest } = call('not_null', 'orders');
    const without = withTests({ ...rest, test_metadata: { name: 'not_null' }, depends_on: { nodes: ['source.shop.raw.orders'] } });
    expect(judged(without)).toEqual([['not_null_id', undefined, 'raw.orders']]);
  });
});
