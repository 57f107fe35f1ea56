import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { naiveEvents, pipelineEvents } from './events.ts';
import { median, rounded, type BenchFigure, type BenchOptions } from './figure.ts';

const run = promisify(execFile);
const FAKER = 'Faker==40.54.0';
const ROUNDS = 5;

/** Events a second on one core, each written as JSON: ours against the same fields made naively with faker, in turn, and against Python Faker. */
export async function* generator({ root }: BenchOptions): AsyncIterable<BenchFigure> {
  const python = await pythonWithFaker(join(root, '.spindle/bench/faker'));
  const ours: number[] = [];
  const naive: number[] = [];
  const pythonFaker: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(rate(await pipelineEvents(300_000)));
    naive.push(rate(await naiveEvents(30_000)));
    const { stdout } = await run(python, [join(root, 'bench/generator-faker.py'), '3000']);
    pythonFaker.push((JSON.parse(stdout) as { events_per_second: number }).events_per_second);
  }
  const figure = (peer: readonly number[], peerName: string, bar: string): BenchFigure => {
    const ratio = median(ours.map((events, round) => events / (peer[round] ?? Number.NaN)));
    return {
      bench: 'generator',
      figure: `events a second, against ${peerName}`,
      unit: '1/s',
      ours: rounded(median(ours)),
      peer: rounded(median(peer)),
      peerName,
      ratio: rounded(ratio),
      bar,
      holds: ratio > 1,
    };
  };
  const own = rounded(median(ours));
  yield {
    bench: 'generator',
    figure: 'events a second',
    unit: '1/s',
    ours: own,
    peer: null,
    peerName: null,
    ratio: null,
    bar: '>= 150000',
    holds: own >= 150_000,
  };
  yield figure(naive, '@faker-js/faker, naively', '> 1 ratio');
  yield figure(pythonFaker, 'Python Faker', '> 1 ratio');
}

const rate = ({ events, ms }: { readonly events: number; readonly ms: number }): number => (events / ms) * 1000;

async function pythonWithFaker(folder: string): Promise<string> {
  const python = join(folder, 'bin/python');
  if (!existsSync(python)) await run('python3', ['-m', 'venv', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', FAKER]);
  return python;
}
