import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchFigure } from './figure.ts';

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  'airflow-parse': async () => (await import('./airflow-parse.ts')).airflowParse,
  dbt: async () => (await import('./dbt.ts')).dbtBench,
  generator: async () => (await import('./generator.ts')).generator,
  kills: async () => (await import('./kills.ts')).kills,
  load: async () => (await import('./load.ts')).load,
  partitions: async () => (await import('./partitions.ts')).partitionsBench,
  pipeline: async () => (await import('./pipeline.ts')).pipeline,
  runtime: async () => (await import('./runtime.ts')).runtime,
  streaming: async () => (await import('./streaming.ts')).streaming,
  'streaming-kills': async () => (await import('./streaming-kills.ts')).streamingKills,
  testing: async () => (await import('./testing.ts')).testing,
  startup: async () => (await import('./startup.ts')).startup,
  types: async () => (await import('./types.ts')).types,
  warehouse: async () => (await import('./warehouse.ts')).warehouse,
};

/** Runs one bench: a JSON line for each figure, and all of them in `bench/results` with the commit that they are of. */
export async function main([name = '', ...args]: readonly string[], root: string): Promise<number> {
  const load = BENCHES[name];
  if (load === undefined) {
    process.stderr.write(`Which bench? npm run bench -- ${Object.keys(BENCHES).join('|')}\n`);
    return 2;
  }
  const bench = await load();
  const figures: BenchFigure[] = [];
  for await (const figure of bench({ root, args })) {
    figures.push(figure);
    process.stdout.write(`${JSON.stringify(figure)}\n`);
  }
  const results = join(root, 'bench/results');
  mkdirSync(results, { recursive: true });
  const about = { commit: commitOf(root), date: new Date().toISOString(), node: process.version, cores: cpus().length };
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ ...about, figures }, null, 2)}\n`);
  return figures.some(({ holds }) => holds === false) ? 1 : 0;
}

/** With a plus sign where the work tree differs from it. */
function commitOf(root: string): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'dbt', 'python') === '' ? '' : '+'}`;
}
