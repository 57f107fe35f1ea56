import type { Random } from './random.ts';

/** Zipf's law with exponent 1: the weight of the n-th most popular of `size` things is 1/n. */
export function zipfWeights(size: number): number[] {
  return Array.from({ length: size }, (_, index) => 1 / (index + 1));
}

/** Draws the index of a weight, as often as its share of the sum says. */
export type WeightedIndex = (random: Random) => number;

/**
 * An alias table: one draw in constant time, whatever the weights. Vose, "A linear algorithm for generating random numbers with a given
 * distribution", IEEE Transactions on Software Engineering 17(9), 1991. Only + - * / are used, so that every engine builds the same table.
 */
export function createWeightedIndex(weights: readonly number[]): WeightedIndex {
  const size = weights.length;
  if (size === 0) throw new RangeError('A weighted choice needs at least one weight: pass a list that is not empty.');
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const threshold = Float64Array.from(weights, (weight) => (weight * size) / sum);
  const alias = Int32Array.from(weights, (_, index) => index);
  const small: number[] = [];
  const large: number[] = [];
  threshold.forEach((share, index) => (share < 1 ? small : large).push(index));
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!;
    const more = large.at(-1)!;
    // `more` fills what `less` leaves free of its column, and goes on with the rest of its own share.
    alias[less] = more;
    threshold[more]! -= 1 - threshold[less]!;
    if (threshold[more]! < 1) small.push(large.pop()!);
  }
  // What rounding left over fills its own column.
  for (const index of [...small, ...large]) threshold[index] = 1;
  return (random) => {
    const drawn = random() * size;
    const column = Math.floor(drawn);
    return drawn - column < threshold[column]! ? column : alias[column]!;
  };
}
