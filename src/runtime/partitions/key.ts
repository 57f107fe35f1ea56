import { didYouMean } from '../closest.ts';
import { SpindleError } from '../errors.ts';
import { calendarOf, firstIndex, KEY_FORMS, windowAt } from './calendar.ts';
import type { CrossDefinition, PartitionsDefinition, StaticDefinition, TimeDefinition, TimeWindow } from './definition.ts';
import type { PartitionSlice } from './slice.ts';
import { createTimeZones, type TimeZones } from './time-zone.ts';

/** The keys of dynamic partitions, by the name they are registered under. */
export type DynamicKeys = Readonly<Record<string, readonly string[]>>;

/** What a function gets as `partition`: a window, a key, or one of these for each dimension. */
export type PartitionValue = TimeWindow | string | { readonly [dimension: string]: PartitionValue };

/** One partition. `key` is its one way of being written: the dimensions of a cross key are in alphabetical order. */
export interface Partition {
  readonly key: string;
  readonly value: PartitionValue;
  readonly slice: PartitionSlice;
}

export interface ParsePartitionOptions {
  /** Named in the error. */
  readonly asset: string;
  /** Without it, any well-formed key of dynamic partitions is taken. */
  readonly dynamicKeys?: DynamicKeys;
  readonly zones?: TimeZones;
}

type Read = { readonly partition: Partition } | { readonly problem: string; readonly remedy: string };

/** Reads a partition key; PARTITION_UNKNOWN, with what was expected and the nearest key, where it is none of the definition's. */
export function parsePartition(definition: PartitionsDefinition, key: string, options: ParsePartitionOptions): Partition {
  const read = readKey(definition, key, { zones: createTimeZones(), ...options });
  if ('partition' in read) return read.partition;
  throw new SpindleError('PARTITION_UNKNOWN', `"${key}" is no partition of ${options.asset}: ${read.problem}`, {
    asset: options.asset,
    partition: key,
    remedy: read.remedy,
  });
}

/** The partition that a key names; undefined where it names none (any more). */
export function findPartition(definition: PartitionsDefinition, key: string, zones: TimeZones): Partition | undefined {
  const read = readKey(definition, key, { asset: '', zones });
  return 'partition' in read ? read.partition : undefined;
}

/** True where a text can be a key: not empty, and without `|`, `=`, control characters or spaces at its ends. */
export function isKeyText(key: string): boolean {
  return key !== '' && key.trim() === key && !/[|=\p{Cc}\p{Cs}]/u.test(key);
}

/** The key of a partition of several dimensions: `day=2026-01-01|region=eu`, in alphabetical order of the dimensions. */
export function crossKey(keys: Readonly<Record<string, string>>): string {
  return Object.keys(keys)
    .toSorted()
    .map((name) => `${name}=${keys[name]}`)
    .join('|');
}

type ReadOptions = ParsePartitionOptions & { readonly zones: TimeZones };

function readKey(definition: PartitionsDefinition, key: string, options: ReadOptions): Read {
  switch (definition.kind) {
    case 'time':
      return readTime(definition, key, options.zones);
    case 'static':
      return readListed(definition, key);
    case 'dynamic': {
      const keys = options.dynamicKeys === undefined ? undefined : (options.dynamicKeys[definition.name] ?? []);
      if (keys !== undefined) return readListed({ kind: 'static', keys }, key);
      if (isKeyText(key)) return listed(key);
      return { problem: `the key must not be empty or hold "|", "=" or control characters.`, remedy: 'Name one key.' };
    }
    case 'cross':
      return readCross(definition, key, options);
  }
}

function readTime(definition: TimeDefinition, key: string, zones: TimeZones): Read {
  const calendar = calendarOf(definition, zones);
  const first = firstIndex(definition, zones);
  const index = calendar.indexOf(key);
  if (index !== undefined && index >= first) {
    const value = windowAt(calendar, index);
    const slice: PartitionSlice = { kind: 'time', ranges: [{ from: value.start.getTime(), to: value.end.getTime() }] };
    return { partition: { key, value, slice } };
  }
  if (index !== undefined)
    return { problem: `its partitions start at ${calendar.keyOf(first)}.`, remedy: `Use ${calendar.keyOf(first)} or a later one.` };
  const near = calendar.indexNear(key.trim());
  const suggestion = near === undefined ? undefined : calendar.keyOf(Math.max(near, first));
  // A day that the zone skipped is written well and is suggested to nobody.
  const usable = suggestion !== undefined && calendar.indexOf(suggestion) !== undefined;
  return {
    problem: `expected ${KEY_FORMS[definition.unit]}.`,
    remedy: usable ? `Did you mean ${suggestion}?` : `The first partition is ${calendar.keyOf(first)}.`,
  };
}

const listed = (key: string): Read => ({ partition: { key, value: key, slice: { kind: 'keys', keys: [key] } } });

function readListed({ keys }: StaticDefinition, key: string): Read {
  if (keys.includes(key)) return listed(key);
  const shown = keys.slice(0, 8).join(', ') + (keys.length > 8 ? `, … (${keys.length} in all)` : '');
  const remedy = didYouMean(key, keys).trimStart();
  return {
    problem: keys.length === 0 ? 'it has no partitions yet.' : `expected one of ${shown}.`,
    remedy: remedy === '' ? (keys.length === 0 ? 'Register the key first.' : `Use one of them, such as ${keys[0]}.`) : remedy,
  };
}

function readCross({ dimensions }: CrossDefinition, key: string, options: ReadOptions): Read {
  const names = Object.keys(dimensions).toSorted();
  const form = names.map((name) => `${name}=…`).join('|');
  const given = new Map<string, string>();
  for (const part of key.split('|')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0));
    if (at < 0 || !Object.hasOwn(dimensions, name) || given.has(name)) {
      const problem =
        at < 0
          ? `"${part}" is not of the form dimension=key.`
          : given.has(name)
            ? `${name} is given twice.`
            : `it has no dimension "${name}".`;
      return { problem, remedy: `Write ${form}.${at < 0 ? '' : didYouMean(name, names)}` };
    }
    given.set(name, part.slice(at + 1));
  }
  const partitions: [string, Partition][] = [];
  for (const name of names) {
    const part = given.get(name);
    if (part === undefined) return { problem: `${name} is missing.`, remedy: `Write ${form}.` };
    const read = readKey(dimensions[name]!, part, options);
    if ('problem' in read) return { problem: `of ${name}, ${read.problem}`, remedy: read.remedy };
    partitions.push([name, read.partition]);
  }
  const each = <T>(of: (partition: Partition) => T) => Object.fromEntries(partitions.map(([name, partition]) => [name, of(partition)]));
  return {
    partition: {
      key: crossKey(each((partition) => partition.key)),
      value: each((partition) => partition.value),
      slice: { kind: 'cross', dimensions: each((partition) => partition.slice) },
    },
  };
}
