import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPeers } from './dbt/peers.ts';
import { openGroup } from './dbt/group.ts';
import { median, rounded, type BenchFigure, type BenchOptions } from './figure.ts';

const SIZES = [1_000, 200_000] as const;
const ROUNDS = 5;
const MODEL = 'top_songs';

/**
 * What Spindle adds to dbt: a whole run (it observes, plans, hands the warehouse over, records each model and test, counts rows) that rebuilds every model
 * of the pipeline's dbt project with its tests, over the same rows and with the same flags as three peers, in turns.
 *
 * "A warm `dbt build` typed by hand" has two readings. The stricter one is held to the bar: a Python process that has imported dbt calls it with what was typed (dbtRunner), so that
 * dbt's import, of two seconds or more, counts for neither. The other is the program `dbt` in the shell, with the partial parse that it keeps.
 */
export async function* dbtBench({ root, args }: BenchOptions): AsyncIterable<BenchFigure> {
  const rounds = args.includes('--quick') ? 3 : ROUNDS;
  for (const events of SIZES) {
    const folder = await mkdtemp(join(tmpdir(), 'spindle-bench-'));
    try {
      yield* compared({ root, folder, events, rounds });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

interface Comparison {
  readonly root: string;
  readonly folder: string;
  readonly events: number;
  readonly rounds: number;
}

async function* compared({ root, folder, events, rounds }: Comparison): AsyncIterable<BenchFigure> {
  const group = await openGroup({ root, folder: join(folder, 'spindle'), events });
  const peers = await openPeers({ root, folder: join(folder, 'peers'), warehouse: group.warehouse });
  try {
    const all = ['build', '--full-refresh'];
    const one = ['build', '--select', MODEL];
    const whole = await inTurns(rounds, [() => group.build('kind:dbt', true), () => peers.runner(all), () => peers.command(all)]);
    const single = await inTurns(rounds, [() => group.build(`gold/${MODEL}`, false), () => peers.runner(one), () => peers.command(one)]);
    const rows = `${events.toLocaleString('en')} rows of bronze`;
    yield figure(`all models and tests, ${rows}`, { seconds: whole, peer: 1, bar: '<= 1.15 ratio' });
    yield figure(`all models and tests, ${rows}`, { seconds: whole, peer: 2, bar: null });
    yield figure(`one model with its tests, ${rows}`, { seconds: single, peer: 1, bar: null });
    yield figure(`one model with its tests, ${rows}, times faster`, { seconds: single, peer: 2, bar: '>= 4 ratio' });
  } finally {
    await Promise.all([group.close(), peers.close()]);
  }
}

/** The seconds of each, by place; one round goes before those that count. */
async function inTurns(rounds: number, works: readonly (() => Promise<void>)[]): Promise<readonly (readonly number[])[]> {
  const seconds = works.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, work] of works.entries()) {
      const start = performance.now();
      await work();
      if (round >= 0) seconds[index]?.push((performance.now() - start) / 1000);
    }
  }
  return seconds;
}

const PEERS = ['', 'dbt in a warm Python process (dbtRunner)', 'the command dbt, with a warm partial parse'] as const;

interface Measured {
  readonly seconds: readonly (readonly number[])[];
  readonly peer: 1 | 2;
  readonly bar: string | null;
}

function figure(name: string, { seconds, peer, bar }: Measured): BenchFigure {
  const [ours, theirs] = [median(seconds[0] ?? []), median(seconds[peer] ?? [])];
  const ratio = bar?.startsWith('>=') === true ? theirs / ours : ours / theirs;
  const limit = Number(bar?.split(' ')[1]);
  return {
    bench: 'dbt',
    figure: name,
    unit: 's',
    ours: rounded(ours),
    peer: rounded(theirs),
    peerName: PEERS[peer],
    ratio: rounded(ratio),
    bar,
    holds: bar === null ? null : bar.startsWith('>=') ? ratio >= limit : ratio <= limit,
  };
}
