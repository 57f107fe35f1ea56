import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import { generatedFile, generatedJson, type Origin } from '../../../src/codegen/generated-file.ts';
import { builder, command, describe, handler, subcommandsOf } from '../../../src/cli/commands/generate.ts';
import { exitCodeOf } from '../../../src/cli/exit-code.ts';
import { AIRFLOW_OPTIONS } from '../../../src/cli/generate/airflow-options.ts';
import { generator, type Generated } from '../../../src/cli/generate/generators.ts';
import { createOutput } from '../../../src/cli/output.ts';
import { parseArguments } from '../../../src/cli/parse-arguments.ts';
import { codedError, printError } from '../../../src/cli/print-error.ts';
import { createRedactor } from '../../../src/cli/redact.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import type { CommandOutcome } from '../run-command.ts';

/** A project of jobs, with one asset. */
export const projectOf = (...jobs: readonly string[]): string => `
import { asset, defineProject, job } from 'spindle';
const plays = asset('plays').run(() => 1);
export const project = defineProject({
  name: 'music',
  assets: [plays],
  jobs: [${jobs.map((name) => `job(${JSON.stringify(name)}, { select: '**' })`).join(', ')}],
  environments: { local: {}, production: {} },
  airflow: { operator: 'docker' },
});
`;

/** Writes a Python file for each job, a list of them in Markdown, and one in JSON. */
const FAKE = generator({
  name: 'airflow',
  describe: 'a fake',
  options: AIRFLOW_OPTIONS,
  examples: [],
  load:
    async () =>
    (session, args): Generated => {
      const origin: Origin = { generator: 'airflow', project: 'music', edit: 'src/project.ts', command: 'npx spindle generate airflow' };
      const jobs = session.graph.jobs.map(({ name }) => name).filter((name) => args.job === undefined || name === args.job);
      const settings = JSON.stringify({ target: args.target, operator: args.operator, dbt: args.dbt, granularity: args.granularity });
      const dags = jobs.map((job) =>
        generatedFile(
          { path: `airflow/dags/${job}.py`, comment: '#', text: `name = ${JSON.stringify(job)}\nsettings = ${settings}\n` },
          { ...origin, job },
        ),
      );
      if (args.job !== undefined) return { files: dags, owns: [], notes: [] };
      return {
        files: [
          ...dags,
          generatedFile({ path: 'airflow/LEDGER.md', comment: '<!--', text: `# ${jobs.length} jobs – très utile\n` }, origin),
          generatedJson({ path: 'airflow/ledger.json', value: { jobs } }, origin),
        ],
        owns: [
          { folder: 'airflow/dags', ending: '.py', deep: true },
          { folder: 'airflow', ending: '.md', deep: false },
        ],
        notes: ['2 features native, 0 emulated, 0 unsupported: airflow/LEDGER.md'],
      };
    },
});

/** Runs `spindle generate` in this process with the fake in place of the generators. */
export async function runFake(cwd: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandOutcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = createOutput({ stdout: stdout as never, stderr: stderr as never }, env, false);
  const end = async (): Promise<number> => {
    try {
      const parsed = await parseArguments(
        { command, describe, builder, subcommands: subcommandsOf([FAKE]), handler },
        ['generate', 'airflow', ...argv],
        100,
      );
      if (parsed.kind === 'help') return 0;
      return await handler(parsed.args, { cwd, env, output, redactor: createRedactor(), signal: new AbortController().signal }, [FAKE]);
    } catch (error) {
      const coded = codedError(error);
      printError(coded, output, argv.includes('--json'));
      return exitCodeOf(coded.code);
    }
  };
  const exit = await end();
  return { exit, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

/** What the fake writes for the jobs `daily` and `hourly`. */
export const PATHS = ['airflow/LEDGER.md', 'airflow/dags/daily.py', 'airflow/dags/hourly.py', 'airflow/ledger.json'];

/** A project whose files are generated. */
export async function generated() {
  const project = temporaryProject({ 'src/project.ts': projectOf('daily', 'hourly') });
  const outcome = await runFake(project.root, []);
  expect(outcome.exit, outcome.stderr).toBe(0);
  const at = (path: string) => join(project.root, path);
  return {
    ...project,
    outcome,
    at,
    read: (path: string) => readFileSync(at(path), 'utf8'),
    change: (path: string, text: string | Buffer) => writeFileSync(at(path), text),
    /** Path and text of everything below `airflow`. */
    snapshot: () =>
      Object.fromEntries(
        readdirSync(at('airflow'), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'latin1')]),
      ),
    states: async (...argv: string[]) => {
      const { exit, stdout } = await runFake(project.root, [...argv, '--json']);
      const { files, drift } = JSON.parse(stdout) as { files: { path: string; state: string }[]; drift: boolean };
      return { exit, drift, states: Object.fromEntries(files.map(({ path, state }) => [path, state])) };
    },
  };
}
