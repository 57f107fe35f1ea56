import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateScenario } from '../../codegen/airflow/generate-scenario.ts';
import { hostileProject, hostileTexts, type HostileTexts } from '../../codegen/airflow/hostile-project.ts';
import type { AirflowSettings } from '../../../src/runtime/declare/airflow.ts';
import { loadDagBags, type Dag } from './dag-bag.ts';
import type { AirflowEnvironment } from './environments.ts';
import { renderTemplates } from './render.ts';

const HARD = 'it\'s "odd" {{ x }} {% raw %} {# #} $HOME `id` \\n %s\nline\r\nline\r \u202e日本\u{1f3b5}\u0007\0 .sh';
const allOf = (text: string, argument = text.replaceAll('\0', '')): HostileTexts => ({
  project: text,
  job: text,
  environment: argument,
  tag: text.slice(0, 100),
  description: text,
  group: text,
  owner: text,
  pool: text,
  check: argument,
  checkDescription: text,
  partition: argument.replaceAll(/\p{C}|\n/gu, '').trim(),
});

const WORDS = [
  'class',
  'dag',
  'None',
  "'''",
  '"""',
  '\\',
  '{{',
  '}}',
  '{%',
  '{#',
  '{',
  '-%}',
  '.sh',
  '.env',
  '$(id)',
  '$$',
  '$$(id) $',
  '&& exit 1 #',
  '日本',
  '-x',
  ' x ',
];
const LONG: HostileTexts = {
  ...allOf('x'),
  project: 'project '.repeat(50),
  job: 'job '.repeat(200),
  group: 'group '.repeat(100),
  pool: 'pool '.repeat(100),
  check: 'check '.repeat(100),
};
const FIXED = [allOf(HARD), ...WORDS.map((text) => allOf(text)), LONG];

/** As Airflow's database takes it. */
const readable = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd').replaceAll('\0', '\ufffd');

interface Loaded {
  readonly texts: HostileTexts;
  readonly file: string;
  readonly dag: Dag;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spindle-hostile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The DAGs of many such projects, as Airflow reads them. */
async function load(airflow: AirflowEnvironment, settings: AirflowSettings): Promise<readonly Loaded[]> {
  const seed = Math.floor(Math.random() * 2 ** 31);
  process.stdout.write(`seed of the samples: ${seed}\n`);
  const written = await Promise.all(
    [...FIXED, ...fc.sample(hostileTexts, { seed, numRuns: 40 })].map(async (texts) => {
      const { files } = await generateScenario({ project: hostileProject(texts), settings });
      const [dag] = files.filter(({ path }) => path.endsWith('.py'));
      const file = join(await mkdtemp(join(folder, 'dags-')), basename(dag!.path));
      await writeFile(file, dag!.text);
      return { texts, file };
    }),
  );
  const bags = await loadDagBags(
    airflow,
    written.map(({ file }) => file),
  );
  const broken = bags.flatMap(({ errors }, index) =>
    Object.values(errors).map((error) => `${JSON.stringify(written[index]!.texts)}\n${error}`),
  );
  if (broken.length > 0) throw new Error(broken.join('\n'));
  return written.map(({ texts, file }, index) => ({ texts, file, dag: Object.values(bags[index]!.dags)[0]! }));
}

/** The rendered fields of each task, with the arguments that the command line is to get. */
async function render(airflow: AirflowEnvironment, loaded: readonly Loaded[]) {
  const asked = loaded.flatMap(({ texts, file, dag }) =>
    Object.keys(dag.tasks).map((taskId) => ({ texts, taskId, file, dagId: basename(file, '.py'), run: {} })),
  );
  const answers = await renderTemplates(airflow, asked);
  return asked.map(({ texts, taskId }, index) => {
    const answer = answers[index]!;
    if ('error' in answer) throw new Error(`${JSON.stringify(texts)}\n${answer.error}`);
    const argv = taskId.startsWith('made__check__')
      ? ['check', '--airflow', '--select=made', `--check=${texts.check}`]
      : ['materialize', '--airflow', `--select=${taskId}`, ...(taskId === 'made' ? ['--no-checks'] : [])];
    return { texts, argv, fields: answer.fields };
  });
}

/** A folder of a project whose command line tells what it was given. */
async function stubProject(): Promise<string> {
  const project = join(folder, 'project');
  const stub = join(project, 'node_modules/.bin/spindle');
  await mkdir(join(project, 'node_modules/.bin'), { recursive: true });
  const told = '{ argv: process.argv.slice(2), environment: process.env.SPINDLE_ENV }';
  await writeFile(stub, `#!${process.execPath}\nprocess.stdout.write(JSON.stringify(${told}));\n`);
  await chmod(stub, 0o755);
  return project;
}

/** What Kubernetes makes of an argument. */
const inContainer = (text: string): string =>
  text.replaceAll(
    /\$(?:(\$)|\(([^)]*)\))/g,
    (found, dollar: string | undefined, name: string | undefined) => dollar ?? (name === undefined ? found : ''),
  );

describe('texts that are hard to quote', () => {
  it.each(['3.3', '2.9'] as const)('stand in Airflow %s as they are declared', async (target) => {
    for (const { texts, dag } of await load(target, { target })) {
      const { made, read } = dag.tasks;
      const [id = ''] = Object.keys(dag.tasks).filter((task) => task.startsWith('made__check__'));
      expect(dag.tags).toContain(readable(texts.tag));
      expect(made!.owner).toBe(readable(texts.owner));
      expect(made!.doc_md).toContain(
        `### made\n\n${readable(texts.description.trim())}\n\n- stored as value\n- owners: ${readable(texts.owner)}\n`,
      );
      expect(dag.tasks[id]!.doc_md).toBe(
        readable(`### made: ${texts.check}\n\n${texts.checkDescription.trim()}\n\nWhat depends on the asset waits for it.`),
      );
      expect(read!.doc_md).toContain(`- partitions: ${texts.partition}`);
      expect(read!.upstream).toEqual([id]);
    }
  });

  it.each(['3.3', '2.9'] as const)(
    'arrive at the command line byte for byte, through the templates of Airflow %s and a shell',
    async (target) => {
      const project = await stubProject();
      const rendered = await render(target, await load(target, { target }));
      const called = await Promise.all(
        rendered.map(async ({ fields }) => {
          const { bash_command: command, env } = fields as {
            readonly bash_command: string;
            readonly env: Readonly<Record<string, string>>;
          };
          const { stdout } = await promisify(execFile)('bash', ['-c', command], {
            env: { ...process.env, ...env, SPINDLE_PROJECT_DIR: project },
          });
          return JSON.parse(stdout) as unknown;
        }),
      );
      expect(called).toEqual(rendered.map(({ argv, texts }) => ({ argv, environment: texts.environment })));
    },
  );

  it.each([
    ['docker', 'command', 'environment'],
    ['kubernetes', 'arguments', 'env_vars'],
  ] as const)('arrive at a container of the %s operator byte for byte', async (operator, args, env) => {
    for (const { fields, argv, texts } of await render('3.3-operators', await load('3.3-operators', { operator }))) {
      expect((fields[args] as readonly string[]).map(operator === 'docker' ? String : inContainer)).toEqual(argv);
      if (operator === 'docker') expect(fields[env]).toMatchObject({ SPINDLE_ENV: texts.environment });
    }
  });
});
