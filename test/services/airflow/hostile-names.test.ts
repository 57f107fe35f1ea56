import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateScenario } from '../../codegen/airflow/generate-scenario.ts';
import { hostileProject, hostileTexts, type HostileTexts } from '../../codegen/airflow/hostile-project.ts';
import { loadDagBags, type Dag } from './dag-bag.ts';
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

const FIXED: readonly HostileTexts[] = [
  allOf(HARD),
  ...[
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
    '&& exit 1 #',
    '日本',
    '-x',
    ' x ',
  ].map((text) => allOf(text)),
  {
    ...allOf('x'),
    job: 'job '.repeat(200),
    group: 'group '.repeat(100),
    pool: 'pool '.repeat(100),
    project: 'project '.repeat(50),
    check: 'check '.repeat(100),
  },
];

/** As Airflow's database takes it. */
const readable = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd').replaceAll('\0', '\ufffd');

interface Loaded {
  readonly texts: HostileTexts;
  readonly file: string;
  readonly dag: Dag;
}

/** What the stand-in for the command line was given. */
interface Called {
  readonly argv: readonly string[];
  readonly environment: string;
}

let folder: string;
let loaded: readonly Loaded[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spindle-hostile-'));
  await mkdir(join(folder, 'project/node_modules/.bin'), { recursive: true });
  const stub = join(folder, 'project/node_modules/.bin/spindle');
  await writeFile(
    stub,
    `#!${process.execPath}\nprocess.stdout.write(JSON.stringify({ argv: process.argv.slice(2), environment: process.env.SPINDLE_ENV }));\n`,
  );
  await chmod(stub, 0o755);
  const seed = Math.floor(Math.random() * 2 ** 31);
  process.stdout.write(`seed of the samples: ${seed}\n`);
  const all = [...FIXED, ...fc.sample(hostileTexts, { seed, numRuns: 40 })];
  const written = await Promise.all(
    all.map(async (texts, index) => {
      const { files } = await generateScenario({ project: hostileProject(texts) });
      const [dag] = files.filter(({ path }) => path.endsWith('.py'));
      const file = join(folder, `dags-${index}`, basename(dag!.path));
      await mkdir(join(folder, `dags-${index}`));
      await writeFile(file, dag!.text);
      return { texts, file };
    }),
  );
  const bags = await loadDagBags(
    '3.3',
    written.map(({ file }) => file),
  );
  loaded = written.map(({ texts, file }, index) => {
    expect(bags[index]!.errors, JSON.stringify(texts)).toEqual({});
    return { texts, file, dag: Object.values(bags[index]!.dags)[0]! };
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('texts that are hard to quote', () => {
  it('stand in Airflow as they are declared', () => {
    for (const { texts, dag } of loaded) {
      const { made } = dag.tasks;
      const [id = ''] = Object.keys(dag.tasks).filter((task) => task.startsWith('made__check__'));
      expect(dag.tags).toContain(readable(texts.tag));
      expect(made!.owner).toBe(readable(texts.owner));
      expect(made!.doc_md).toContain(
        `### made\n\n${readable(texts.description.trim())}\n\n- stored as value\n- owners: ${readable(texts.owner)}\n`,
      );
      expect(dag.tasks[id]!.doc_md).toBe(
        readable(`### made: ${texts.check}\n\n${texts.checkDescription.trim()}\n\nWhat depends on the asset waits for it.`),
      );
      expect(dag.tasks['read']!.doc_md).toContain(`- partitions: ${texts.partition}`);
      expect(dag.tasks['read']!.upstream).toEqual([id]);
    }
  });

  it('arrive at the command line byte for byte, through templates and a shell', async () => {
    const asked = loaded.flatMap(({ texts, file, dag }) =>
      Object.keys(dag.tasks).map((taskId) => ({ texts, taskId, file, dagId: basename(file, '.py'), run: {} })),
    );
    const rendered = await renderTemplates('3.3', asked);
    const called = await Promise.all(
      rendered.map(async (answer): Promise<Called> => {
        if ('error' in answer) throw new Error(answer.error);
        const { bash_command: command, env } = answer.fields as {
          readonly bash_command: string;
          readonly env: Readonly<Record<string, string>>;
        };
        const { stdout } = await promisify(execFile)('bash', ['-c', command], {
          env: { ...process.env, ...env, SPINDLE_PROJECT_DIR: join(folder, 'project') },
        });
        return JSON.parse(stdout) as Called;
      }),
    );
    for (const [index, { texts, taskId }] of asked.entries()) {
      const argv = taskId.startsWith('made__check__')
        ? ['check', '--airflow', '--select=made', `--check=${texts.check}`]
        : ['materialize', '--airflow', `--select=${taskId}`, ...(taskId === 'made' ? ['--no-checks'] : [])];
      expect(called[index]).toEqual({ argv, environment: texts.environment });
    }
  });
});
