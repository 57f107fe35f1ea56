import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asset, table, type Asset } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { loadModels } from '../../src/project/load-models.ts';
import type { DbtProject } from '../../src/runtime/declare/project.ts';
import { buildGraph } from '../../src/runtime/graph/graph.ts';
import { manifestOf, nodeOf } from './manifest.ts';

const orders = asset('raw/orders', { store: table('landing.orders_v2', z.object({ id: z.int() })) }).run(() => []);

type Manifests = Readonly<Record<string, Record<string, unknown>>>;

/** The graph of dbt projects whose manifests are these, by folder. */
async function graphOf(projects: readonly DbtProject[], manifests: Manifests, assets: readonly Asset[] = [orders]) {
  const root = mkdtempSync(join(tmpdir(), 'spindle-dbt-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of Object.keys(manifests)) mkdirSync(join(root, folder));
  const models = await loadModels(projects, root, (dir) => Promise.resolve(manifests[dir.slice(root.length + 1)]));
  return buildGraph({
    assets: [...assets.map(({ definition }) => definition), ...models.assets],
    checks: models.checks,
    jobs: [],
    issues: models.issues,
  });
}

const issuesOf = (building: Promise<unknown>) =>
  building.then(
    () => [],
    (error: { readonly issues?: readonly string[]; readonly message: string }) => error.issues ?? [error.message],
  );

const shop = () => dbtProject({ name: 'shop', dir: 'shop', sources: [orders] });
/** A manifest in which the contract of gold/sales has these columns. */
const withColumns = (columns: Readonly<Record<string, string | null>>, enforced = true) => {
  const manifest = manifestOf();
  const sales = (manifest['nodes'] as Record<string, Record<string, unknown>>)['model.shop.sales']!;
  sales['columns'] = Object.fromEntries(
    Object.entries(columns).map(([name, data_type]) => [name, { name, data_type, description: '', constraints: [] }]),
  );
  (sales['config'] as Record<string, unknown>)['contract'] = { enforced };
  return manifest;
};

describe('a typed reference to a model', () => {
  it('fits a contract of the same types, however they are spelled, and need not name every column', async () => {
    const dbt = shop();
    const Sale = z.object({
      id: z.int(),
      at: z.iso.datetime().nullable(),
      amount: z.number(),
      tags: z.array(z.string()),
      DAY: z.iso.date(),
    });
    dbt.model('gold/sales', Sale);
    const columns = { id: 'NUMBER(38,0)', at: 'timestamp_ntz(9)', amount: 'decimal(18, 2)', tags: 'VARIANT', day: 'date', more: 'bool' };
    expect((await graphOf([dbt], { shop: withColumns(columns) })).keys).toContain('gold/sales');
  });

  it('is refused with each column that is missing or of another type, all at once with the other problems of the graph', async () => {
    const dbt = shop();
    dbt.model('gold/sales', z.object({ id: z.string(), amont: z.number(), at: z.iso.date(), ok: z.boolean() }));
    dbt.model('gold/sale', z.object({}));
    const twin = asset('raw/orders', { store: table('raw.twin', z.object({ id: z.int() })) }).run(() => []);
    const manifest = withColumns({ id: 'bigint', amount: 'double', at: 'datetime', ok: 'boolean' });
    expect(await issuesOf(graphOf([dbt], { shop: manifest }, [orders, twin]))).toEqual([
      'DBT_MODEL: the dbt project shop has no model gold/sale. Did you mean gold/sales?',
      "DBT_COLUMN: gold/sales is read with id as string (z.string()), and the contract of its model says bigint. Write z.int() in the schema given to model(), or change the model's contract.",
      "DBT_COLUMN: gold/sales is read with the column amont, which its model does not document. Did you mean amount? Correct the schema given to model(), or the model's columns.",
      "DBT_COLUMN: gold/sales is read with at as date (z.iso.date()), and the contract of its model says datetime. Write z.iso.datetime() in the schema given to model(), or change the model's contract.",
      expect.stringContaining('KEY_CLASH: Two assets have the key raw/orders'),
    ]);
  });

  it.each([
    ['without a contract', withColumns({ id: 'varchar' }, false)],
    ['with a type that is not told', withColumns({ id: null })],
    ['with a type that no warehouse is known to have', withColumns({ id: 'money_of_ours' })],
  ])('is held to names alone %s', async (_, manifest) => {
    const dbt = shop();
    dbt.model('gold/sales', z.object({ id: z.int() }));
    expect(await issuesOf(graphOf([dbt], { shop: manifest }))).toEqual([]);
    const other = shop();
    other.model('gold/sales', z.object({ other: z.int() }));
    expect(await issuesOf(graphOf([other], { shop: manifest }))).toEqual([expect.stringContaining('the column other, which')]);
  });

  it('keeps its own schema where two refer to one model', async () => {
    const dbt = shop();
    const [ids, names] = [dbt.model('gold/sales', z.object({ id: z.int() })), dbt.model('gold/sales', z.object({ name: z.string() }))];
    const graph = await graphOf([dbt], { shop: withColumns({ id: 'int', name: 'text' }) });
    expect([ids, names].map(({ definition }) => Object.keys((definition.store!.spec.schema as z.ZodObject).shape))).toEqual([
      ['id'],
      ['name'],
    ]);
    expect(ids.definition.transform).toEqual(graph.get('gold/sales').transform);
    expect(graph.keys.filter((key) => key === 'gold/sales')).toHaveLength(1);
  });

  it('cannot be to an ephemeral model, which is no table', async () => {
    const manifest = manifestOf();
    const staging = (manifest['nodes'] as Record<string, { config: Record<string, unknown> }>)['model.shop.stg_orders']!;
    staging.config['materialized'] = 'ephemeral';
    const dbt = shop();
    expect((await graphOf([dbt], { shop: manifest })).upstream('gold/sales')).toEqual(['raw/orders']);
    dbt.model('staging/stg_orders', z.object({ id: z.string() }));
    expect(await issuesOf(graphOf([dbt], { shop: manifest }))).toEqual([expect.stringContaining('is ephemeral: it has no table to read')]);
  });
});

describe('what else a dbt project has', () => {
  const nodes = (...more: readonly Record<string, unknown>[]) => {
    const manifest = manifestOf();
    for (const node of more) (manifest['nodes'] as Record<string, unknown>)[node['unique_id'] as string] = node;
    return manifest;
  };

  it('has keys by folder and name: seeds, snapshots of both kinds, versions, models of packages and outside folders', async () => {
    const manifest = nodes(
      nodeOf('seed.shop.countries', ['shop', 'countries'], { original_file_path: 'seeds/countries.csv' }),
      nodeOf('snapshot.shop.states', ['shop', 'history', 'old_states', 'states'], {
        original_file_path: 'snapshots/history/old_states.sql',
      }),
      nodeOf('snapshot.shop.rows', ['shop', 'history', 'rows'], { original_file_path: 'snapshots/history/history.yml' }),
      nodeOf('model.shop.ranked.v2', ['shop', 'gold', 'ranked', 'v2'], { original_file_path: 'models/gold/ranked_v2.sql', version: 2 }),
      nodeOf('model.util.days', ['util', 'gold', 'sales'], { original_file_path: 'models/gold/sales.sql', alias: 'util_sales' }),
      nodeOf('model.shop.loose', ['shop', 'loose'], { original_file_path: 'models/loose.sql' }),
    );
    const graph = await graphOf([shop()], { shop: manifest });
    expect(graph.keys.filter((key) => !/^(gold\/sales|gold\/visits|staging\/stg_orders|raw\/orders)$/.test(key)).toSorted()).toEqual([
      'countries',
      'gold/ranked/v2',
      'history/rows',
      'history/states',
      'loose',
      'util/gold/sales',
    ]);
    expect(graph.get('countries').transform).toMatchObject({ fqn: 'shop.countries', uniqueId: 'seed.shop.countries' });
  });

  it('may not have two nodes of one key', async () => {
    const manifest = nodes(nodeOf('model.gold.sales', ['gold', 'sales'], { original_file_path: 'models/sales.sql', alias: 'other_sales' }));
    expect(await issuesOf(graphOf([shop()], { shop: manifest }))).toContainEqual(
      expect.stringMatching(
        /KEY_CLASH: models\/.*sales\.sql and models\/.*sales\.sql of the dbt project shop both have the key gold\/sales/,
      ),
    );
  });

  it('takes exposures for what nothing here makes, behind what they read, with owner, address and tags', async () => {
    const exposures = {
      'exposure.shop.weekly': {
        unique_id: 'exposure.shop.weekly',
        name: 'weekly',
        fqn: ['shop', 'gold', 'weekly'],
        type: 'dashboard',
        owner: { name: 'Ann', email: 'ann@example.com' },
        description: 'Sales by week.',
        maturity: 'high',
        url: 'https://example.com/weekly',
        tags: ['b', 'a'],
        meta: { other: 1 },
        config: { enabled: true, meta: { other: 1 } },
        depends_on: { nodes: ['model.shop.sales', 'source.shop.raw.orders'], macros: [] },
        label: null,
      },
      'exposure.shop.generated': {
        unique_id: 'exposure.shop.generated',
        name: 'generated',
        fqn: ['shop', 'generated'],
        type: 'application',
        owner: { name: 'spindle', email: null },
        config: { enabled: true, meta: { spindle: 'page/poster' } },
        depends_on: { nodes: ['model.shop.sales'], macros: [] },
      },
    };
    const dbt = dbtProject({ name: 'shop', dir: 'shop', sources: [orders], keyPrefix: 'dbt' });
    const graph = await graphOf([dbt], { shop: manifestOf({ exposures }) });
    const exposure = graph.get('dbt/exposures/weekly');
    expect(exposure).toMatchObject({
      description: 'Sales by week.\nhttps://example.com/weekly',
      group: 'exposures',
      owners: ['ann@example.com'],
      tags: { a: '', b: '', exposure: 'dashboard', maturity: 'high' },
      run: undefined,
      transform: undefined,
      store: undefined,
    });
    expect(Object.entries(exposure.dependencies).map(([key, { mapping }]) => [key, mapping.kind])).toEqual([
      ['dbt/gold/sales', 'order'],
      ['raw/orders', 'order'],
    ]);
    expect(graph.keys.filter((key) => key.includes('generated'))).toEqual([]);
  });

  it('may hold what Spindle does not know: it is left out, and nothing fails', async () => {
    const manifest = {
      ...nodes(
        { unique_id: 'function.shop.f', resource_type: 'function' },
        { unique_id: 'sql_operation.shop.x', resource_type: 'sql_operation' },
      ),
      semantic_models: { 'semantic_model.shop.x': { name: 'x' } },
      metrics: { 'metric.shop.x': {} },
      saved_queries: {},
      functions: {},
      disabled: { 'model.shop.off': [{}] },
      news: 1,
    };
    const sales = (Object(manifest)['nodes'] as Record<string, { depends_on: { nodes: string[] } }>)['model.shop.sales']!;
    sales.depends_on.nodes.push('function.shop.f', 'metric.shop.x');
    expect((await graphOf([shop()], { shop: manifest })).upstream('gold/sales')).toEqual(['raw/orders', 'staging/stg_orders']);
  });
});

describe('several dbt projects in a graph', () => {
  const reportManifest = () => {
    const manifest = manifestOf();
    return {
      ...manifest,
      metadata: { ...(manifest['metadata'] as object), project_name: 'report' },
      nodes: {
        'model.report.weekly': nodeOf('model.report.weekly', ['report', 'weekly'], {
          original_file_path: 'models/weekly.sql',
          depends_on: { nodes: ['source.report.shop.sales'], macros: [] },
        }),
      },
      sources: {
        'source.report.shop.sales': {
          unique_id: 'source.report.shop.sales',
          source_name: 'shop',
          name: 'sales',
          schema: 'gold',
          identifier: 'sales',
          description: '',
        },
      },
      unit_tests: {},
    };
  };

  it.each([['before'], ['behind']])('read each other’s models as sources, where the reader is listed %s the other', async (place) => {
    const first = shop();
    const sales = first.model('gold/sales', z.object({ id: z.string() }));
    const second = dbtProject({ name: 'report', dir: 'report', sources: [sales], keyPrefix: 'report' });
    const graph = await graphOf(place === 'before' ? [second, first] : [first, second], { shop: manifestOf(), report: reportManifest() });
    expect(graph.upstream('report/weekly')).toEqual(['gold/sales']);
    expect(graph.get('gold/sales')).toMatchObject({ transform: { project: 'shop' }, codeVersion: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(graph.level('report/weekly')).toBeGreaterThan(graph.level('gold/sales'));
  });

  it('tells the problems of all of them at once, and of two with one name', async () => {
    const second = dbtProject({ name: 'shop', dir: 'report', sources: [] });
    const first = dbtProject({ name: 'shop', dir: 'shop', sources: [] });
    const issues = await issuesOf(graphOf([first, second], { shop: manifestOf(), report: reportManifest() }));
    expect(issues).toContain('DBT_CLASH: Two dbt projects are called "shop": rename one.');
    expect(issues).toContainEqual(expect.stringContaining('gold/sales reads the source raw.orders'));
    expect(issues).toContainEqual(expect.stringContaining('weekly reads the source shop.sales'));
  });
});
