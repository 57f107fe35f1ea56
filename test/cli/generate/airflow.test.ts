import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../src/codegen/file-state.ts';
import { generate } from '../../../src/cli/generate/airflow.ts';
import type { AirflowArguments } from '../../../src/cli/generate/airflow-options.ts';
import { openSession } from '../../../src/cli/session.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

const projectOf = (settings: object, jobs: readonly string[] = ['daily', 'hourly']) => `
import { asset, defineProject, job } from 'spindle';
import { sqliteRunStore } from 'spindle/drivers';
const runStore = sqliteRunStore();
const plays = asset('plays').run(() => 1);
export const project = defineProject({
  name: 'music',
  assets: [plays],
  jobs: [${jobs.map((name) => `job(${JSON.stringify(name)}, { select: '**' })`).join(', ')}],
  environments: { local: { runStore }, production: { runStore } },
  airflow: ${JSON.stringify({ sharedHost: true, ...settings })},
});
`;
const NONE: AirflowArguments = {
  target: undefined,
  operator: undefined,
  dbt: undefined,
  granularity: undefined,
  streaming: undefined,
  job: undefined,
  env: undefined,
  'allow-lossy': false,
};

/** What the options and the settings make together. */
async function generated(settings: object, args: Partial<AirflowArguments> = {}) {
  const { root } = temporaryProject({ 'src/project.ts': projectOf(settings) });
  const { files, ...rest } = generate(await openSession(root), { ...NONE, ...args });
  return { ...rest, paths: files.map(({ path }) => path), text: files.map(({ text }) => text).join('\n'), files };
}

describe('the options of spindle generate airflow', () => {
  it('come before the settings of the project, which come before the defaults', async () => {
    const settings = { target: '2.9', operator: 'docker', environment: 'production' } as const;
    const kept = await generated(settings);
    expect(kept.text).toContain('"SPINDLE_ENV": "production"');
    expect(kept.text).toContain('DockerOperator');
    expect(kept.text).toContain('"target": "2.9"');
    const changed = await generated(settings, { target: '3.3', operator: 'bash', env: 'local' });
    expect(changed.text).toContain('"SPINDLE_ENV": "local"');
    expect(changed.text).not.toContain('DockerOperator');
    expect(changed.text).toContain('"target": "3.3"');
    expect((await generated({})).text).toContain('"target": "3.3"');
  });

  it('are named by the headers where they were given, so that their command makes the same files', async () => {
    expect((await generated({})).text).toContain('\n# Edit src/project.ts, then run: npx spindle generate airflow\n');
    const { text } = await generated({}, { operator: 'kubernetes', streaming: 'task', env: 'production', job: 'daily' });
    expect(text).toContain('then run: npx spindle generate airflow --operator kubernetes --streaming task --env production\n');
  });

  it('make the files of one job, and own no others then', async () => {
    const one = await generated({}, { job: 'daily' });
    expect(one.paths).toEqual(['airflow/dags/music__daily.py']);
    expect(one.owns).toEqual([]);
    const all = await generated({});
    expect(all.files.find(({ path }) => path === one.paths[0])?.text).toBe(one.text);
  });

  it('own what is in the folder that the settings name', async () => {
    const { paths, owns } = await generated({ output: './deploy/airflow/' });
    expect(paths).toContain('deploy/airflow/dags/music__daily.py');
    for (const path of paths) expect(owns.some(({ folder, ending }) => path.startsWith(folder) && path.endsWith(ending))).toBe(true);
  });

  it('are refused where they name no environment or job', async () => {
    const { root } = temporaryProject({ 'src/project.ts': projectOf({}) });
    for (const [argv, code] of [
      [['--env', 'prodution'], 'ENVIRONMENT_UNKNOWN'],
      [['--job', 'dayly'], 'JOB_UNKNOWN'],
    ] as const) {
      const { exit, stderr } = await runCommand(root, ['generate', 'airflow', ...argv]);
      expect(exit).toBe(2);
      expect(stderr).toContain(`error[${code}]`);
    }
    expect(existsSync(join(root, 'airflow'))).toBe(false);
  });
});

describe('spindle generate airflow', () => {
  it('does not depend on the environment that the process is in', async () => {
    const { root } = temporaryProject({ 'src/project.ts': projectOf({}) });
    expect((await runCommand(root, ['generate', 'airflow'], { SPINDLE_ENV: 'production' })).exit).toBe(0);
    expect((await runCommand('/', ['generate', 'airflow', '--check', '--project', root])).exit).toBe(0);
  });

  it('ends with 1 and writes nothing where the project cannot be exported', async () => {
    const { root } = temporaryProject({ 'src/project.ts': projectOf({ output: '../elsewhere' }) });
    const { exit, stderr } = await runCommand(root, ['generate', 'airflow', '--check']);
    expect(exit).toBe(1);
    expect(stderr).toContain('error[EXPORT_INVALID]');
  });

  it('moves with its project: a job that is gone takes its file with it', async () => {
    const { root, write } = temporaryProject({ 'src/project.ts': projectOf({ output: '.' }) });
    await runCommand(root, ['generate', 'airflow']);
    write({ 'src/project.ts': projectOf({ output: '.' }, ['daily']) });
    const { stdout } = await runCommand(root, ['generate', 'airflow']);
    expect(stdout).toMatch(/dags\/music__hourly\.py +removed\n/);
    expect(readdirSync(join(root, 'dags'))).toEqual(['music__daily.py']);
    expect((await runCommand(root, ['generate', 'airflow', '--check'])).exit).toBe(0);
  });
});

describe('the files of this repository', () => {
  it('are recognized after a change of any byte of them', async () => {
    const session = await openSession(join(import.meta.dirname, '../../..'));
    const { files } = generate(session, NONE);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const bytes = Buffer.from(file.text);
      expect(readFileSync(join(session.root, file.path), 'utf8'), file.path).toBe(file.text);
      for (let index = 0; index < bytes.length; index += 1) {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ 1;
        if (!/^(edited|foreign)$/.test(stateOf(changed.toString(), file))) expect.fail(`${file.path} at ${index}`);
      }
    }
  });
});
