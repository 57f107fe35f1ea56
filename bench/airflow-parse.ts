import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { generated, projectFiles } from './airflow/generated.ts';
import { readsOf, SHAPES, type Shape } from './airflow/graph.ts';
import { handWritten } from './airflow/hand-written.ts';
import { median, rounded, type BenchFigure, type BenchOptions } from './figure.ts';

const COUNT = 1000;
const ROUNDS = 9;
const BAR = 1.3;
/** `furnished` is ours too, of assets that say much of themselves. */
const SIDES = ['ours', 'plain', 'rich', 'furnished'] as const;
type Side = (typeof SIDES)[number];

type Peer = 'plain' | 'rich';

const PEERS: Readonly<Record<Peer, string>> = {
  plain: '1,000 BashOperators by hand',
  rich: '1,000 BashOperators by hand with outlets and docs',
};

/**
 * What Airflow's DAG processor needs for a generated DAG of 1,000 assets, and for as many BashOperators by hand, each in a process of its own, the sides in turn;
 * and how long it takes to generate the DAG. `--quick` for three rounds.
 */
export async function* airflowParse({ root, args }: BenchOptions): AsyncIterable<BenchFigure> {
  const rounds = args.includes('--quick') ? 3 : ROUNDS;
  const folder = join(root, '.spindle/bench/airflow-parse');
  await rm(folder, { recursive: true, force: true });
  const python = await ensureAirflow(root);
  for (const shape of SHAPES) {
    const reads = readsOf(shape, COUNT);
    const own = generated(reads);
    const texts: Readonly<Record<Side, string>> = {
      ours: own.dag,
      plain: handWritten(reads, { rich: false }),
      rich: handWritten(reads, { rich: true }),
      furnished: generated(reads, { furnished: true }).dag,
    };
    for (const side of SIDES) {
      await mkdir(join(folder, shape, side), { recursive: true });
      await writeFile(join(folder, shape, side, 'dag.py'), texts[side]);
    }
    yield* generation({ shape, reads, first: shape === SHAPES[0] ? own.milliseconds : undefined, rounds });
    const measured: Record<Side, Parsed[]> = { ours: [], plain: [], rich: [], furnished: [] };
    for (let round = 0; round < rounds; round++)
      for (const side of SIDES) measured[side].push(await parse({ root, python, file: join(folder, shape, side, 'dag.py') }));
    const [declared] = measured.ours;
    for (const { tasks, edges } of Object.values(measured).flat())
      if (tasks !== declared!.tasks || edges !== declared!.edges)
        throw new Error(`The sides do not declare the same tasks and edges: ${shape}.`);
    const times = (side: Side, of: (parsed: Parsed) => number) => measured[side].map(of);
    for (const peer of ['plain', 'rich'] as const) {
      const sides = { peer: times(peer, parseOf), peerName: PEERS[peer] };
      yield compared({ figure: `parse a DAG, ${shape} of ${COUNT}`, ours: times('ours', parseOf), ...sides, bar: peer === 'plain' });
      const said = `parse a DAG with groups, owners, docs, a pool, retries and time limits, ${shape} of ${COUNT}`;
      yield compared({ figure: said, ours: times('furnished', parseOf), ...sides, bar: false });
      const whole = { ours: times('ours', wholeOf), peer: times(peer, wholeOf), peerName: PEERS[peer] };
      yield compared({ figure: `parse and serialize a DAG, ${shape} of ${COUNT}`, ...whole, bar: false });
    }
  }
  yield* commandLine({ root, folder, rounds });
}

interface Parsed {
  readonly parse: number;
  readonly serialize: number;
  readonly tasks: number;
  readonly edges: number;
}

const parseOf = (parsed: Parsed): number => parsed.parse;
const wholeOf = (parsed: Parsed): number => parsed.parse + parsed.serialize;

/** Seconds, as the process tells them. */
async function parse({ root, python, file }: { readonly root: string; readonly python: string; readonly file: string }): Promise<Parsed> {
  const { stdout } = await promisify(execFile)(python, [join(root, 'bench/airflow/parse.py'), join(root, 'test/services/airflow'), file], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return JSON.parse(stdout) as Parsed;
}

interface Sides {
  readonly figure: string;
  readonly ours: readonly number[];
  readonly peer: readonly number[];
  readonly peerName: string;
  readonly bar: boolean;
}

function compared({ figure, ours, peer, peerName, bar }: Sides): BenchFigure {
  const ratio = median(ours.map((own, round) => own / peer[round]!));
  return {
    bench: 'airflow-parse',
    figure,
    unit: 's',
    ours: rounded(median(ours)),
    peer: rounded(median(peer)),
    peerName,
    ratio: rounded(ratio),
    bar: bar ? `<= ${BAR} ratio` : null,
    holds: bar ? ratio <= BAR : null,
  };
}

interface Generation {
  readonly shape: Shape;
  readonly reads: readonly (readonly number[])[];
  /** Of the shape that is generated first. */
  readonly first: number | undefined;
  readonly rounds: number;
}

/** The first time, before anything is compiled, and the times behind it. */
function* generation({ shape, reads, first, rounds }: Generation): Iterable<BenchFigure> {
  const more = median(Array.from({ length: rounds }, () => generated(reads).milliseconds));
  if (first !== undefined)
    yield alone({ figure: `generate a DAG for the first time in a process, ${shape} of ${COUNT}`, seconds: first / 1000, limit: 1 });
  yield alone({ figure: `generate a DAG, ${shape} of ${COUNT}`, seconds: more / 1000, limit: 1 });
}

function alone({ figure, seconds, limit }: { readonly figure: string; readonly seconds: number; readonly limit?: number }): BenchFigure {
  return {
    bench: 'airflow-parse',
    figure,
    unit: 's',
    ours: rounded(seconds),
    peer: null,
    peerName: null,
    ratio: null,
    bar: limit === undefined ? null : `<= ${limit}`,
    holds: limit === undefined ? null : seconds <= limit,
  };
}

/** `spindle generate airflow`, from nothing running to its end, on a project that it has loaded before. */
async function* commandLine({
  root,
  folder,
  rounds,
}: {
  readonly root: string;
  readonly folder: string;
  readonly rounds: number;
}): AsyncIterable<BenchFigure> {
  const project = join(folder, 'project');
  const files = projectFiles(readsOf('fan', COUNT));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    await rm(join(project, 'airflow'), { recursive: true, force: true });
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin/spindle.js'), 'generate', 'airflow'], {
      cwd: project,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`spindle generate airflow ended with ${status}: ${stderr}`);
    if (round > 0) times.push((performance.now() - start) / 1000);
  }
  if (!(await readFile(join(project, 'airflow/dags/bench__all.py'), 'utf8')).includes('layer__asset_0999 ='))
    throw new Error('spindle generate airflow wrote another DAG.');
  yield alone({ figure: `spindle generate airflow, fan of ${COUNT}`, seconds: median(times) });
}

/** The interpreter with Airflow 3.3 as the tests lock it; made where there is none of that lock. */
async function ensureAirflow(root: string): Promise<string> {
  const folder = join(root, '.spindle/airflow-3.3');
  await promisify(execFile)(
    'python3',
    [join(root, 'python/make_environment.py'), folder, join(root, 'test/services/airflow/requirements-3.3.txt')],
    { maxBuffer: 1 << 26 },
  );
  return join(folder, 'bin/python');
}
