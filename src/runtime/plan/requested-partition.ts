import type { AssetDefinition } from '../declare/definition.ts';
import { SpindleError } from '../errors.ts';
import { calendarOf, END_OF_TIME, firstIndex } from '../partitions/calendar.ts';
import type { PartitionsDefinition, TimeDefinition } from '../partitions/definition.ts';
import { findPartition, parsePartition, type DynamicKeys } from '../partitions/key.ts';
import { crossParts, splitRangeKey } from '../partitions/key-text.ts';
import { dimensionsOf, timesOf } from '../partitions/pairing.ts';
import type { PartitionSet } from '../partitions/set.ts';
import { wholeSlice, type PartitionSlice, type TimeRange } from '../partitions/slice.ts';
import type { TimeZones } from '../partitions/time-zone.ts';
import type { PartitionRequest } from '../run/event.ts';
import type { AssetRecord } from './record.ts';

/** The partitions that somebody asked for, of all partitioned assets of a selection. */
export interface RequestedPartition {
  readonly request: PartitionRequest;
  /** What the key, and the two ends, mean for assets of another unit than those that they are keys of. */
  readonly slice: PartitionSlice | undefined;
  readonly from: TimeRange | undefined;
  readonly to: TimeRange | undefined;
}

interface RequestOptions {
  readonly zones: TimeZones;
  readonly dynamicKeys?: DynamicKeys;
}

/**
 * Reads a request for all partitioned assets at once. A key must be one of an asset among them, and of each that is not partitioned by time;
 * assets of another unit then take the partitions that share time with it. It may also be a key of a cross's dimension of time, and is then that time of
 * all the others. The ends of a span may also be a day or a month that no asset has as a
 * key. PARTITION_UNKNOWN for what is no partition, PARTITION_UNSUPPORTED for a span of assets without time. Undefined where no asset is partitioned.
 */
export function requestPartition(
  assets: readonly AssetDefinition[],
  asked: PartitionRequest,
  options: RequestOptions,
): RequestedPartition | undefined {
  const partitioned = assets.flatMap(({ key: asset, partitions }) => (partitions === undefined ? [] : [{ asset, definition: partitions }]));
  if (partitioned.length === 0) return undefined;
  const { key } = asked;
  const times = partitioned.flatMap(({ asset, definition }) => timesOf(definition).map((time) => ({ asset, time })));
  const slice = key === undefined ? undefined : sliceOf(key, { definitions: partitioned.map(({ definition }) => definition), options });
  if (key !== undefined)
    for (const { asset, definition } of partitioned)
      if ((slice?.kind !== 'time' || !takesTime(definition, key, options.zones)) && !isEarly(definition, asked, options.zones))
        parsePartition(definition, key, { asset, ...options });
  if (asked.from !== undefined || asked.to !== undefined)
    for (const { asset, definition } of partitioned) if (timesOf(definition).length === 0) throw noTime(asset);
  const end = (text: string | undefined) => (text === undefined ? undefined : readEnd(times, text, options.zones));
  const [from, to] = [end(asked.from), end(asked.to)];
  if (from !== undefined && to !== undefined && from.from >= to.to)
    throw new SpindleError('PARTITION_UNKNOWN', `${asked.from} to ${asked.to} holds no partition: it ends before it begins.`, {
      field: '--to',
      remedy: 'Name the first partition as --from and the last one as --to; both are included.',
    });
  return { request: asked, slice, from, to };
}

/** The partition that a key names, or else the time that it is in a cross. */
function sliceOf(
  key: string,
  { definitions, options }: { readonly definitions: readonly PartitionsDefinition[]; readonly options: RequestOptions },
): PartitionSlice | undefined {
  const [own] = definitions.flatMap((definition) => findPartition(definition, key, options)?.slice ?? []);
  if (own !== undefined) return own;
  const [range] = definitions.flatMap(timesOf).flatMap((time) => readKey(time, key, options.zones) ?? []);
  return range && { kind: 'time', ranges: [range] };
}

/** Whether the key is that of a window before the first one, of a definition by time or of a cross's dimension of time, and may be. */
function isEarly(definition: PartitionsDefinition, { key, orNone }: PartitionRequest, zones: TimeZones): boolean {
  if (key === undefined || orNone !== true) return false;
  const parts = crossParts(key);
  return Object.entries(dimensionsOf(definition)).some(([name, dimension]) => {
    if (dimension.kind !== 'time') return false;
    const index = calendarOf(dimension, zones).indexOf(parts.get(name) ?? key);
    return index !== undefined && index < firstIndex(dimension, zones);
  });
}

/** Whether the time that a key names says which partitions are meant. */
function takesTime(definition: PartitionsDefinition, key: string, zones: TimeZones): boolean {
  return definition.kind === 'time' || timesOf(definition).some((time) => readKey(time, key, zones) !== undefined);
}

/**
 * The partitions of one asset that a request means; undefined where it says nothing of them. A single key is taken as it is. Of a span, those that have begun, and where it has no end, those that are
 * over; of `only: 'missing'` or `'failed'` without a span likewise.
 */
export function requestedSet(
  asset: AssetDefinition,
  { request, slice, from, to }: RequestedPartition,
  { record, now, zones }: { readonly record: AssetRecord; readonly now: Date; readonly zones: TimeZones },
): PartitionSet | undefined {
  const { partitions } = asset;
  const space = record.space(asset.key);
  if (partitions === undefined || space === undefined) return undefined;
  const { key, window, only } = request;
  if (window !== undefined && timesOf(partitions).length === 0) return undefined;
  let set = space.existing(now, { complete: key === undefined && to === undefined && window === undefined });
  if (key !== undefined) {
    const own = space.ofKeys([key]);
    if (own.isEmpty && isEarly(partitions, request, zones)) return space.empty;
    if (own.isEmpty) set = set.intersect(space.ofSlice(keySlice(partitions, { key, slice, zones })));
    else set = own.count() === 1 ? own : set.intersect(own);
  }
  if (window !== undefined) set = set.intersect(space.ofSlice(spanSlice(partitions, (time) => completedBy(time, window, zones))));
  if (from !== undefined || to !== undefined) {
    const span = (time: TimeDefinition): PartitionSlice => ({
      kind: 'time',
      ranges: [
        {
          from: (request.from === undefined ? undefined : (readKey(time, request.from, zones) ?? from))?.from ?? 0,
          to: (request.to === undefined ? undefined : (readKey(time, request.to, zones) ?? to))?.to ?? END_OF_TIME,
        },
      ],
    });
    set = set.intersect(space.ofSlice(spanSlice(partitions, span)));
  }
  if (only === 'missing') return set.subtract(record.made(asset.key));
  return only === 'failed' ? set.intersect(record.failed(asset.key)) : set;
}

interface KeyOfAnother {
  readonly key: string;
  readonly slice: PartitionSlice | undefined;
  readonly zones: TimeZones;
}

/** What a key of another asset, or of a dimension of time, means for a definition. */
function keySlice(definition: PartitionsDefinition, { key, slice = wholeSlice, zones }: KeyOfAnother): PartitionSlice {
  if (definition.kind !== 'cross' || slice.kind !== 'time') return slice;
  return spanSlice(definition, (time) => (readKey(time, key, zones) === undefined ? wholeSlice : slice));
}

/** The windows that end behind the start and not behind the end. */
function completedBy(time: TimeDefinition, window: NonNullable<PartitionRequest['window']>, zones: TimeZones): PartitionSlice {
  const calendar = calendarOf(time, zones);
  // The window that holds the start ends behind it, and the one before the one that holds the end is the last that is over by then.
  const [from, to] = [window.start, window.end].map((instant) => calendar.startOf(calendar.indexAt(Date.parse(instant)))) as [
    number,
    number,
  ];
  return { kind: 'time', ranges: [{ from, to }] };
}

/** The slice whose dimensions of time are the given ones; the others are whole. */
function spanSlice(definition: PartitionsDefinition, span: (time: TimeDefinition) => PartitionSlice): PartitionSlice {
  if (definition.kind === 'time') return span(definition);
  const times = Object.entries(dimensionsOf(definition)).flatMap(([name, dimension]) =>
    dimension.kind === 'time' ? [[name, span(dimension)] as const] : [],
  );
  return { kind: 'cross', dimensions: Object.fromEntries(times) };
}

/** The time of a window that the text is the key of. */
function readKey(time: TimeDefinition, text: string, zones: TimeZones): TimeRange | undefined {
  const slice = splitRangeKey(text) === undefined ? findPartition(time, text, { zones })?.slice : undefined;
  return slice?.kind === 'time' ? slice.ranges[0] : undefined;
}

const COARSE = ['hour', 'day', 'month'] as const;

/** One end of a span: a key of one of the dimensions, or else an hour, day or month in the zone of the first one. */
function readEnd(times: readonly { readonly asset: string; readonly time: TimeDefinition }[], text: string, zones: TimeZones): TimeRange {
  for (const { time } of times) {
    const range = readKey(time, text, zones);
    if (range !== undefined) return range;
  }
  const [first] = times;
  const timezone = first?.time.timezone ?? 'UTC';
  for (const unit of COARSE) {
    const range = readKey({ kind: 'time', unit, start: '1970-01-01', timezone }, text, zones);
    if (range !== undefined) return range;
  }
  if (first !== undefined && splitRangeKey(text) === undefined) parsePartition(first.time, text, { asset: first.asset, zones });
  throw new SpindleError('PARTITION_UNKNOWN', `"${text}" is no partition of ${first?.asset}.`, {
    remedy: 'Name one partition, or a day or a month.',
  });
}

function noTime(asset: string): SpindleError {
  return new SpindleError('PARTITION_UNSUPPORTED', `The partitions of ${asset} have no time: --from and --to cannot choose among them.`, {
    asset,
    field: '--from',
    remedy: `Leave ${asset} out of the selection, or name its partition with --partition.`,
  });
}
