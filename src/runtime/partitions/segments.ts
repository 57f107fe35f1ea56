/**
 * A set of points of several dimensions, numbered each: ascending spans of the first dimension, each with the set of the other dimensions
 * that all of its points share. Spans that touch and share the same are one, so equal sets have one form. Below the last dimension there is `POINT`.
 */
export type Segments = readonly Segment[];

export interface Segment {
  /** Half-open. */
  readonly from: number;
  readonly to: number;
  readonly rest: Segments;
}

export const NOTHING: Segments = [];
export const POINT: Segments = [];

export type SetOperation = 'union' | 'intersect' | 'subtract';

/** Joins two sets of the same number of dimensions. What both cannot have in common is skipped by bisection. */
export function combine(a: Segments, b: Segments, { operation, depth }: { operation: SetOperation; depth: number }): Segments {
  const joined: Segment[] = [];
  let i = 0;
  let j = 0;
  let done = -Infinity;
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    if (operation !== 'union') {
      if (x === undefined || (y === undefined && operation === 'intersect')) break;
      if (y !== undefined && y.to <= x.from) {
        j = endingBehind(b, x.from, j);
        continue;
      }
      if (operation === 'intersect' && y !== undefined && x.to <= y.from) {
        i = endingBehind(a, y.from, i);
        continue;
      }
    }
    const from = Math.min(Math.max(x?.from ?? Infinity, done), Math.max(y?.from ?? Infinity, done));
    const inX = x !== undefined && x.from <= from;
    const inY = y !== undefined && y.from <= from;
    const to = Math.min(inX ? x.to : (x?.from ?? Infinity), inY ? y.to : (y?.from ?? Infinity));
    const rest = combineRests(inX ? x.rest : undefined, inY ? y.rest : undefined, { operation, depth });
    if (rest !== undefined) append(joined, { from, to, rest });
    done = to;
    if (x !== undefined && x.to <= to) i += 1;
    if (y !== undefined && y.to <= to) j += 1;
  }
  return joined;
}

function combineRests(
  a: Segments | undefined,
  b: Segments | undefined,
  { operation, depth }: { operation: SetOperation; depth: number },
): Segments | undefined {
  if (a === undefined || b === undefined) {
    if (operation === 'union') return a ?? b;
    return operation === 'subtract' ? a : undefined;
  }
  if (a === b || depth === 1) return operation === 'subtract' ? undefined : a;
  const rest = combine(a, b, { operation, depth: depth - 1 });
  return rest.length === 0 ? undefined : rest;
}

function append(segments: Segment[], { from, to, rest }: Segment): void {
  const last = segments.at(-1);
  if (last !== undefined && last.to === from && areEqual(last.rest, rest))
    segments[segments.length - 1] = { from: last.from, to, rest: last.rest };
  else segments.push({ from, to, rest });
}

/** Of the ascending segments from `start` on, the first one that ends behind the number. */
function endingBehind(segments: Segments, number: number, start: number): number {
  let low = start;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle]!.to <= number) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function areEqual(a: Segments, b: Segments): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every(({ from, to, rest }, index) => from === b[index]!.from && to === b[index]!.to && areEqual(rest, b[index]!.rest))
  );
}

/** The product of one list of spans for each dimension. */
export function product(dimensions: readonly (readonly { readonly from: number; readonly to: number }[])[]): Segments {
  return dimensions.reduceRight<Segments>(
    (rest, spans, index) =>
      index < dimensions.length - 1 && rest.length === 0 ? NOTHING : spans.map(({ from, to }) => ({ from, to, rest })),
    POINT,
  );
}

/** The union of many sets, by halves. */
export function unionOf(sets: readonly Segments[], depth: number): Segments {
  if (sets.length <= 1) return sets[0] ?? NOTHING;
  const middle = sets.length >> 1;
  return combine(unionOf(sets.slice(0, middle), depth), unionOf(sets.slice(middle), depth), { operation: 'union', depth });
}

export function countPoints(segments: Segments, depth: number): number {
  let count = 0;
  for (const { from, to, rest } of segments) count += (to - from) * (depth === 1 ? 1 : countPoints(rest, depth - 1));
  return count;
}

/** True where the set holds the point. */
export function hasPoint(segments: Segments, point: readonly number[]): boolean {
  let level = segments;
  for (const number of point) {
    const segment = level[endingBehind(level, number, 0)];
    if (segment === undefined || segment.from > number) return false;
    level = segment.rest;
  }
  return true;
}

/** Every point, in order and lazily. The array that is given out is the same each time. */
export function* pointsOf(segments: Segments, depth: number, prefix: number[] = []): Generator<readonly number[]> {
  const place = prefix.length;
  for (const { from, to, rest } of segments) {
    for (let number = from; number < to; number += 1) {
      prefix[place] = number;
      if (depth === 1) yield prefix;
      else yield* pointsOf(rest, depth - 1, prefix);
      prefix.length = place + 1;
    }
  }
  prefix.length = place;
}
