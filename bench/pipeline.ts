import { spawn } from 'node:child_process';
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rounded, type BenchFigure, type BenchOptions } from './figure.ts';
import { treeMemory } from './process-tree.ts';

const EVENTS = 1_000_000;

/** The whole pipeline over a million events, from nothing: events a second, and the most memory that its processes hold together. */
export async function* pipeline({ root }: BenchOptions): AsyncIterable<BenchFigure> {
  const project = await copyOf(root, join(root, '.spindle/bench/pipeline'));
  const settings = [`stream/listening_events.events=${EVENTS}`, 'stream/user_activity.events=100000'];
  await measure(root, project, ['materialize', '--select', 'catalogue/*']); // sets up Python and the cache of the project
  const { seconds, peak } = await measure(root, project, ['materialize', ...settings.flatMap((setting) => ['--config', setting])]);
  const again = await measure(root, project, ['materialize', ...settings.flatMap((setting) => ['--config', setting])]);
  yield {
    bench: 'pipeline',
    figure: 'events a second, from the generator to gold',
    unit: '1/s',
    ours: rounded((EVENTS * 1.1) / seconds),
    peer: null,
    peerName: null,
    ratio: null,
    bar: null,
    holds: null,
  };
  yield {
    bench: 'pipeline',
    figure: 'seconds for 1,100,000 events',
    unit: 's',
    ours: rounded(seconds),
    peer: null,
    peerName: null,
    ratio: null,
    bar: null,
    holds: null,
  };
  yield {
    bench: 'pipeline',
    figure: 'peak memory of the process tree',
    unit: 'MiB',
    ours: rounded(peak),
    peer: null,
    peerName: null,
    ratio: null,
    bar: '<= 1024',
    holds: peak <= 1024,
  };
  yield {
    bench: 'pipeline',
    figure: 'seconds for the next run, with what is new since',
    unit: 's',
    ours: rounded(again.seconds),
    peer: null,
    peerName: null,
    ratio: null,
    bar: null,
    holds: null,
  };
}

/** The pipeline as a project of its own, with an empty state and this repository's packages and Python. */
async function copyOf(root: string, target: string): Promise<string> {
  await rm(target, { recursive: true, force: true });
  await mkdir(join(target, '.spindle'), { recursive: true });
  await mkdir(join(root, '.spindle/python'), { recursive: true });
  for (const folder of ['src/assets', 'dbt']) await cp(join(root, folder), join(target, folder), { recursive: true });
  await symlink(join(root, 'node_modules'), join(target, 'node_modules'));
  await symlink(join(root, '.spindle/python'), join(target, '.spindle/python'));
  await writeFile(
    join(target, 'package.json'),
    JSON.stringify({ name: 'pipeline', type: 'module', spindle: { project: 'src/assets/project.ts' } }),
  );
  return target;
}

async function measure(root: string, cwd: string, args: readonly string[]): Promise<{ readonly seconds: number; readonly peak: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, [join(root, 'bin/spindle.js'), ...args], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, treeMemory(child.pid ?? 0))), 50);
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  clearInterval(sampler);
  if (code !== 0) throw new Error(`spindle ${args.join(' ')} ended with ${code}.`);
  return { seconds: (performance.now() - start) / 1000, peak };
}
