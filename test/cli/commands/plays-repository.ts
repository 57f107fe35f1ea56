import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { DiffReport } from '../../../src/cli/diff/report.ts';
import { hashProjectFiles } from '../../../src/dbt/project-files.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

interface Shape {
  readonly play?: string;
  readonly counts?: string;
  readonly more?: string;
}

const source = ({
  play = 'id: z.int(), device: z.string(), ms: z.int()',
  counts = 'day: z.iso.date(), plays: z.int()',
  more = '',
}: Shape = {}) => `
import { asset, after, defineProject, landed, landing, partitions, source, table, topic } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { duckDb, embeddedBroker, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const Play = z.object({ ${play} });
const plays = asset('stream/plays', { store: topic('plays', Play) }).run(() => []);
const landedPlays = asset('lake/plays', { store: landing('plays', Play), deps: { plays } }).run(({ plays }) => plays);
const bronze = asset('bronze/plays', { store: table('bronze.plays', landed(Play), { write: 'append' }), deps: { landedPlays } }).run(
  ({ landedPlays }) => landedPlays,
);
const letters = source('bronze/dead_letters', { store: table('bronze.dead_letters', z.object({ raw: z.string() })), deps: { bronze: after(bronze) } });
const dbt = dbtProject({ name: 'music', dir: 'dbt', sources: [bronze] });
const silver = dbt.model('silver/plays', z.object({ id: z.int() }));
const Count = z.object({ ${counts} });
const counts = asset('gold/counts', { store: table('gold.counts', Count), deps: { silver } }).run(() => []);
const days = asset('gold/days', {
  store: table('gold.days', Count, { partitionBy: 'day' }),
  partitions: partitions.daily({ start: '2026-01-01' }),
  deps: { counts },
}).run(() => []);
${more}
export const project = defineProject({
  name: 'plays',
  assets: [plays, landedPlays, bronze, letters, counts, days],
  dbt: [dbt],
  environments: { local: { broker: embeddedBroker(), lake: fileSystemStore(), warehouse: duckDb(), runStore: sqliteRunStore() } },
});
`;

export const model = (name: string, upstream: readonly string[], columns: Readonly<Record<string, string>>) => ({
  unique_id: `model.music.${name}`,
  resource_type: 'model',
  fqn: ['music', 'silver', name],
  original_file_path: `models/silver/${name}.sql`,
  schema: 'silver',
  alias: name,
  description: '',
  config: { materialized: 'table', tags: [], meta: {}, contract: { enforced: true } },
  columns: Object.fromEntries(Object.entries(columns).map(([column, data_type]) => [column, { name: column, data_type, description: '' }])),
  depends_on: { nodes: upstream, macros: [] },
  checksum: { checksum: name },
});

const DBT_FILES = {
  'dbt/dbt_project.yml': 'name: music\n',
  'dbt/models/silver/plays.sql': "select id, device from {{ source('bronze', 'plays') }}\n",
  'dbt/models/silver/lengths.sql': "select ms from {{ source('bronze', 'plays') }}\n",
  'dbt/tests/no_device.sql': "select device from {{ ref('plays') }} where device is null\n",
};
const filesHash = await hashOf(DBT_FILES);

const BRONZE = 'source.music.bronze.plays';
export const manifest = (columns: Readonly<Record<string, string>> = { id: 'bigint', device: 'varchar' }) =>
  JSON.stringify({
    files: filesHash,
    metadata: { dbt_schema_version: 'v12', dbt_version: '1.11.16', project_name: 'music' },
    sources: {
      [BRONZE]: { unique_id: BRONZE, source_name: 'bronze', name: 'plays', schema: 'bronze', identifier: 'plays', description: '' },
    },
    nodes: Object.fromEntries(
      [
        model('plays', [BRONZE], columns),
        model('lengths', [BRONZE], { ms: 'bigint' }),
        {
          unique_id: 'test.music.no_device',
          resource_type: 'test',
          name: 'no_device',
          fqn: ['music', 'no_device'],
          description: '',
          config: { severity: 'ERROR' },
          depends_on: { nodes: ['model.music.plays'], macros: [] },
        },
      ].map((node) => [node.unique_id, node]),
    ),
    unit_tests: {},
    macros: {},
  });

async function hashOf(files: Readonly<Record<string, string>>): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'spindle-plays-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const hash = await hashProjectFiles(join(root, 'dbt'));
  rmSync(root, { recursive: true });
  return hash;
}

/** A project in a repository of git, with one commit. */
export function repository({ folder = '' }: { readonly folder?: string } = {}) {
  const { root: top, write } = temporaryProject({});
  const root = join(top, folder);
  const files = {
    'package.json': JSON.stringify({ type: 'module', spindle: { project: 'src/project.ts' } }),
    '.gitignore': '.spindle\n',
    'src/project.ts': source(),
    ...DBT_FILES,
    'dbt/manifest.json': manifest(),
  };
  write(Object.fromEntries(Object.entries(files).map(([path, text]) => [join(folder, path), text])));
  const env = { PATH: process.env['PATH'], HOME: top, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...argv: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...argv], { cwd: top, env, encoding: 'utf8' });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message=one');
  return {
    root,
    top,
    git,
    change: (shape: Shape) => writeFileSync(join(root, 'src/project.ts'), source(shape)),
    put: (path: string, text: string) => writeFileSync(join(root, path), text),
    diff: (...argv: string[]) => runCommand(root, ['diff', ...argv], env),
    report: async (...argv: string[]) => {
      const { stdout, stderr } = await runCommand(root, ['diff', ...argv, '--json'], env);
      expect(stderr).toBe('');
      return JSON.parse(stdout) as DiffReport;
    },
  };
}
