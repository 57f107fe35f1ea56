import { median, rounded, type BenchFigure } from '../figure.ts';

/** What the two sides measured one after the other; no peer where it has no answer. */
export interface Pair {
  readonly ours: number;
  readonly peer: number | undefined;
}

export interface Comparison {
  readonly figure: string;
  readonly unit: string;
  readonly pairs: readonly Pair[];
  readonly peerName?: string | undefined;
  /** The bar: at most this much of the peer's. */
  readonly ratio?: number | undefined;
  /** The bar: at most this much. */
  readonly limit?: number | undefined;
}

/** The medians of both sides, and that of the ratios of the pairs, against the bar. */
export function compared({ figure, unit, pairs, peerName, ratio: bar, limit }: Comparison): BenchFigure {
  const ours = median(pairs.map((pair) => pair.ours));
  const answered = pairs.flatMap(({ ours: own, peer }) => (peer === undefined ? [] : [{ peer, ratio: own / peer }]));
  const ratio = answered.length === 0 ? undefined : median(answered.map((pair) => pair.ratio));
  const about = { bench: 'runtime', figure, unit, ours: rounded(ours) };
  const holds = bar !== undefined ? ratio !== undefined && ratio <= bar : limit !== undefined ? ours <= limit : null;
  const barText = bar !== undefined ? `<= ${rounded(bar)} ratio` : limit !== undefined ? `<= ${limit}` : null;
  if (ratio === undefined) {
    return { ...about, peer: null, peerName: peerName === undefined ? null : `${peerName} (fails)`, ratio: null, bar: barText, holds };
  }
  const peer = rounded(median(answered.map((pair) => pair.peer)));
  return { ...about, peer, peerName: peerName ?? null, ratio: rounded(ratio), bar: barText, holds };
}
