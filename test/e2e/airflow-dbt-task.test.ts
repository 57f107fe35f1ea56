import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { environmentOf, readOutcome, type Told } from '../cli/airflow/tasks-project.ts';
import { runCli } from '../cli/run-cli.ts';
import { root as repository } from './dbt-project.ts';
import { userProject } from './user-project.ts';

const FILES = {
  'src/project.ts': `
import { asset, defineProject, table } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { dbt, duckDb, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const rows = asset('bronze/rows', { store: table('bronze.rows', z.object({ id: z.int() })) }).run(() => [{ id: 1 }, { id: 2 }]);
export const project = defineProject({
  name: 'models',
  assets: [rows],
  dbt: [dbtProject({ name: 'models', dir: 'dbt', sources: [rows] })],
  environments: { local: { lake: fileSystemStore(), warehouse: duckDb(), transformer: dbt(), runStore: sqliteRunStore() } },
});
`,
  'dbt/dbt_project.yml': `
name: models
version: '1.0.0'
config-version: 2
profile: models
flags: { send_anonymous_usage_stats: false }
models: { models: { +materialized: table } }
`,
  'dbt/models/sources.yml': `
sources:
  - name: bronze
    tables: [{ name: rows }]
`,
  // As much work as the environment says, so that the code stays the same.
  'dbt/models/one.sql': `select sum(hash(range)) as total, (select count(*) from {{ source('bronze', 'rows') }}) as n from range({{ env_var('WORK', '10') }})`,
  'dbt/models/two.sql': `select n + 1 as n from {{ ref('one') }}`,
  'dbt/tests/one_is_good.sql': `select n from {{ ref('one') }} where {{ env_var('BAD', '0') }} = 1`,
};

/** A project of two models, the second behind a test of the first, over a table that is made already. */
async function modelsProject() {
  const root = await userProject(FILES);
  const made = await runCli(root, ['materialize', '-s', 'bronze/rows']);
  expect(made.exit, made.stderr).toBe(0);
  const args = ['materialize', '--airflow', '--no-checks', '--select=one or two'];
  const task = async (told: Told, env: Readonly<Record<string, string>> = {}) =>
    readOutcome(await runCli(root, args, { ...environmentOf({ TASK_ID: 'models', ...told }), ...env }));
  return { root, args, task };
}

/** The processes of a group that live. Fields 3 and 5 of proc(5)'s /proc/pid/stat. */
function livingOf(group: number): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/stat`))
    .filter((name) => {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(processGroup) === group && state !== 'Z' && state !== 'X';
    });
}

describe('a task that builds dbt models', () => {
  it('runs a test that failed again in the next try, and builds what it had blocked', async () => {
    const { task } = await modelsProject();
    const first = await task({}, { BAD: '1' });
    expect(first, first.stderr).toMatchObject({
      exit: 1,
      line: { status: 'failed', materialized: [{ asset: 'one' }], checks: [{ asset: 'one', check: 'one_is_good', passed: false }] },
    });
    const second = await task({ TRY_NUMBER: '2' }, { BAD: '1' });
    expect(second, second.stderr).toMatchObject({ exit: 1, line: { materialized: [], checks: [{ check: 'one_is_good', passed: false }] } });
    const third = await task({ TRY_NUMBER: '3' });
    expect(third, third.stderr).toMatchObject({
      exit: 0,
      line: { materialized: [{ asset: 'two' }], checks: [{ check: 'one_is_good', passed: true }] },
    });
    expect(await task({ TRY_NUMBER: '4' })).toMatchObject({ exit: 99, line: { checks: [] } });
  });

  it('ends as canceled where its process group gets SIGTERM, dbt among it, and is built by the next try', async () => {
    const { root, args, task } = await modelsProject();
    const env = { ...process.env, ...environmentOf({ TASK_ID: 'models' }), WORK: '1000000000000' };
    const child = spawn(process.execPath, [join(repository, 'bin/spindle.js'), ...args], {
      cwd: root,
      env,
      detached: true, // a process group of its own, as Airflow makes one
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    await vi.waitFor(() => expect(readFileSync(join(root, '.spindle/local/dbt/logs/dbt.log'), 'utf8')).toContain('START sql table model'), {
      timeout: 60_000,
      interval: 100,
    });
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    const stopped = performance.now();
    const [exit, signal] = await ended;
    expect({ exit, signal }, stderr).toEqual({ exit: 1, signal: null });
    expect(performance.now() - stopped).toBeLessThan(20_000);
    await vi.waitFor(() => expect(livingOf(child.pid ?? 0)).toEqual([]), { timeout: 5_000, interval: 50 });
    expect(readOutcome({ exit, signal, stdout, stderr }).line).toMatchObject({ status: 'canceled', materialized: [], failed: 0 });
    const next = await task({ TRY_NUMBER: '2' });
    expect(next, next.stderr).toMatchObject({ exit: 0, line: { materialized: [{ asset: 'one', rows: 1 }, { asset: 'two' }] } });
  });
});
