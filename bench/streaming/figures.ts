import { median, rounded, type BenchFigure } from '../figure.ts';

/** A value with its bar, where it has one. */
export interface Value {
  readonly figure: string;
  readonly unit: string;
  readonly ours: number;
  readonly bar?: { readonly atLeast: number } | { readonly atMost: number };
}

export function figureOf({ figure, unit, ours, bar }: Value): BenchFigure {
  return { ...base(figure, unit), ours: rounded(ours), ...judged(ours, bar, '') };
}

/** What both sides measured one after the other, at each of the rounds. */
export interface Pairs {
  readonly figure: string;
  readonly unit: string;
  readonly peerName: string;
  readonly pairs: readonly { readonly ours: number; readonly peer: number }[];
  /** Of the median of the pairs' ratios. */
  readonly bar?: Value['bar'];
}

export function comparison({ figure, unit, peerName, pairs, bar }: Pairs): BenchFigure {
  const ratio = median(pairs.map(({ ours, peer }) => ours / peer));
  return {
    ...base(figure, unit),
    ours: rounded(median(pairs.map(({ ours }) => ours))),
    peer: rounded(median(pairs.map(({ peer }) => peer))),
    peerName,
    ratio: rounded(ratio),
    ...judged(ratio, bar, ' ratio'),
  };
}

const base = (figure: string, unit: string) => ({ bench: 'streaming', figure, unit, peer: null, peerName: null, ratio: null }) as const;

function judged(value: number, bar: Value['bar'], of: string): Pick<BenchFigure, 'bar' | 'holds'> {
  if (bar === undefined) return { bar: null, holds: null };
  return 'atLeast' in bar
    ? { bar: `>= ${bar.atLeast}${of}`, holds: value >= bar.atLeast }
    : { bar: `<= ${bar.atMost}${of}`, holds: value <= bar.atMost };
}
