/** A manifest as dbt writes it, with more in it than is read: two models on one source, a project macro, one dbt macro, and a test of each kind. */
export function manifestOf(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const config = (materialized: string) => ({
    enabled: true,
    materialized,
    tags: ['b', 'a'],
    meta: { owner: 'me', other: 1 },
    group: null,
    event_time: null,
    contract: { enforced: materialized === 'table' },
    'pre-hook': [],
  });
  const node = (name: string, folder: string, upstream: string[], macros: string[]) => ({
    unique_id: `model.shop.${name}`,
    resource_type: 'model',
    fqn: ['shop', folder, name],
    original_file_path: `models/${folder}/${name}.sql`,
    schema: folder,
    alias: name,
    database: 'of this machine',
    created_at: Math.PI,
    description: `All ${name}.`,
    config: config(folder === 'gold' ? 'table' : 'view'),
    columns: { id: { name: 'id', data_type: 'varchar', description: 'The id.', constraints: [] } },
    depends_on: { nodes: upstream, macros },
    checksum: { name: 'sha256', checksum: `sum of ${name}` },
  });
  const test = (name: string, kind: object, upstream: string[]) => ({
    unique_id: `test.shop.${name}.1`,
    resource_type: 'test',
    name,
    fqn: ['shop', name],
    description: '',
    config: { severity: 'ERROR' },
    depends_on: { nodes: upstream, macros: [] },
    ...kind,
  });
  const all = [
    node('sales', 'gold', ['model.shop.stg_orders', 'source.shop.raw.orders'], ['macro.shop.outer', 'macro.dbt.ref']),
    node('stg_orders', 'staging', ['source.shop.raw.orders'], []),
    node('visits', 'gold', [], []),
    test('not_null_sales_id', { attached_node: 'model.shop.sales', column_name: 'id', test_metadata: { name: 'not_null', kwargs: {} } }, [
      'model.shop.sales',
    ]),
    test(
      'in_range_sales_id_1',
      { attached_node: 'model.shop.sales', column_name: 'id', test_metadata: { name: 'in_range' }, config: { severity: 'warn' } },
      ['model.shop.sales'],
    ),
    test('in_range_sales_id_2', { attached_node: 'model.shop.sales', column_name: 'id', test_metadata: { name: 'in_range' } }, [
      'model.shop.sales',
    ]),
    test('sales_are_orders', { attached_node: null, test_metadata: null }, ['model.shop.stg_orders', 'model.shop.sales']),
    test('sales_need_visits', { attached_node: null, test_metadata: null }, ['model.shop.visits', 'model.shop.sales']),
    { unique_id: 'operation.shop.x', resource_type: 'operation' },
  ];
  const macro = (name: string, sql: string, macros: string[]) => ({
    unique_id: name,
    package_name: name.split('.')[1],
    macro_sql: sql,
    depends_on: { macros },
  });
  const macros = [
    macro('macro.shop.outer', 'outer', ['macro.shop.inner']),
    macro('macro.shop.inner', 'inner', []),
    macro('macro.shop.unused', 'unused', []),
    macro('macro.dbt.ref', 'ref', []),
  ];
  return {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
      dbt_version: '1.11.16',
      project_name: 'shop',
      generated_at: 'now',
    },
    nodes: Object.fromEntries(all.map((each) => [each.unique_id, each])),
    sources: {
      'source.shop.raw.orders': {
        unique_id: 'source.shop.raw.orders',
        source_name: 'raw',
        name: 'orders',
        schema: 'landing',
        identifier: 'orders_v2',
        description: 'Orders.',
        loader: '',
      },
    },
    unit_tests: {
      'unit_test.shop.sales.adds_up': {
        unique_id: 'unit_test.shop.sales.adds_up',
        name: 'adds_up',
        fqn: ['shop', 'gold', 'sales', 'adds_up'],
        description: null,
        depends_on: { nodes: ['model.shop.sales'], macros: [] },
      },
    },
    macros: Object.fromEntries(macros.map((each) => [each.unique_id, each])),
    ...changes,
  };
}

/** A node of its kind, by its unique id. */
export function nodeOf(unique_id: string, fqn: readonly string[], changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    unique_id,
    resource_type: unique_id.split('.')[0],
    fqn,
    schema: 'main',
    alias: fqn.join('_'),
    description: '',
    config: { materialized: 'table', tags: [], meta: {} },
    columns: {},
    depends_on: { nodes: [], macros: [] },
    checksum: { name: 'sha256', checksum: unique_id },
    ...changes,
  };
}
