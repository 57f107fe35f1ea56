import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePython } from '../../../src/drivers/transformer/python-environment.ts';
import { root } from '../dbt-project.ts';

/** What somebody writes who begins: assets in TypeScript, and models of dbt on them. Nothing is generated yet, and dbt has read nothing. */
const FILES = {
  'package.json': '{ "type": "module", "spindle": { "project": "project.ts" } }',
  'project.ts': `
import { asset, defineProject, references, table, value } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { dbt, duckDb, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const User = z.object({ user_id: z.string(), plan: z.enum(['free', "student's"]) });
const Play = z.object({ user_id: z.string(), order: z.int().min(1) });

const users = asset('bronze/users', { store: table('bronze.users', User, { key: ['user_id'] }) }).run(() => [{ user_id: 'a', plan: 'free' }]);
const plays = asset('bronze/plays', {
  store: table('bronze.plays', Play, { key: ['user_id', 'order'], references: { user_id: references(users, 'user_id') } }),
}).run(() => [{ user_id: 'a', order: 1 }, { user_id: 'a', order: 2 }]);

const music = dbtProject({ name: 'music', dir: 'dbt', sources: [users, plays] });
const counts = music.model('gold/counts', z.object({ user_id: z.string(), plays: z.int() }));
const report = asset('report', { store: value(z.int()), deps: { counts } }).run(async ({ counts }) => (await counts.all())[0]?.plays ?? 0);

export const project = defineProject({
  name: 'music',
  assets: [users, plays, report],
  dbt: [music],
  environments: { local: { warehouse: duckDb(), transformer: dbt(), lake: fileSystemStore(), runStore: sqliteRunStore() } },
});
`,
  'dbt/dbt_project.yml': 'name: music\nprofile: spotify\nflags: { require_generic_test_arguments_property: true }\n',
  'dbt/macros/generate_schema_name.sql': readFileSync(join(root, 'dbt/macros/generate_schema_name.sql'), 'utf8'),
  'dbt/profiles.yml': readFileSync(join(root, 'dbt/profiles.yml'), 'utf8'),
  'dbt/models/gold/counts.sql': `{{ config(schema='gold') }}
select user_id, count(*) as plays from {{ source('bronze', 'plays') }} group by user_id`,
  'dbt/models/gold/counts.yml': 'models: [{ name: counts, columns: [{ name: user_id }, { name: plays }] }]',
};

describe('a project that begins', () => {
  let folder = '';
  let python = '';
  beforeAll(async () => {
    python = await ensurePython({ root, notify: () => {} });
    folder = mkdtempSync(join(tmpdir(), 'spindle-scratch-'));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/spindle'));
    symlinkSync(join(root, 'node_modules/zod'), join(folder, 'node_modules/zod'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const spindle = (...args: readonly string[]) => {
    const { SPINDLE_STATE: _, ...variables } = process.env;
    const env = { ...variables, SPINDLE_PYTHON: python, CI: 'true', NO_COLOR: '1' };
    return spawnSync(process.execPath, [join(root, 'bin/spindle.js'), ...args], { cwd: folder, encoding: 'utf8', env });
  };

  it('is told to generate the sources, and then plans, runs and passes the checks', () => {
    expect(spindle('plan').stderr).toMatch(/source/i);
    expect(spindle('list').stderr).toContain('spindle generate dbt');

    const generated = spindle('generate', 'dbt');
    expect(generated.status, generated.stderr).toBe(0);
    expect(generated.stdout).toContain('dbt/manifest.json is not there yet: `npx spindle plan`');
    expect(readFileSync(join(folder, 'dbt/models/_generated/exposures.yml'), 'utf8')).toContain('depends_on: ["ref(\'counts\')"]');

    const planned = spindle('plan');
    expect(planned.status, planned.stderr).toBe(0);
    expect(planned.stdout).toMatch(/gold\/counts +run/);
    const run = spindle('materialize');
    expect(run.status, run.stdout + run.stderr).toBe(0);
    const checked = spindle('generate', 'dbt', '--check');
    expect(checked.stdout).toBe('3 files are as generated.\n');
  });
});
