import { didYouMean } from '../closest.ts';
import { SpindleError } from '../errors.ts';
import type { CrossDefinition, DynamicDefinition, PartitionsDefinition, StaticDefinition, TimeWindow } from './definition.ts';
import { crossKey } from './key-text.ts';
import type { PartitionSlice } from './slice.ts';
import { readTime } from './time-key.ts';
import { createTimeZones, type TimeZones } from './time-zone.ts';

/** The keys of dynamic partitions, by the name they are registered under. */
export type DynamicKeys = Readonly<Record<string, readonly string[]>>;

/** What a function gets as `partition`: a window, a key, or one of these for each dimension. */
export type PartitionValue = TimeWindow | string | { readonly [dimension: string]: PartitionValue };

/**
 * One partition, or neighboring ones of time that a range key (`FIRST..LAST`, both included) names as one: the window is then that over all of
 * them. `key` is the one way of writing it: the dimensions of a cross key are in alphabetical order.
 */
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

/** What came of reading a key: the partition, or why there is none and what to do, as sentences. */
export type Read = { readonly partition: Partition } | { readonly problem: string; readonly remedy: string };

/** Reads a partition key, or a range key; PARTITION_UNKNOWN, with what was expected and the nearest key, where it is none of the definition's. */
export function parsePartition(definition: PartitionsDefinition, key: string, options: ParsePartitionOptions): Partition {
  const read = readKey(definition, key, { zones: createTimeZones(), ...options });
  if ('partition' in read) return read.partition;
  throw new SpindleError('PARTITION_UNKNOWN', `"${key}" is no partition of ${options.asset}: ${read.problem}`, {
    asset: options.asset,
    partition: key,
    remedy: read.remedy,
  });
}

/** The partition (or range) that a key names; undefined where it names none (any more). Without `dynamicKeys`, any well-formed key of dynamic partitions is one. */
export function findPartition(
  definition: PartitionsDefinition,
  key: string,
  { zones, dynamicKeys }: { readonly zones: TimeZones; readonly dynamicKeys?: DynamicKeys },
): Partition | undefined {
  const read = readKey(definition, key, { asset: '', zones, ...(dynamicKeys && { dynamicKeys }) });
  return 'partition' in read ? read.partition : undefined;
}

/** True where a text can be a key: not empty, and without `|`, `=`, control characters or spaces at its ends. */
export function isKeyText(key: string): boolean {
  return key !== '' && key.trim() === key && !/[|=\p{Cc}\p{Cs}]/u.test(key);
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
      if (keys !== undefined) return readRegistered(definition, keys, key);
      if (isKeyText(key)) return listed(key);
      return { problem: `the key must not be empty or hold "|", "=" or control characters.`, remedy: 'Name one key.' };
    }
    case 'cross':
      return readCross(definition, key, options);
  }
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

function readRegistered({ name }: DynamicDefinition, keys: readonly string[], key: string): Read {
  if (keys.includes(key)) return listed(key);
  const near = didYouMean(key, keys).trimStart();
  const command = `spindle partitions add ${name} ${key}`;
  const problem = keys.length === 0 ? `no key of ${name} is registered.` : `it is not registered among the ${keys.length} keys of ${name}.`;
  return { problem, remedy: near === '' ? `Register it: ${command}` : `${near} If it is a new one, register it: ${command}` };
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
