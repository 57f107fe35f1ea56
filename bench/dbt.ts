import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ran } from './dbt/ran.ts';
import { openPeers } from './dbt/peers.ts';
import { openGroup } from './dbt/group.ts';
import { median, rounded, type BenchFigure, type BenchOptions } from './figure.ts';

const SIZES = [1_000, 200_000] as const;
const ROUNDS = 5;
const MODEL = 'top_songs';

/**
 * What Spindle adds to dbt: a whole run (it observes, plans, hands the warehouse over, records each model and test, counts rows) that rebuilds every model
 * of the pipeline's dbt project with its tests, over the same rows as two peers, in turns. The peers select what Spindle selects, and each round is held to have run the same
 * models and tests on all sides: those of the sources are none of them, since bronze does not change between the rounds. The peers print, log and write
 * JSON as dbt does when nobody tells it otherwise; Spindle tells it to leave that out.
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
    const all = build('resource_type:model', '--full-refresh');
    const one = build(MODEL);
    const whole = await inTurns(rounds, [() => group.build('kind:dbt', true), () => peers.runner(all), () => peers.command(all)]);
    const single = await inTurns(rounds, [() => group.build(`gold/${MODEL}`, false), () => peers.runner(one), () => peers.command(one)]);
    const rows = `${events.toLocaleString('en')} rows of bronze`;
    yield figure(`all models with their tests, ${rows}`, { seconds: whole, peer: 1, bar: '<= 1.15 ratio' });
    yield figure(`all models with their tests, ${rows}`, { seconds: whole, peer: 2, bar: null });
    yield figure(`one model with its tests, ${rows}`, { seconds: single, peer: 1, bar: null });
    yield figure(`one model with its tests, ${rows}, times faster`, { seconds: single, peer: 2, bar: '>= 4 ratio' });
  } finally {
    await Promise.all([group.close(), peers.close()]);
  }
}

/** With the flag by which Spindle has dbt choose tests. */
const build = (selection: string, ...flags: readonly string[]) => [
  'build',
  '--select',
  selection,
  '--indirect-selection',
  'buildable',
  ...flags,
];

/** The seconds of each, by place; one round goes before those that count. Throws where they did not run the same nodes. */
async function inTurns(rounds: number, works: readonly (() => Promise<Ran>)[]): Promise<readonly (readonly number[])[]> {
  const seconds = works.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    const nodes: (readonly string[])[] = [];
    for (const [index, work] of works.entries()) {
      const start = performance.now();
      const ran = await work();
      if (round >= 0) seconds[index]?.push((performance.now() - start) / 1000);
      nodes.push(await ran());
    }
    requireSame(nodes);
  }
  return seconds;
}

function requireSame([ours = [], ...theirs]: readonly (readonly string[])[]): void {
  if (ours.length === 0) throw new Error('Spindle ran nothing.');
  for (const [index, nodes] of theirs.entries()) {
    const differing = [...ours.filter((node) => !nodes.includes(node)), ...nodes.filter((node) => !ours.includes(node))];
    if (ours.length !== nodes.length || differing.length > 0)
      throw new Error(`Spindle ran ${ours.length} nodes, ${PEERS[index + 1]} ${nodes.length}: ${differing.join(', ')}`);
  }
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
