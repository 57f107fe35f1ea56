import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { columnReaders } from '../../src/dbt/column-readers.ts';
import type { DbtDependency, DbtGraph, DbtNode, DbtTest } from '../../src/dbt/graph.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const source: DbtDependency = { kind: 'source', name: 'bronze.events' };
/** As dbt has it: of 'gold/sales/v2' the id 'model.shop.sales.v2'. */
const idOf = (key: string): string => `model.shop.${key.replace(/^.*?([^/]+(?:\/v\d+)?)$/, '$1').replace('/', '.')}`;
const node = (key: string): DbtDependency => ({ kind: 'node', id: idOf(key) });

interface Model {
  readonly reads: readonly DbtDependency[];
  readonly sql: string;
}

interface Written {
  readonly models: Readonly<Record<string, Model>>;
  readonly tests?: readonly (Pick<DbtTest, 'name' | 'kind' | 'dependsOn'> & Partial<Pick<DbtTest, 'source'>>)[];
  readonly files?: Readonly<Record<string, string>>;
}

/** A dbt project on the disk and what its manifest says. */
function write({ models, tests = [], files = {} }: Written): { readonly graph: DbtGraph; readonly dir: string } {
  const dir = mkdtempSync(join(tmpdir(), 'spindle-readers-'));
  folders.push(dir);
  const all = { 'dbt_project.yml': 'name: shop', ...files };
  const nodes = Object.entries(models).map(([key, { reads, sql }]) => {
    const path = `models/${key}.sql`;
    Object.assign(all, { [path]: sql });
    return { uniqueId: idOf(key), key, path, dependsOn: reads } as unknown as DbtNode;
  });
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const sources = [{ uniqueId: 's', name: 'bronze.events', relation: 'bronze.events', description: '' }];
  return { dir, graph: { name: 'shop', nodes, tests: tests as DbtTest[], sources, exposures: [] } };
}

const readers = async (project: ReturnType<typeof write>, column = 'user_id') =>
  (await columnReaders(project, 'bronze.events', [column])).get(column);

it('a model that names the column reads it, and one that does not does not', async () => {
  const project = write({
    models: {
      'staging/a': { reads: [source], sql: "select user_id from {{ source('bronze', 'events') }}" },
      'staging/b': { reads: [source], sql: "select song_id -- not user_id\nfrom {{ source('bronze', 'events') }}" },
      'staging/c': { reads: [], sql: 'select user_id from elsewhere' },
    },
  });
  expect(await readers(project)).toEqual(['staging/a']);
  expect(await readers(project, 'song_id')).toEqual(['staging/b']);
  expect(await readers(project, 'no_such_column')).toEqual([]);
});

it('a name is followed through models that carry it, and no further', async () => {
  const project = write({
    models: {
      'gold/c': { reads: [node('silver/b')], sql: "select user_id from {{ ref('b') }}" },
      'gold/d': { reads: [node('staging/renamed')], sql: "select user_id from {{ ref('renamed') }}" },
      'silver/b': { reads: [node('staging/a')], sql: "select * from {{ ref('a') }}" },
      'staging/a': { reads: [source], sql: 'select user_id from x' },
      'staging/renamed': { reads: [source], sql: 'select song_id as user from x' },
    },
  });
  expect(await readers(project)).toEqual(['gold/c', 'silver/b', 'staging/a']);
});

it('macros of the project and its packages are read with the model that calls them', async () => {
  const project = write({
    models: {
      outer: { reads: [source], sql: '{{ by_outer() }}' },
      dispatched: { reads: [source], sql: "{{ text('x') }}" },
      packaged: { reads: [source], sql: '{{ theirs.all_of(x) }}' },
      neither: { reads: [source], sql: 'select song_id' },
      listed: { reads: [source], sql: "select {{ var('names') | join(', ') }}" },
    },
    files: {
      'dbt_project.yml': 'name: shop\nmacro-paths: [own]\nvars: { names: [user_id] }',
      'own/a.sql': '{% macro by_outer() %}{{ inner() }}{% endmacro %}\n{%- macro inner() -%} user_id {%- endmacro -%}',
      'own/b.sql': "{% macro text(x) %}{{ adapter.dispatch('text')(x) }}{% endmacro %}{% macro snowflake__text(x) %}user_id{% endmacro %}",
      'dbt_packages/theirs/macros/all.sql': '{% macro all_of(x) %}select * from {{ x }}{% endmacro %}',
    },
  });
  expect(await readers(project)).toEqual(['dispatched', 'listed', 'outer', 'packaged']);
});

it('what is no SQL, or cannot be found, counts as a reader', async () => {
  const project = write({ models: { gone: { reads: [source], sql: '' }, python: { reads: [source], sql: '' } } });
  rmSync(join(project.dir, 'models/gone.sql'));
  const python = { ...project.graph.nodes[1]!, path: 'models/python.py' };
  expect(await readers({ ...project, graph: { ...project.graph, nodes: [project.graph.nodes[0]!, python] } })).toEqual(['gone', 'python']);
});

it('singular tests and unit tests read it where they name it in what comes from the source', async () => {
  const project = write({
    models: { a: { reads: [source], sql: 'select user_id, song_id' } },
    tests: [
      { name: 'no_user_is_new', kind: 'singular', dependsOn: [node('a')] },
      { name: 'no_song_is_new', kind: 'singular', dependsOn: [node('a')] },
      { name: 'not_null_user_id', kind: 'generic', dependsOn: [node('a')] },
    ],
    files: {
      'tests/no_user_is_new.sql': "select 1 from {{ ref('a') }} where user_id = 'new'",
      'tests/no_song_is_new.sql': "select 1 from {{ ref('a') }} where song_id = 'new'",
      'tests/fixtures/given_users.csv': 'user_id\nx',
      'models/tests.yml': `
unit_tests:
  - { name: rows, model: a, given: [{ input: "source('bronze', 'events')", rows: [{ user_id: x }] }] }
  - { name: text, model: b, given: [{ input: "ref('a')", format: sql, rows: "select 'x' as user_id" }] }
  - { name: file, model: a, given: [{ input: this, format: csv, fixture: given_users }] }
  - { name: songs, model: a, given: [{ input: "source('bronze', 'events')", rows: [{ song_id: x }] }] }
  - { name: other, model: a, given: [{ input: "ref('users')", rows: [{ user_id: x }] }] }`,
    },
  });
  expect(await readers(project)).toEqual(['a', 'test no_user_is_new', 'unit test file', 'unit test rows', 'unit test text']);
});

it('unit tests of models in packages and of versions read it too', async () => {
  const project = write({
    models: { a: { reads: [source], sql: 'select user_id' }, 'gold/sales/v2': { reads: [node('a')], sql: 'select user_id' } },
    files: {
      'models/tests.yml': `
unit_tests:
  - { name: packaged, model: b, given: [{ input: "ref('shop', 'a')", rows: [{ user_id: x }] }] }
  - { name: versioned, model: b, given: [{ input: "ref('sales', version='2')", rows: [{ user_id: x }] }] }
  - { name: numbered, model: b, given: [{ input: "ref('sales', v=2)", rows: [{ user_id: x }] }] }
  - { name: self, model: sales, given: [{ input: this, rows: [{ user_id: x }] }] }`,
    },
  });
  expect(await readers(project)).toEqual([
    'a',
    'gold/sales/v2',
    ...['numbered', 'packaged', 'self', 'versioned'].map((name) => `unit test ${name}`),
  ]);
});

it('generic tests that are written elsewhere and name the source read it, whichever column they do', async () => {
  const other: DbtDependency = { kind: 'source', name: 'bronze.others' };
  const project = write({
    models: { a: { reads: [source], sql: 'select song_id' }, b: { reads: [other], sql: 'select user_id' } },
    tests: [
      { name: 'relationships_user', kind: 'generic', dependsOn: [node('b'), source], source: undefined },
      { name: 'relationships_other_user', kind: 'generic', dependsOn: [other, source], source: 'bronze.others' },
      { name: 'not_null_user_id', kind: 'generic', dependsOn: [source], source: 'bronze.events' },
      { name: 'unique_song_id', kind: 'generic', dependsOn: [node('a')], source: undefined },
    ],
  });
  expect(await readers(project)).toEqual(['test relationships_other_user', 'test relationships_user']);
});

it('a table that no source is has no readers', async () => {
  const project = write({ models: { a: { reads: [source], sql: 'select user_id' } } });
  expect([...(await columnReaders(project, 'bronze.others', ['user_id']))]).toEqual([['user_id', []]]);
});
