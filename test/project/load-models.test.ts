import { asset, table } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { loadModels } from '../../src/project/load-models.ts';
import type { DbtProject } from '../../src/runtime/declare/project.ts';
import { buildGraph } from '../../src/runtime/graph/graph.ts';
import { manifestOf } from '../dbt/manifest.ts';

const orders = asset('raw/orders', { store: table('landing.orders_v2', z.object({ id: z.int() })) }).run(() => []);

/** The names of an asset's checks in the graph of dbt projects whose committed manifests are these, by folder. */
async function checksOf(key: string, projects: readonly DbtProject[], manifests: Readonly<Record<string, unknown>>) {
  const root = mkdtempSync(join(tmpdir(), 'spindle-models-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [folder, manifest] of Object.entries(manifests)) {
    mkdirSync(join(root, folder));
    writeFileSync(join(root, folder, 'manifest.json'), JSON.stringify(manifest));
  }
  const models = await loadModels(projects, root);
  const graph = buildGraph({ ...models, assets: [orders.definition, ...models.assets], jobs: [] });
  return graph.checksOf(key).map(({ name }) => name);
}

/** The manifest of a project with one source and a test of it, as Spindle generates it. */
function reader(project_name: string, schema: string, name: string) {
  const source = `source.${project_name}.${schema}.${name}`;
  const test = {
    unique_id: `test.${project_name}.not_null.1`,
    resource_type: 'test',
    name: `source_not_null_${schema}_${name}_id`,
    fqn: [project_name, 'not_null'],
    description: '',
    config: { severity: 'ERROR' },
    attached_node: null,
    column_name: 'id',
    test_metadata: { name: 'not_null', kwargs: { model: `{{ get_where_subquery(source('${schema}', '${name}')) }}` } },
    depends_on: { nodes: [source], macros: [] },
  };
  return manifestOf({
    metadata: { ...(manifestOf()['metadata'] as object), project_name },
    nodes: { [test.unique_id]: test },
    sources: { [source]: { unique_id: source, source_name: schema, name, schema, identifier: name, description: '' } },
    unit_tests: {},
  });
}

describe('dbt projects that test one asset', () => {
  it('may share a source: the tests of each have its name before their own', async () => {
    const [one, two] = ['one', 'two'].map((name) => dbtProject({ name, dir: name, sources: [orders] }));
    const manifests = { one: reader('one', 'landing', 'orders_v2'), two: reader('two', 'landing', 'orders_v2') };
    expect(await checksOf('raw/orders', [one!, two!], manifests)).toEqual(['one.not_null_id', 'two.not_null_id']);
    expect(await checksOf('raw/orders', [one!], manifests)).toEqual(['not_null_id']);
  });

  it('may read a model of another: the tests of the reader have its name before their own', async () => {
    const shop = dbtProject({ name: 'shop', dir: 'shop', sources: [orders] });
    const report = dbtProject({ name: 'report', dir: 'report', sources: [shop.model('gold/sales', z.object({ id: z.string() }))] });
    const names = await checksOf('gold/sales', [report, shop], { shop: manifestOf(), report: reader('report', 'gold', 'sales') });
    expect(names.filter((name) => name.includes('not_null')).toSorted()).toEqual(['not_null_id', 'report.not_null_id']);
  });
});

describe('a dbt project that dbt cannot read', () => {
  it('keeps no other, of which it reads a model, from its manifest', async () => {
    const root = mkdtempSync(join(tmpdir(), 'spindle-models-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const projects = ['report', 'shop'].map((name) => dbtProject({ name, dir: name, sources: [] }));
    for (const { dir } of projects) mkdirSync(join(root, dir));
    const parse = async (dir: string) => {
      if (dir.endsWith('report')) throw new Error('no source gold.sales');
      await setImmediate();
      return manifestOf();
    };
    await expect(loadModels(projects, root, parse)).rejects.toThrow('no source gold.sales');
    expect(existsSync(join(root, 'shop/manifest.json'))).toBe(true);
  });
});
