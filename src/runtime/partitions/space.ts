import { SpindleError } from '../errors.ts';
import { axisOf, type Axis, type Span } from './axis.ts';
import type { PartitionsDefinition } from './definition.ts';
import type { DynamicKeys } from './key.ts';
import { dimensionsOf } from './pairing.ts';
import { product, unionOf, type Segments } from './segments.ts';
import { boxOf, createPartitionSet, type PartitionSet, type PartitionSetJson, type SpanJson } from './set.ts';
import { dimensionOf } from './slice-algebra.ts';
import type { PartitionSlice } from './slice.ts';
import { createTimeZones, type TimeZones } from './time-zone.ts';

/** All partitions that one definition can have, and the sets of them. Every set that a space makes can be joined with every other one of it. */
export interface PartitionSpace {
  readonly definition: PartitionsDefinition;
  readonly empty: PartitionSet;
  /** Without regard to the present: time up to the end of the year 9998. */
  readonly all: PartitionSet;
  /** Those whose time has begun; with `complete` those whose time is over. Dynamic keys exist when they are registered. */
  existing(now: Date, options?: { readonly complete?: boolean }): PartitionSet;
  /** Those that share something with the slice. */
  ofSlice(slice: PartitionSlice): PartitionSet;
  /** Those that share something with one of the slices. */
  ofSlices(slices: Iterable<PartitionSlice>): PartitionSet;
  /** Those that keys and range keys name. What is none of its keys is left out. */
  ofKeys(keys: Iterable<string>): PartitionSet;
  /** The set of a range key; undefined for the key of one partition, or of none. */
  range(key: string): PartitionSet | undefined;
  /** The slice that a key or a range key is; undefined for what is none of its keys. */
  slice(key: string): PartitionSlice | undefined;
  /** Where a key or range key lies: the numbers in the first dimension (of time, where there is one), and what it has of the others. */
  place(key: string): Place | undefined;
  /** Reads what `toJSON` of a set wrote; STORE_CORRUPT where that names other partitions. */
  fromJson(json: PartitionSetJson): PartitionSet;
}

export interface Place {
  readonly span: Span;
  /** Equal for keys that differ in the first dimension alone. */
  readonly line: string;
}

export interface SpaceOptions {
  readonly zones?: TimeZones;
  /** Dynamic definitions that are not named here have no keys. */
  readonly dynamicKeys?: DynamicKeys;
}

export function createPartitionSpace(definition: PartitionsDefinition, options: SpaceOptions = {}): PartitionSpace {
  const { zones = createTimeZones(), dynamicKeys = {} } = options;
  const registered = (name: string) => (Object.hasOwn(dynamicKeys, name) ? dynamicKeys[name]! : []);
  const dimensions = Object.entries(dimensionsOf(definition)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const axes = dimensions
    .map(([name, dimension]) => axisOf(name, dimension, { zones, keys: registered }))
    .toSorted((a, b) => Number(b.isTime) - Number(a.isTime));
  const partOf = (slice: PartitionSlice, { name }: Axis) => (name === '' ? slice : dimensionOf(slice, name));
  const within = (slice: PartitionSlice) => product(axes.map((axis) => axis.within(partOf(slice, axis))));
  const make = (segments: Segments) => createPartitionSet(axes, segments);
  return {
    definition,
    empty: make([]),
    all: make(product(axes.map(({ all }) => all))),
    existing: (now, { complete = false } = {}) => make(product(axes.map((axis) => axis.existing(now, complete)))),
    ofSlice: (slice) => make(within(slice)),
    ofSlices: (slices) => make(unionOf(Array.from(slices, within), axes.length)),
    ofKeys(keys) {
      const boxes = [...keys].flatMap((key) => {
        const box = boxOf(axes, key);
        return box === undefined ? [] : [product(box.map((span, index) => whole(axes[index]!, span)))];
      });
      boxes.sort((a, b) => (a[0]?.from ?? 0) - (b[0]?.from ?? 0));
      return make(unionOf(boxes, axes.length));
    },
    range(key) {
      const box = key.includes('..') ? boxOf(axes, key) : undefined;
      if (box === undefined || box.every(({ from, to }) => to - from === 1)) return undefined;
      return make(product(box.map((span, index) => whole(axes[index]!, span))));
    },
    slice(key) {
      const box = boxOf(axes, key);
      if (box === undefined || axes[0]?.name === '') return box?.[0] && axes[0]?.sliceOf([box[0]]);
      return { kind: 'cross', dimensions: Object.fromEntries(axes.map((axis, index) => [axis.name, axis.sliceOf([box[index]!])])) };
    },
    place(key) {
      const [span, ...others] = boxOf(axes, key) ?? [];
      return span && { span, line: others.map(({ from, to }) => `${from}-${to}`).join('|') };
    },
    fromJson: (json) => make(readJson(axes, json)),
  };
}

/** A span without the numbers that are no partitions. */
function whole(axis: Axis, span: Span): readonly Span[] {
  if (axis.all.length === 1 || span.to - span.from === 1) return [span];
  return axis.all.flatMap(({ from, to }) => {
    const common = { from: Math.max(from, span.from), to: Math.min(to, span.to) };
    return common.from < common.to ? [common] : [];
  });
}

function readJson([axis, ...others]: readonly Axis[], json: PartitionSetJson): Segments {
  if (axis === undefined) return [];
  const spanOf = (span: SpanJson) => {
    const [first, last] = typeof span === 'string' ? [span, span] : span;
    const from = axis.spanOf(first)?.from;
    const to = axis.spanOf(last)?.to;
    if (from === undefined || to === undefined)
      throw new SpindleError('STORE_CORRUPT', `A stored set of partitions names ${first} to ${last}, and there are no such partitions.`, {
        remedy: 'It was written for another definition of the partitions.',
      });
    return { from, to };
  };
  const sets = json.map((part): Segments => {
    const [span, of] = typeof part === 'object' && 'span' in part ? [part.span, part.of] : [part, undefined];
    return whole(axis, spanOf(span)).map(({ from, to }) => ({ from, to, rest: of === undefined ? [] : readJson(others, of) }));
  });
  return unionOf(sets, others.length + 1);
}

/** The spaces of the assets of a graph. */
export interface PartitionSpaces {
  /** Undefined for an asset without partitions. */
  of(asset: string): PartitionSpace | undefined;
}

/** Makes the space of each definition once. */
export function createPartitionSpaces(
  definitionOf: (asset: string) => PartitionsDefinition | undefined,
  options: SpaceOptions,
): PartitionSpaces {
  const spaces = new Map<PartitionsDefinition, PartitionSpace>();
  return {
    of(asset) {
      const definition = definitionOf(asset);
      if (definition === undefined) return undefined;
      const space = spaces.get(definition) ?? createPartitionSpace(definition, options);
      spaces.set(definition, space);
      return space;
    },
  };
}
