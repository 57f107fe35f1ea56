import type { Axis, Span } from './axis.ts';
import { crossKey, crossParts, rangeKey } from './key-text.ts';
import { areEqual, combine, countPoints, hasPoint, pointsOf, type Segments, type SetOperation } from './segments.ts';
import type { PartitionSlice } from './slice.ts';

/**
 * Some partitions of one definition, held as spans: no question about it lists its partitions, except `keys`. Sets of one
 * definition can be joined, and equal ones have one form.
 */
export interface PartitionSet {
  readonly isEmpty: boolean;
  /** True where the set holds the partition, or, of a range key, all of its partitions. */
  has(key: string): boolean;
  count(): number;
  union(other: PartitionSet): PartitionSet;
  intersect(other: PartitionSet): PartitionSet;
  subtract(other: PartitionSet): PartitionSet;
  equals(other: PartitionSet): boolean;
  /** The keys of the first and the last partition, in the order of `keys`. */
  first(): string | undefined;
  last(): string | undefined;
  /** The keys of its partitions, lazily: by time first, then by the other dimensions in alphabetical order, listed keys as they are listed. */
  keys(): Iterable<string>;
  /** As few keys as cover it: neighbors in the first dimension of time are one range key. Lazily; by the other dimensions where there are any. */
  rangeKeys(): Iterable<string>;
  /** The parts of it that are slices: together they hold what the set holds. */
  slices(): Iterable<PartitionSlice>;
  /** A few keys for each span; `space.fromJson` of an equal definition reads it. */
  toJSON(): PartitionSetJson;
  readonly segments: Segments;
}

/** A span is a key, or the first and the last key; in a cross with the same of the other dimensions. */
export type SpanJson = string | readonly [first: string, last: string];
export type PartitionSetJson = readonly (SpanJson | { readonly span: SpanJson; readonly of: PartitionSetJson })[];

/** The set of the numbers of these axes: those of time first. */
export function createPartitionSet(axes: readonly Axis[], segments: Segments): PartitionSet {
  const depth = axes.length;
  const joined = (operation: SetOperation) => (other: PartitionSet) =>
    createPartitionSet(axes, combine(segments, other.segments, { operation, depth }));
  return {
    segments,
    isEmpty: segments.length === 0,
    has(key) {
      const box = boxOf(axes, key);
      if (box === undefined) return false;
      if (box.every(({ from, to }) => to - from === 1))
        return hasPoint(
          segments,
          box.map(({ from }) => from),
        );
      const wanted = box.reduceRight<Segments>((rest, { from, to }) => [{ from, to, rest }], []);
      return combine(wanted, segments, { operation: 'subtract', depth }).length === 0;
    },
    count: () => countPoints(segments, depth),
    union: joined('union'),
    intersect: joined('intersect'),
    subtract: joined('subtract'),
    equals: (other) => areEqual(segments, other.segments),
    first: () => endOf(axes, segments, 'first'),
    last: () => endOf(axes, segments, 'last'),
    *keys() {
      for (const point of pointsOf(segments, depth)) yield keyOf(axes, (index) => axes[index]!.keyOf(point[index]!));
    },
    rangeKeys: () => rangeKeysOf(axes, segments),
    slices: () => slicesOf(axes, segments),
    toJSON: () => toJson(axes, segments),
  };
}

/** The spans that a key names, one for each axis; undefined where it is no key of them. */
export function boxOf(axes: readonly Axis[], key: string): readonly Span[] | undefined {
  const [only] = axes;
  if (axes.length === 1 && only?.name === '') {
    const span = only.spanOf(key);
    return span && [span];
  }
  const given = crossParts(key);
  if (given.size !== axes.length) return undefined;
  const box: Span[] = [];
  for (const axis of axes) {
    const part = given.get(axis.name);
    const span = part === undefined ? undefined : axis.spanOf(part);
    if (span === undefined) return undefined;
    box.push(span);
  }
  return box;
}

function endOf(axes: readonly Axis[], segments: Segments, end: 'first' | 'last'): string | undefined {
  const point: number[] = [];
  let level = segments;
  for (let segment = level.at(end === 'first' ? 0 : -1); segment !== undefined; segment = level.at(end === 'first' ? 0 : -1)) {
    point.push(end === 'first' ? segment.from : segment.to - 1);
    level = segment.rest;
  }
  return point.length === 0 ? undefined : keyOf(axes, (index) => axes[index]!.keyOf(point[index]!));
}

function keyOf(axes: readonly Axis[], part: (index: number) => string): string {
  if (axes[0]?.name === '') return part(0);
  return crossKey(Object.fromEntries(axes.map(({ name }, index) => [name, part(index)])));
}

function* rangeKeysOf(axes: readonly Axis[], segments: Segments): Generator<string> {
  const [first, ...others] = axes;
  if (first === undefined) return;
  const spanKey = ({ from, to }: Span) => rangeKey(first.keyOf(from), first.keyOf(to - 1));
  if (!first.isTime) yield* createPartitionSet(axes, segments).keys();
  else if (others.length === 0) for (const segment of segments) yield keyOf(axes, () => spanKey(segment));
  else {
    const spans = new Map<string, { readonly point: readonly number[]; readonly spans: Span[] }>();
    for (const { from, to, rest } of segments) {
      for (const point of pointsOf(rest, others.length)) {
        const id = point.join(',');
        const known = spans.get(id) ?? { point: [...point], spans: [] };
        spans.set(id, known);
        const last = known.spans.at(-1);
        if (last?.to === from) known.spans[known.spans.length - 1] = { from: last.from, to };
        else known.spans.push({ from, to });
      }
    }
    for (const { point, spans: own } of spans.values())
      for (const span of own) yield keyOf(axes, (index) => (index === 0 ? spanKey(span) : axes[index]!.keyOf(point[index - 1]!)));
  }
}

function* slicesOf(axes: readonly Axis[], segments: Segments): Generator<PartitionSlice> {
  if (segments.length === 0) return;
  if (axes[0]?.name === '') yield axes[0].sliceOf(segments);
  else for (const dimensions of boxesOf(axes, segments)) yield { kind: 'cross', dimensions };
}

function* boxesOf([axis, ...others]: readonly Axis[], segments: Segments): Generator<Readonly<Record<string, PartitionSlice>>> {
  if (axis === undefined) yield {};
  else if (others.length === 0) yield { [axis.name]: axis.sliceOf(segments) };
  else
    for (const segment of segments)
      for (const dimensions of boxesOf(others, segment.rest)) yield { [axis.name]: axis.sliceOf([segment]), ...dimensions };
}

function toJson([axis, ...others]: readonly Axis[], segments: Segments): PartitionSetJson {
  return segments.map(({ from, to, rest }) => {
    const [first, last] = [axis?.keyOf(from) ?? '', axis?.keyOf(to - 1) ?? ''];
    const span: SpanJson = first === last ? first : [first, last];
    return others.length === 0 ? span : { span, of: toJson(others, rest) };
  });
}
