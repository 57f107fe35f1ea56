import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiffReport } from '../../../src/cli/diff/report.ts';
import { runCommand } from '../run-command.ts';
import { manifest, model, repository } from './plays-repository.ts';

const lines = (stdout: string) => stdout.split('\n').map((line) => line.trimEnd().replaceAll(/ {2,}/g, ' | '));
const partOf = ({ parts }: DiffReport, name: string) => parts.find((part) => part.name === name);

describe('spindle diff --against a commit', () => {
  it('finds nothing where nothing changed, and leaves nothing behind', async () => {
    const { root, git, diff, report } = repository();
    expect(await diff('--against', 'HEAD')).toMatchObject({ exit: 0, stdout: 'plays: as at HEAD.\n' });
    const { against, parts } = await report('--against', 'main');
    expect(against).toEqual({ kind: 'commit', name: 'main', commit: git('rev-parse', 'HEAD').trim() });
    expect(parts.map(({ kind, name, class: of }) => `${kind} ${name} ${of}`)).toEqual([
      'topic plays identical',
      'landing lake/plays identical',
      'table bronze.plays identical',
      'table bronze.dead_letters identical',
      'table gold.counts identical',
      'table gold.days identical',
      'model silver/lengths identical',
      'model silver/plays identical',
    ]);
    expect(readdirSync(join(root, '.spindle/cache/trees'))).toEqual([]);
    expect(git('status', '--porcelain')).toBe('');
  });

  it('tells of a column that goes which models, tests and assets read it, and of the rebuild; ends with 3', async () => {
    const { change, diff } = repository();
    change({ play: 'id: z.int(), device_type: z.string(), ms: z.int()' });
    const { exit, stdout } = await diff('bronze/*', '--against', 'HEAD');
    expect(exit).toBe(3);
    expect(lines(stdout)).toEqual([
      'of | class | where | what | concerns',
      'bronze.plays | breaking | device | is no longer declared: is it "device_type" now? | silver/plays, gold/counts, gold/days, test no_device',
      'bronze.plays | breaking | device_type | is new, and must not be null: rows that are there have no value | -',
      'bronze.plays: the next run refuses it, for "device_type" is new and not nullable; "device" is no longer declared. To delete and load it again: spindle materialize --select bronze/plays --full-refresh',
      '2 changes are breaking.',
      '',
    ]);
  });

  it('names readers in a second dbt project, of models of the first one and of what a function computed', async () => {
    const { root, git, change, diff } = repository();
    const sources = { plays: 'silver', counts: 'gold' };
    const id = (name: keyof typeof sources) => `source.music.${sources[name]}.${name}`;
    const models = [model('by_device', [id('plays')], {}), model('by_id', [id('plays')], {}), model('sums', [id('counts')], {})];
    mkdirSync(join(root, 'report/models/silver'), { recursive: true });
    const files = {
      'dbt_project.yml': 'name: music\n',
      'manifest.json': JSON.stringify({
        ...(JSON.parse(manifest()) as object),
        nodes: Object.fromEntries(models.map((one) => [one.unique_id, one])),
        sources: Object.fromEntries(
          (['plays', 'counts'] as const).map((name) => [
            id(name),
            { unique_id: id(name), source_name: sources[name], name, schema: sources[name], identifier: name, description: '' },
          ]),
        ),
      }),
      'models/silver/by_device.sql': 'select device from x',
      'models/silver/by_id.sql': 'select id from x',
      'models/silver/sums.sql': 'select sum(plays) from x',
    };
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, 'report', path), text);
    const more = "const report = dbtProject({ name: 'report', dir: 'report', sources: [silver, counts] });";
    const withReport = (play: string) => {
      change({ play, more });
      const path = join(root, 'src/project.ts');
      writeFileSync(path, readFileSync(path, 'utf8').replace('dbt: [dbt]', 'dbt: [dbt, report]'));
    };
    withReport('id: z.int(), device: z.string(), ms: z.int()');
    git('add', '.');
    git('commit', '--quiet', '--message=two');
    withReport('id: z.int(), ms: z.int()');
    const { stdout } = await diff('--against', 'HEAD', '--json');
    const gone = partOf(JSON.parse(stdout) as DiffReport, 'bronze.plays')?.changes.find(({ path }) => path === 'device');
    expect(gone?.assets.toSorted()).toEqual(['gold/counts', 'gold/days', 'silver/by_device', 'silver/plays', 'silver/sums']);
  });

  it('says which statements a table is altered by, and ends with 0 where nothing breaks', async () => {
    const { change, diff } = repository();
    change({ play: 'id: z.int(), device: z.string().nullable(), ms: z.int(), city: z.string().optional()' });
    const { exit, stdout } = await diff('bronze/*', '--against', 'HEAD~0');
    expect(exit).toBe(0);
    expect(lines(stdout)).toEqual([
      'of | class | where | what | concerns',
      'bronze.plays | widening | device | may be null | silver/plays, gold/counts, gold/days, test no_device',
      'bronze.plays | compatible | city | is new, and may be null | -',
      'bronze.plays: the next run alters it, and keeps its rows:',
      ' | ALTER TABLE "bronze"."plays" ADD COLUMN IF NOT EXISTS "city" VARCHAR;',
      ' | ALTER TABLE "bronze"."plays" ALTER COLUMN "device" DROP NOT NULL;',
      '',
    ]);
  });

  it('tells apart tables that are written anew, refused, and written by something else', async () => {
    const { root, change, report } = repository();
    change({ counts: 'day: z.iso.date(), plays: z.int(), city: z.string()' });
    const path = join(root, 'src/project.ts');
    writeFileSync(path, readFileSync(path, 'utf8').replace('z.object({ raw: z.string() })', 'z.object({ raw: z.string().optional() })'));
    const found = await report('--against', 'HEAD');
    expect(partOf(found, 'gold.counts')).toMatchObject({ class: 'breaking', next: { kind: 'anew' } });
    expect(partOf(found, 'gold.days')).toMatchObject({ next: { kind: 'rebuild', reasons: ['"city" is new and not nullable'] } });
    expect(partOf(found, 'bronze.dead_letters')).toMatchObject({ class: 'widening', next: { kind: 'foreign' } });
    expect(partOf(found, 'bronze.plays')).not.toHaveProperty('next');
  });

  it('says that rows which were added up by code with another schema have to be loaded again', async () => {
    const { change, report } = repository();
    change({ play: 'id: z.int(), device: z.enum(["tv"]), ms: z.int()' });
    expect(partOf(await report('--against', 'HEAD'), 'bronze.plays')).toMatchObject({
      class: 'breaking',
      changes: [{ path: 'device', kind: 'values', tests: ['test no_device'] }],
      next: { kind: 'rebuild', reasons: ['its rows were added up by code with another schema'] },
    });
  });

  it('promises no ALTER where the values of another column changed beside a new one, however deep', async () => {
    const { git, change, report } = repository();
    change({ play: 'id: z.int(), ms: z.int(), device: z.object({ os: z.string() })' });
    git('commit', '--quiet', '--all', '--message=two');
    const next = async (play: string) => {
      change({ play: `id: z.int(), ms: z.int(), city: z.string().optional(), ${play}` });
      return partOf(await report('--against', 'HEAD'), 'bronze.plays')?.next?.kind;
    };
    expect(await next('device: z.object({ os: z.int() })')).toBe('rebuild');
    expect(await next('device: z.object({ os: z.string().describe("Its system") })')).toBe('alter');
  });

  it('promises no ALTER for a table whose rows a function adds up, unless a codeVersion says that they stay', async () => {
    const { root, git, report } = repository();
    const path = join(root, 'src/project.ts');
    const edit = (from: string, to: string) => writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
    edit("table('gold.counts', Count)", "table('gold.counts', Count, { write: 'append' })");
    git('commit', '--quiet', '--all', '--message=two');
    edit('plays: z.int()', 'plays: z.int(), city: z.string().optional()');
    expect(partOf(await report('--against', 'HEAD'), 'gold.counts')).toMatchObject({
      class: 'compatible',
      next: { kind: 'rebuild', reasons: ['its rows were added up by code with another schema'] },
    });
    edit("asset('gold/counts', {", "asset('gold/counts', { codeVersion: '1',");
    expect(partOf(await report('--against', 'HEAD'), 'gold.counts')).toMatchObject({ next: { kind: 'alter' } });
  });

  it('names the columns that a contract of dbt lost, with all that is downstream', async () => {
    const { put, diff } = repository();
    put('dbt/manifest.json', manifest({ id: 'integer', city: 'varchar' }));
    const { exit, stdout } = await diff('silver/*', '--against', 'HEAD');
    expect(exit).toBe(3);
    expect(lines(stdout).slice(1, 4)).toEqual([
      'silver/plays | breaking | id | is integer, and was bigint | gold/counts, gold/days',
      'silver/plays | breaking | device | is no longer a column | as above',
      'silver/plays | compatible | city | is a new column | -',
    ]);
  });

  it('says that it does not know what changed in dbt since its manifest was made', async () => {
    const { put, diff } = repository();
    put('dbt/models/silver/lengths.sql', "select device, ms from {{ source('bronze', 'plays') }}\n");
    const { exit, stderr } = await diff('--against', 'HEAD');
    expect(exit).toBe(0);
    expect(stderr).toContain('dbt/manifest.json was made from other files than the dbt project has now');
  });

  it('tells of tables and topics that are gone or new', async () => {
    const { root, report, diff } = repository();
    const path = join(root, 'src/project.ts');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replaceAll("'gold.counts'", "'gold.sums'").replaceAll("topic('plays'", "topic('played'"),
    );
    const { parts, gone } = await report('--against', 'HEAD');
    expect(gone).toEqual(['plays']);
    expect(parts.find(({ name }) => name === 'gold.sums')?.class).toBe('new');
    expect(parts.find(({ name }) => name === 'gold.counts')).toMatchObject({
      class: 'breaking',
      changes: [{ text: 'is no longer declared' }],
    });
    const { stdout } = await diff('--against', 'HEAD');
    expect(stdout).toContain('gold.sums: new since HEAD.\n');
    expect(stdout).toContain('plays: declared at HEAD, and no longer.\n');
  });

  it('finds the project in a folder of its repository, and whatever a hook of git says of it', async () => {
    const { root, top, change } = repository({ folder: 'packages/music' });
    change({ counts: 'day: z.iso.date()' });
    const env = { PATH: process.env['PATH'], GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index' };
    const { stdout } = await runCommand(top, ['diff', '--against', 'main', '--json', '--project', 'packages/music'], env);
    expect(partOf(JSON.parse(stdout) as DiffReport, 'gold.counts')).toMatchObject({ class: 'breaking' });
    expect(existsSync(join(root, '.spindle/cache'))).toBe(true);
  });

  it('says at which commit a project cannot be read', async () => {
    const { git, put, change, diff } = repository();
    put('src/project.ts', 'export const nothing = 1;\n');
    git('commit', '--quiet', '--all', '--message=two');
    change({});
    const { exit, stderr } = await diff('--against', 'HEAD');
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^error\[PROJECT_INVALID\]: The project as it is at HEAD cannot be read: /);
    expect((await diff('--against', 'HEAD~1')).exit).toBe(0);
  });

  it('prefers a file, and refuses what is neither a file nor a commit', async () => {
    const { git, change, diff } = repository();
    git('branch', 'schemas.json');
    change({ counts: 'day: z.iso.date()' });
    expect((await diff('--against', 'schemas.json')).exit).toBe(3);
    expect((await diff('--write', 'schemas.json')).stdout).toBe('schemas.json holds the schemas of 1 topic and 4 tables.\n');
    expect(await diff('--against', 'schemas.json')).toMatchObject({ exit: 0, stdout: 'plays: as in the file.\n' });
    for (const name of ['nothing', '--upload-pack=x', 'src', ''])
      expect(await diff(`--against=${name}`), name).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining(`There is no file ${name}, and git knows no commit of that name.`),
      });
  });
});

describe('spindle diff --against a file', () => {
  it('compares tables and contracts too', async () => {
    const { change, put, diff } = repository();
    await diff('--write', 'schemas.json');
    change({ counts: 'day: z.iso.date(), plays: z.number()' });
    put('dbt/manifest.json', manifest({ id: 'bigint' }));
    const { exit, stdout } = await diff('--against', 'schemas.json');
    expect(exit).toBe(3);
    expect(lines(stdout)).toEqual([
      'of | class | where | what | concerns',
      'gold.counts | widening | plays | may have a fraction | gold/days',
      'gold.days | widening | plays | may have a fraction | -',
      'silver/plays | breaking | device | is no longer a column | gold/counts, gold/days',
      'gold.counts: the next run writes it anew.',
      'gold.days: the next run refuses it, for "plays" is BIGINT and is declared DOUBLE. To delete and load it again: spindle materialize --select gold/days --full-refresh',
      'plays: as in the file.',
      '1 change is breaking.',
      '',
    ]);
  });

  it('reads one that was written before tables were compared, and says what it lacks', async () => {
    const { root, change, diff } = repository();
    await diff('--write', 'schemas.json');
    const { project, topics } = JSON.parse(readFileSync(join(root, 'schemas.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(root, 'schemas.json'), JSON.stringify({ project, topics }));
    change({ counts: 'day: z.iso.date()' });
    expect(await diff('--against', 'schemas.json')).toEqual({
      exit: 0,
      stdout: 'plays: as in the file.\n',
      stderr: 'schemas.json holds topics alone, and no tables: write it anew to compare them too.\n',
    });
  });
});
