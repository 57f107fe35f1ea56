import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { userProject } from './user-project.ts';

const KINDS = ['generic', 'singular', 'unit', 'relation', 'warned', 'tolerant', 'sound'] as const;

/** For each kind of test a model that fails it, a model of dbt behind that, and an asset of Spindle behind it. */
const FILES = {
  'src/project.ts': `
import { asset, defineProject, table } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { dbt, duckDb, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const models = dbtProject({ name: 'models', dir: 'dbt', sources: [] });
const pages = (${JSON.stringify(KINDS)} as const).map((kind) => {
  const model = models.model(\`gold/\${kind}\`, z.object({ n: z.int().nullable() }));
  return asset(\`page/\${kind}\`, { store: table(\`page.\${kind}\`, z.object({ rows: z.int() })), deps: { model } })
    .run(async ({ model }) => [{ rows: await model.count() }]);
});
export const project = defineProject({
  name: 'models',
  assets: pages,
  dbt: [models],
  environments: { local: { warehouse: duckDb(), transformer: dbt(), runStore: sqliteRunStore() } },
});
`,
  'dbt/dbt_project.yml': JSON.stringify({
    name: 'models',
    profile: 'models',
    flags: { require_generic_test_arguments_property: true },
    models: { '+materialized': 'table' },
  }),
  'dbt/seeds/numbers.csv': 'n\n1\n2\n',
  ...Object.fromEntries(
    KINDS.flatMap((kind) => [
      [`dbt/models/gold/${kind}.sql`, "select n from {{ ref('numbers') }} union all select null"],
      [`dbt/models/gold/${kind}_behind.sql`, `select n from {{ ref('${kind}') }}`],
    ]),
  ),
  // dbt holds back what stands behind all models that a test reads.
  'dbt/models/gold/relation_behind.sql': "select n from {{ ref('relation') }} where n in (select n from {{ ref('few') }})",
  'dbt/models/gold/gold.yml': `
models:
  - name: generic
    columns: [{ name: n, data_tests: [not_null: { config: { store_failures: true } }] }]
  - { name: singular, columns: [{ name: n }] }
  - { name: unit, columns: [{ name: n }] }
  - name: relation
    columns: [{ name: n, data_tests: [relationships: { arguments: { to: "ref('few')", field: n } }] }]
  - name: warned
    columns: [{ name: n, data_tests: [not_null: { config: { severity: warn } }] }]
  - name: tolerant
    columns: [{ name: n, data_tests: [not_null: { config: { error_if: '>10', warn_if: '>0' } }] }]
  - { name: sound, columns: [{ name: n, data_tests: [unique] }] }
unit_tests:
  - name: keeps_one
    model: unit
    given: [{ input: "ref('numbers')", rows: [{ n: 7 }] }]
    expect: { rows: [{ n: 8 }] }
`,
  'dbt/models/gold/few.sql': "select n from {{ ref('numbers') }} where n = 1",
  'dbt/tests/singular_has_no_two.sql': "select * from {{ ref('singular') }} where n = 2",
};

interface Summary {
  readonly assets: readonly { readonly asset: string; readonly result: string; readonly note: string }[];
  readonly checks: readonly { readonly asset: string; readonly check: string; readonly passed: boolean; readonly severity?: string }[];
}

describe('a test of dbt that fails', () => {
  it('is a failed check of its asset and blocks what stands behind it, of dbt and of Spindle, where it is no warning', async () => {
    const root = await userProject(FILES);
    const { exit, stdout } = await runCli(root, ['materialize', '--json']);
    expect(exit).toBe(1);
    const { assets, checks } = JSON.parse(stdout) as Summary;
    expect(checks.map(({ asset, check, passed }) => [asset, check, passed]).toSorted()).toEqual([
      ['gold/generic', 'not_null_n', false],
      ['gold/relation', 'relationships_n', false],
      ['gold/singular', 'singular_has_no_two', false],
      ['gold/sound', 'unique_n', true],
      ['gold/tolerant', 'not_null_n', false],
      ['gold/unit', 'keeps_one', false],
      ['gold/warned', 'not_null_n', false],
    ]);
    const results = new Map(assets.map(({ asset, result }) => [asset, result]));
    const of = (kind: string) => [`gold/${kind}`, `gold/${kind}_behind`, `page/${kind}`].map((key) => results.get(key));
    for (const kind of ['generic', 'singular', 'relation']) expect(of(kind), kind).toEqual(['materialized', 'skipped', 'skipped']);
    // dbt runs a unit test before its model, and then leaves the model out.
    expect(of('unit')).toEqual(['skipped', 'skipped', 'skipped']);
    for (const kind of ['warned', 'tolerant', 'sound']) expect(of(kind), kind).toEqual(['materialized', 'materialized', 'materialized']);

    // Blocked for as long as nothing changes; a warning is no failure.
    const again = await runCli(root, ['materialize', '--json', '-s', '+page/generic or +page/warned']);
    const next = new Map((JSON.parse(again.stdout) as Summary).assets.map(({ asset, result }) => [asset, result]));
    expect([next.get('page/generic'), next.get('page/warned')]).toEqual(['skipped', 'fresh']);

    // Mended, it lets through what waited.
    writeFileSync(join(root, 'dbt/models/gold/generic.sql'), "select n from {{ ref('numbers') }}");
    const mended = await runCli(root, ['materialize', '--json', '-s', '+page/generic']);
    expect([mended.exit, (JSON.parse(mended.stdout) as Summary).assets.find(({ asset }) => asset === 'page/generic')?.result]).toEqual([
      0,
      'materialized',
    ]);
  });
});

describe('selecting one model with what it stands on', () => {
  it('has dbt build exactly those of them that are stale', async () => {
    const root = await userProject({
      ...FILES,
      'dbt/models/gold/gold.yml': `models: [${KINDS.map((kind) => `{ name: ${kind}, columns: [{ name: n }] }`).join(', ')}]`,
      'dbt/models/gold/sound.sql': "select n from {{ ref('few') }}",
    });
    rmSync(join(root, 'dbt/tests/singular_has_no_two.sql'));
    const log = join(root, '.spindle/local/dbt/logs/dbt.log');
    /** The nodes that dbt's own log says were begun since the last call. */
    const built = async (...args: readonly string[]) => {
      rmSync(log, { force: true });
      const { exit, stderr } = await runCli(root, ['materialize', '--json', ...args]);
      expect(exit, stderr).toBe(0);
      return [...readFileSync(log, 'utf8').matchAll(/START (?:sql|seed|test)?[ a-z]*?(?:main\.)?(\w+) \.{2,}/g)]
        .map(([, name]) => name)
        .toSorted();
    };
    expect(await built('-s', '+gold/sound_behind')).toEqual(['few', 'numbers', 'sound', 'sound_behind']);
    writeFileSync(join(root, 'dbt/models/gold/few.sql'), "select n from {{ ref('numbers') }} where n < 2");
    expect(await built('-s', '+gold/sound_behind')).toEqual(['few', 'sound', 'sound_behind']);
    writeFileSync(join(root, 'dbt/models/gold/sound_behind.sql'), "select n + 0 as n from {{ ref('sound') }}");
    writeFileSync(join(root, 'dbt/models/gold/warned.sql'), 'select 9 as n');
    expect(await built('-s', '+gold/sound_behind')).toEqual(['sound_behind']);
  });
});
