import { join } from 'node:path';
import type { BenchFigure, BenchOptions } from './figure.ts';
import { coldStarts } from './runtime/cold-start.ts';
import { compared, type Pair } from './runtime/compared.ts';
import { ensureDagster } from './runtime/dagster.ts';
import { MODES, measure, SHAPES, type Measured, type Mode, type Shape } from './runtime/measure.ts';

const PARTS = ['100', '1000', '5000', '100000', 'cold-start'] as const;
const ROUNDS = 3;
/** At this count Dagster would take hours. */
const OURS_ALONE = 100_000;

/**
 * Graphs of many sizes defined, planned and materialized here and in Dagster, which is installed for it. Each measurement is a process of its own, and
 * the two sides take turns. `--only 1000` runs one part, `--quick` one round.
 */
export async function* runtime({ root, args }: BenchOptions): AsyncIterable<BenchFigure> {
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
  const parts = PARTS.filter((part) => only === undefined || part === only);
  if (parts.length === 0) throw new RangeError(`--only takes one of ${PARTS.join(', ')}.`);
  const rounds = args.includes('--quick') ? 1 : ROUNDS;
  const folder = join(root, '.spindle/bench/runtime');
  const python = await ensureDagster(root, join(root, '.spindle/bench/dagster'));
  for (const part of parts) {
    if (part === 'cold-start') yield* coldStarts({ root, folder, python, rounds: rounds * 3 });
    else {
      const count = Number(part);
      for (const shape of SHAPES) yield* ofGraph({ root, folder, python, shape, count, rounds: count > 1000 ? 1 : rounds });
    }
  }
}

interface GraphOptions {
  readonly root: string;
  readonly folder: string;
  readonly python: string;
  readonly shape: Shape;
  readonly count: number;
  readonly rounds: number;
}

async function* ofGraph({ shape, count, rounds, ...places }: GraphOptions): AsyncIterable<BenchFigure> {
  for (const mode of MODES) {
    const ours: Measured[] = [];
    const peer: (Measured | undefined)[] = [];
    for (let round = 0; round < rounds; round++) {
      const measurement = { ...places, mode, shape, count };
      ours.push(await measure({ ...measurement, side: 'ours' }));
      // What failed once, such as a recursion that is too deep, fails again.
      const tried = count < OURS_ALONE && (round === 0 || peer[round - 1] !== undefined);
      peer.push(tried ? await measure({ ...measurement, side: 'peer' }).catch(failed) : undefined);
    }
    const values = new Set([...ours, ...peer].flatMap((measured) => measured?.value ?? []));
    if (values.size > 1) throw new Error(`The two sides do not make the same values: ${[...values].join(' and ')}.`);
    for (const { figure, unit, of, ratio, limit } of figuresOf(mode, count)) {
      const pairs = ours.map((own, round): Pair => ({ ours: of(own), peer: peer[round] && of(peer[round]) }));
      yield compared({
        figure: `${figure}, ${shape} of ${count}`,
        unit,
        pairs,
        ratio,
        limit,
        peerName: count < OURS_ALONE ? 'Dagster' : undefined,
      });
    }
  }
}

function failed(error: Error): undefined {
  process.stderr.write(`${error.message}\n`);
}

interface FigureKind {
  readonly figure: string;
  readonly unit: string;
  readonly of: (measured: Measured) => number;
  /** The bar: at most this much of the peer's. */
  readonly ratio?: number | undefined;
  /** The bar: at most this much. */
  readonly limit?: number | undefined;
}

/** What a process of this mode tells, with the bars that there are for its count. */
function figuresOf(mode: Mode, count: number): readonly FigureKind[] {
  const ratio = (bar: number) => (count === 1000 ? bar : undefined);
  switch (mode) {
    case 'load':
      return [{ figure: 'import, definition and load', unit: 's', of: ({ total }) => total, ratio: ratio(1 / 10) }];
    case 'plan': {
      const limit = count === 100_000 ? 2 : undefined;
      return [
        { figure: 'graph', unit: 's', of: ({ resolve }) => resolve },
        { figure: 'graph and plan', unit: 's', of: ({ resolve, plan }) => resolve + plan, limit },
      ];
    }
    case 'memory':
      return [
        { figure: 'materialize in memory', unit: 's', of: ({ wall }) => wall, ratio: ratio(1 / 100) },
        { figure: 'materialize in memory, processor time', unit: 's', of: ({ cpu }) => cpu },
        { figure: 'peak memory of materialize in memory', unit: 'MiB', of: ({ memory }) => memory, ratio: ratio(0.7) },
      ];
    case 'stored':
      return [
        { figure: 'materialize into an object store in memory', unit: 's', of: ({ wall }) => wall },
        { figure: 'peak memory of materialize into an object store in memory', unit: 'MiB', of: ({ memory }) => memory, ratio: ratio(0.7) },
      ];
    case 'persistent':
      return [
        { figure: 'materialize with the run store', unit: 's', of: ({ wall }) => wall, ratio: ratio(1 / 70) },
        { figure: 'materialize with the run store, processor time', unit: 's', of: ({ cpu }) => cpu },
      ];
  }
}
