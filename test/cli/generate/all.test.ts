import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProject } from '../../../src/dbt/parse-project.ts';
import { manifestOf } from '../../dbt/manifest.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

const projectOf = (field: string, airflow = '{ sharedHost: true }') => `
import { asset, defineProject, job, table, topic } from 'spindle';
import { duckDb, embeddedBroker, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const Play = z.object({ id: z.int(), ${field}: z.string() });
const plays = asset('stream/plays', { store: topic('plays', Play) }).run(() => []);
const gold = asset('gold/plays', { group: 'gold', store: table('gold.plays', Play), deps: { plays } }).run(() => []);
export const project = defineProject({
  name: 'music',
  assets: [plays, gold],
  jobs: [job('daily', { select: 'gold/*' })],
  environments: { local: { broker: embeddedBroker(), warehouse: duckDb(), runStore: sqliteRunStore() } },
  airflow: ${airflow},
});
`;
const FILES = [
  'docs/catalog/README.md',
  'docs/catalog/_ungrouped.md',
  'docs/catalog/gold.md',
  'generated/ddl/duckdb.sql',
  'generated/ddl/snowflake.sql',
  'generated/json-schema/plays.schema.json',
];

/** A project of which everything but the DAGs is generated. */
async function generatedProject() {
  const { root, write } = temporaryProject({ 'src/project.ts': projectOf('device') });
  const all = (...argv: string[]) => runCommand(root, ['generate', 'all', '--except', 'airflow', ...argv]);
  const made = await all();
  expect(made.exit, made.stderr).toBe(0);
  return {
    root,
    made,
    all,
    change: (field: string) => write({ 'src/project.ts': projectOf(field) }),
    at: (path: string) => join(root, path),
  };
}

interface Report {
  readonly drift: boolean;
  readonly generators: readonly {
    readonly generator: string;
    readonly files: readonly { readonly path: string; readonly state: string }[];
  }[];
}
const statesOf = (stdout: string) =>
  (JSON.parse(stdout) as Report).generators.flatMap(({ files }) => files.map(({ path, state }) => `${path} ${state}`)).toSorted();

describe('spindle generate all', () => {
  it('writes what every generator makes, in one report', async () => {
    const { root, made, all } = await generatedProject();
    expect(made.stdout.split('\n').map((line) => line.trimEnd().replaceAll(/ {2,}/g, ' | '))).toEqual([
      'generator | file | state',
      ...['ddl', 'jsonschema', 'docs'].flatMap((name) =>
        FILES.filter((path) => path.startsWith({ ddl: 'generated/ddl', jsonschema: 'generated/json', docs: 'docs/' }[name] ?? '')).map(
          (path) => `${name.padEnd(0)} | ${path} | written`,
        ),
      ),
      '',
    ]);
    for (const path of FILES) expect(existsSync(join(root, path)), path).toBe(true);
    expect(await all('--check')).toEqual({ exit: 0, stdout: '6 files are as generated.\n', stderr: '' });
    expect(statesOf((await all('--json')).stdout)).toEqual(FILES.map((path) => `${path} same`));
  });

  it('shows the differences of all generators, ends with 3 and writes nothing', async () => {
    const { all, change, at } = await generatedProject();
    change('device_type');
    const { exit, stdout } = await all('--check');
    expect(exit).toBe(3);
    for (const line of ['+  "device_type" VARCHAR NOT NULL', '+| `device_type` | string |', '+    "device_type": {'])
      expect(stdout).toContain(line);
    expect(stdout).toMatch(/5 files differ from what is generated\. Run: npx spindle generate all --except airflow\n$/);
    expect(readFileSync(at('generated/ddl/duckdb.sql'), 'utf8')).not.toContain('device_type');
    const report = await all('--check', '--json');
    expect(report.exit).toBe(3);
    expect(statesOf(report.stdout)).toEqual(FILES.map((path) => `${path} ${path.endsWith('README.md') ? 'same' : 'outdated'}`));
    expect((await all()).exit).toBe(0);
    expect((await all('--check')).exit).toBe(0);
  });

  it('writes nothing at all where one file was edited by hand', async () => {
    const { all, change, at } = await generatedProject();
    writeFileSync(at('docs/catalog/gold.md'), `${readFileSync(at('docs/catalog/gold.md'), 'utf8')}\nMine.\n`);
    change('device_type');
    const refused = await all();
    expect(refused).toMatchObject({ exit: 1, stderr: expect.stringContaining('docs/catalog/gold.md is not as Spindle generated it') });
    expect(refused.stderr).toContain('npx spindle generate all --except airflow --force');
    expect(readFileSync(at('generated/ddl/duckdb.sql'), 'utf8')).not.toContain('device_type');
    expect((await all('--force')).exit).toBe(0);
    expect(readFileSync(at('generated/ddl/duckdb.sql'), 'utf8')).toContain('device_type');
  });

  it('shows what the others find where one generator fails, and writes nothing then', async () => {
    const { root, all, change, at } = await generatedProject();
    change('device_type');
    writeFileSync(at('src/project.ts'), projectOf('device_type', `{ output: '../elsewhere' }`));
    const checked = await runCommand(root, ['generate', 'all', '--check']);
    expect(checked).toMatchObject({ exit: 1, stderr: expect.stringContaining('error[EXPORT_INVALID]') });
    expect(checked.stdout).toContain('5 files differ from what is generated.');
    expect(await runCommand(root, ['generate', 'all'])).toMatchObject({ exit: 1, stdout: '' });
    expect(readFileSync(at('generated/ddl/duckdb.sql'), 'utf8')).not.toContain('device_type');
    expect((await all('--check')).exit).toBe(3);
  });

  it('says of a project whose models nobody parsed yet which generator comes first', async () => {
    const dbt = `import { dbtProject } from 'spindle/dbt';\n${projectOf('device').replace("name: 'music',", "name: 'music', dbt: [dbtProject({ name: 'music', dir: 'dbt', sources: [gold] })],")}`;
    const { root } = temporaryProject({
      'src/project.ts': dbt,
      'dbt/dbt_project.yml': 'name: music\nflags: { require_generic_test_arguments_property: true }\n',
    });
    const all = await runCommand(root, ['generate', 'all']);
    expect(all).toMatchObject({ exit: 1, stderr: expect.stringContaining('Run `spindle generate dbt`') });
    expect((await runCommand(root, ['generate', 'dbt'])).exit).toBe(0);
    expect(existsSync(join(root, 'dbt/models/_generated/sources.yml'))).toBe(true);
  });

  it('ends a check with 3 where a manifest of dbt is outdated: what its models became is not known', async () => {
    const dbt = `import { dbtProject } from 'spindle/dbt';\n${projectOf('device').replace("name: 'music',", "name: 'music', dbt: [dbtProject({ name: 'shop', dir: 'dbt', sources: [source('landing/orders', { store: table('landing.orders_v2', Play) })] })],").replace('asset, ', 'asset, source, ')}`;
    const { root, write } = temporaryProject({
      'src/project.ts': dbt,
      'dbt/dbt_project.yml': 'name: shop\nflags: { require_generic_test_arguments_property: true }\n',
    });
    const all = (...argv: string[]) => runCommand(root, ['generate', 'all', '--except', 'airflow', '--except', 'dbt', ...argv]);
    const folder = join(root, 'dbt');
    await parseProject(folder, async () => manifestOf());
    expect(await all()).toMatchObject({ exit: 0, stderr: '' });
    expect(await all('--check')).toMatchObject({ exit: 0, stderr: '' });
    write({ 'dbt/models/gold/late.sql': "select * from {{ ref('sales') }}" });
    const note = 'dbt/manifest.json was made from other files than the dbt project has now';
    expect(await all('--check')).toMatchObject({ exit: 3, stdout: expect.stringContaining(note) });
    expect(JSON.parse((await all('--check', '--json')).stdout)).toMatchObject({ drift: true });
    expect(await runCommand(root, ['generate', 'docs', '--check'])).toMatchObject({ exit: 3, stdout: expect.stringContaining(note) });
    expect((await runCommand(root, ['generate', 'ddl', '--check'])).exit).toBe(0);
    await parseProject(folder, async () => manifestOf());
    expect((await all('--check')).exit).toBe(0);
  });

  it('refuses to leave out what there is not', async () => {
    const { all } = await generatedProject();
    expect(await all('--except', 'dags')).toMatchObject({ exit: 2 });
    expect(await all('--check', '--force')).toMatchObject({ exit: 2, stderr: expect.stringContaining('only one of them can be given') });
  });
});

describe('the generators of schemas', () => {
  it('write elsewhere where they are told to, and one dialect alone', async () => {
    const { root } = temporaryProject({ 'src/project.ts': projectOf('device') });
    const generate = (...argv: string[]) => runCommand(root, ['generate', ...argv]);
    expect((await generate('ddl', '--dialect', 'snowflake', '--out', './infra/sql/')).stdout).toContain('infra/sql/snowflake.sql  written');
    expect(existsSync(join(root, 'infra/sql/duckdb.sql'))).toBe(false);
    expect((await generate('ddl', '--out', 'infra/sql')).stdout).toMatch(/duckdb\.sql +written\n.*snowflake\.sql +same/s);
    expect(readFileSync(join(root, 'infra/sql/duckdb.sql'), 'utf8')).toContain('then run: npx spindle generate ddl --out infra/sql\n');
    expect((await generate('jsonschema', '--out', '../up')).stderr).toContain('error[EXPORT_INVALID]');
    expect((await generate('ddl', '--dialect', 'oracle')).exit).toBe(2);
  });

  it('remove what is generated no more, and nothing of others', async () => {
    const { root, all, change, at } = await generatedProject();
    writeFileSync(at('docs/catalog/mine.md'), '# Mine\n');
    writeFileSync(at('src/project.ts'), projectOf('device').replaceAll(`group: 'gold'`, `group: 'other'`));
    const { stdout } = await all();
    expect(stdout).toMatch(/docs\/catalog\/gold\.md +removed/);
    expect(existsSync(join(root, 'docs/catalog/mine.md'))).toBe(true);
    change('device');
    expect((await all('--check')).stdout).toContain('docs/catalog/other.md');
  });
});

describe('the generated files of this repository', () => {
  it('are those of the project: node bin/spindle.js generate all', async () => {
    const { exit, stdout, stderr } = await runCommand(join(import.meta.dirname, '../../..'), ['generate', 'all', '--check']);
    expect(exit, stdout + stderr).toBe(0);
  });
});
