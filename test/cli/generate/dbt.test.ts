import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifestOf, nodeOf } from '../../dbt/manifest.ts';
import { temporaryProject, type Files } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

const SETTINGS = 'name: shop\nflags: { require_generic_test_arguments_property: true }\n';
const ORDER = 'z.object({ order_id: z.string(), amount: z.int(), note: z.string().optional() })';

interface Written {
  /** The schema of the one source. */
  readonly schema?: string;
  readonly store?: string;
  /** Of `dbtProject`. */
  readonly dbt?: string;
  readonly files?: Files;
}

/** A project whose table `landing.orders_v2` a dbt project reads. */
function shop({ schema = ORDER, store, dbt = "{ name: 'shop', dir: 'dbt', sources: [orders] }", files = {} }: Written = {}) {
  const project = (fields: string) => `
import { asset, defineProject, source, table, value } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { z } from 'zod';
const orders = source('landing/orders', { store: ${store ?? `table('landing.orders_v2', ${fields})`} });
export const project = defineProject({ name: 'shop', assets: [orders], dbt: [dbtProject(${dbt})], environments: { local: {} } });
`;
  const { root, write } = temporaryProject({ 'src/project.ts': project(schema), 'dbt/dbt_project.yml': SETTINGS, ...files });
  return {
    root,
    generate: (...args: readonly string[]) => runCommand(root, ['generate', 'dbt', ...args]),
    change: (fields: string) => write({ 'src/project.ts': project(fields) }),
    read: (path: string) => readFileSync(join(root, path), 'utf8'),
    has: (path: string) => existsSync(join(root, path)),
    write,
  };
}

describe('spindle generate dbt', () => {
  it('needs no manifest: without the sources dbt could not make one', async () => {
    const { generate, read } = shop();
    const { exit, stdout, stderr } = await generate();
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "file                                     state
      dbt/macros/_generated/spindle_tests.sql  written
      dbt/models/_generated/sources.yml        written
      dbt/manifest.json is not there yet: \`npx spindle plan\` has dbt read the project, and writes it.
      "
    `);
    expect(read('dbt/models/_generated/sources.yml')).toContain('      - name: orders_v2\n');
    expect((await generate('--check')).exit).toBe(0);
  });

  it('writes the same files whichever dbt is named', async () => {
    const { generate } = shop();
    await generate('--dbt', '1.10');
    expect((await generate('--check')).exit).toBe(0);
    expect((await generate('--check', '--dbt', '1.11')).exit).toBe(0);
  });

  it('writes where dbt looks for models and macros', async () => {
    const { generate, has } = shop({ files: { 'dbt/dbt_project.yml': `${SETTINGS}model-paths: [sql, models]\nmacro-paths: [jinja]\n` } });
    expect((await generate()).exit).toBe(0);
    expect([has('dbt/sql/_generated/sources.yml'), has('dbt/jinja/_generated/spindle_tests.sql'), has('dbt/models')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('takes away what is generated no more, and leaves alone what is not generated', async () => {
    const { generate, has, write } = shop({ files: { 'dbt/models/_generated/mine.yml': 'models: []\n' } });
    await generate();
    write({
      'src/project.ts':
        "import { defineProject } from 'spindle';\nimport { dbtProject } from 'spindle/dbt';\nexport const project = defineProject({ name: 'shop', assets: [], dbt: [dbtProject({ name: 'shop', dir: 'dbt', sources: [] })], environments: {} });",
    });
    const { stdout } = await generate();
    expect(stdout).toMatch(/sources\.yml +removed/);
    expect([has('dbt/models/_generated/sources.yml'), has('dbt/models/_generated/mine.yml')]).toEqual([false, true]);
  });

  it('overwrites no edit without --force', async () => {
    const { root, generate, read } = shop();
    await generate();
    const path = join(root, 'dbt/models/_generated/sources.yml');
    writeFileSync(path, `${read('dbt/models/_generated/sources.yml')}# mine\n`);
    expect((await generate()).stderr).toContain('GENERATED_FILE_EDITED');
    expect((await generate('--force')).exit).toBe(0);
  });

  it.each<[title: string, written: Written, code: string, parts: readonly string[]]>([
    [
      'a project of dbt that is not there',
      { dbt: "{ name: 'shop', dir: 'elsewhere', sources: [orders] }" },
      'PROJECT_INVALID',
      ['elsewhere/dbt_project.yml'],
    ],
    [
      'a flag without which dbt does not take the tests',
      { files: { 'dbt/dbt_project.yml': 'name: shop\n' } },
      'PROJECT_INVALID',
      ['dbt/dbt_project.yml', 'require_generic_test_arguments_property: true'],
    ],
    ['settings that are no YAML', { files: { 'dbt/dbt_project.yml': 'name: [' } }, 'PROJECT_INVALID', ['is no YAML']],
    [
      'columns that no table holds, all of them',
      { schema: 'z.object({ a: z.bigint(), b: z.string(), c: z.map(z.string(), z.int()) })' },
      'SCHEMA_UNMAPPABLE',
      ['landing/orders: column "a": z.bigint()', 'landing/orders: column "c": z.map()'],
    ],
    [
      'a source that is no table',
      { store: 'value(z.string())' },
      'GRAPH_INVALID',
      ['landing/orders is among the sources of the dbt project shop, and is no table'],
    ],
    [
      'a table that is a source twice',
      {
        dbt: "{ name: 'shop', dir: 'dbt', sources: [orders, source('landing/same', { store: table('landing.orders_v2', z.object({})) })] }",
      },
      'GRAPH_INVALID',
      ['landing/orders and landing/same are the table landing.orders_v2'],
    ],
  ])('refuses %s, and writes nothing', async (_title, written, code, parts) => {
    const { generate, has } = shop(written);
    const { exit, stderr } = await generate();
    expect(exit).toBe(1);
    for (const part of [code, ...parts]) expect(stderr).toContain(part);
    expect(has('dbt/models/_generated')).toBe(false);
  });
});

describe('a column that dbt reads and that is changed', () => {
  const MANIFEST = {
    'dbt/manifest.json': JSON.stringify(manifestOf()),
    'dbt/models/staging/stg_orders.sql': "select order_id, amount from {{ source('raw', 'orders') }}",
    'dbt/models/gold/sales.sql': "select sum(amount) as total from {{ ref('stg_orders') }}",
    'dbt/tests/sales_need_visits.sql': "select 1 from {{ ref('visits') }}",
    'dbt/tests/sales_are_orders.sql': "select 1 from {{ ref('sales') }}",
  };

  it('is told of with those that read it, in text and as JSON, and also when the files are written', async () => {
    const { generate, change } = shop({ files: MANIFEST });
    expect((await generate()).stdout).not.toContain('read by');
    change('z.object({ order: z.string(), amount: z.number() })');
    const notes = [
      'landing.orders_v2.order_id is gone. In the dbt project shop it is read by: staging/stg_orders',
      'landing.orders_v2.note is gone. Nobody reads it in the dbt project shop.',
      'landing.orders_v2.amount is double, and was bigint. In the dbt project shop it is read by: gold/sales, staging/stg_orders',
      expect.stringMatching(/^dbt\/manifest\.json was made from other files than the dbt project has now: /),
    ];
    const checked = await generate('--check');
    expect(checked.exit).toBe(3);
    for (const note of notes.slice(0, 3)) expect(checked.stdout).toContain(`${note}\n`);
    expect(JSON.parse((await generate('--check', '--json')).stdout)).toMatchObject({ drift: true, notes });
    expect(JSON.parse((await generate('--json')).stdout)).toMatchObject({ drift: false, notes });
    expect(JSON.parse((await generate('--check', '--json')).stdout)).toMatchObject({ drift: false, notes: [] });
  });

  it('is told of where no manifest says who reads it', async () => {
    const { generate, change } = shop();
    await generate();
    change('z.object({ order_id: z.string() })');
    const { stdout } = await generate('--check');
    expect(stdout).toContain(
      'landing.orders_v2.amount is gone. Who reads it in the dbt project shop cannot be told: there is no dbt/manifest.json.',
    );
  });
});

describe('a model that another dbt project reads', () => {
  const report = (manifest: Files) => {
    const { root } = temporaryProject({
      'src/project.ts': `
import { defineProject } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { z } from 'zod';
const shop = dbtProject({ name: 'shop', dir: 'shop', sources: [] });
const models = [shop.model('gold/sales', z.object({ id: z.string() })), shop.model('gold/visits', z.object({ id: z.string() }))];
const report = dbtProject({ name: 'report', dir: 'report', sources: models, keyPrefix: 'report' });
export const project = defineProject({ name: 'shop', assets: [], dbt: [report, shop], environments: {} });
`,
      'shop/dbt_project.yml': SETTINGS,
      'report/dbt_project.yml': SETTINGS,
      ...manifest,
    });
    const sources = () => readFileSync(join(root, 'report/models/_generated/sources.yml'), 'utf8');
    return { root, sources, generate: () => runCommand(root, ['generate', 'dbt']) };
  };
  const leftOut = (key: string) =>
    `${key} is left out of the sources of the dbt project report: no manifest tells its table yet. Run \`npx spindle plan\`, which has dbt read shop, then \`npx spindle generate dbt\` again.\n`;

  it('is a source by the table that the committed manifest tells, without Python', async () => {
    const { sources, generate } = report({ 'shop/manifest.json': JSON.stringify(manifestOf()) });
    const { exit, stdout, stderr } = await generate();
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(sources()).toMatch(/^ {2}- name: gold\n[^]*^ {6}- name: sales\n[^]*^ {6}- name: visits\n/m);
    expect(stdout).not.toContain('left out');
  });

  it.each<[string, Files]>([
    ['is not there', {}],
    ['a merge broke', { 'shop/manifest.json': '<<<<<<<' }],
  ])('is left out where the manifest %s, and a note says what comes first', async (_, manifest) => {
    const { root, generate } = report(manifest);
    const { exit, stdout } = await generate();
    expect(exit).toBe(0);
    for (const key of ['gold/sales', 'gold/visits']) expect(stdout).toContain(leftOut(key));
    expect(existsSync(join(root, 'report/models/_generated'))).toBe(false);
  });
});

describe('a version of a model that an asset reads', () => {
  it.each<[string, Files, string]>([
    ['its key, where there is no manifest', {}, "ref('sales', v=2)"],
    ['the manifest', { 'dbt/manifest.json': JSON.stringify(versioned()) }, "ref('util', 'sales', v=2)"],
  ])('is referred to by name and version, told by %s', async (_, manifest, ref) => {
    const { root } = temporaryProject({
      'src/project.ts': `
import { asset, defineProject } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { z } from 'zod';
const shop = dbtProject({ name: 'shop', dir: 'dbt', sources: [], keyPrefix: 'shop' });
const page = asset('page', { deps: { sales: shop.model('shop/util/sales/v2', z.object({})) } }).run(() => 1);
export const project = defineProject({ name: 'shop', assets: [page], dbt: [shop], environments: { local: {} } });
`,
      'dbt/dbt_project.yml': SETTINGS,
      ...manifest,
    });
    expect((await runCommand(root, ['generate', 'dbt'])).exit).toBe(0);
    expect(readFileSync(join(root, 'dbt/models/_generated/exposures.yml'), 'utf8')).toContain(`depends_on: ["${ref}"]\n`);
  });

  function versioned() {
    const node = nodeOf('model.util.sales.v2', ['util', 'sales', 'v2'], { original_file_path: 'models/sales_v2.sql' });
    return manifestOf({ nodes: { 'model.util.sales.v2': node }, unit_tests: {} });
  }
});
