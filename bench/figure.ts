/** One line of a bench. `ratio` is ours over the peer's, measured side by side in one run; `holds` tells whether it meets its bar. */
export interface BenchFigure {
  readonly bench: string;
  readonly figure: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string | null;
  readonly ratio: number | null;
  /** As it is asked for, such as `>= 0.8 ratio` or `<= 1024`. */
  readonly bar: string | null;
  readonly holds: boolean | null;
}

export interface BenchOptions {
  /** The repository. */
  readonly root: string;
  /** What follows the bench's name. */
  readonly args: readonly string[];
}

export type Bench = (options: BenchOptions) => AsyncIterable<BenchFigure>;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 1 ? middle : middle - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('A median needs a value.');
  return (lower + upper) / 2;
}

/** Three significant digits or more: what a figure's noise allows. */
export const rounded = (value: number): number => Number(value.toPrecision(4));
