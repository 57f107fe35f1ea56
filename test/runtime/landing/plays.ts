import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { ObjectStore } from 'spindle';
import { parseChainKey } from '../../../src/runtime/landing/chain.ts';
import type { ProduceRecord } from '../../../src/runtime/resource/broker.ts';

/** What the tests of landing land. */
export const Play = z.object({ id: z.string(), count: z.int().default(0) });
export const TOPIC = 'plays';
export const PREFIX = 'raw';

const FIRST_TIME = 1_767_225_600_000;

export type Value = string | Buffer | null;

export const playRecords = (values: readonly Value[], partition = 0): ProduceRecord[] =>
  values.map((value, index) => ({
    partition,
    key: null,
    value: value === null ? null : Buffer.from(value),
    headers: {},
    timestamp: FIRST_TIME + index,
  }));

/** Values that fit the schema. */
export const goodPlays = (count: number): string[] => Array.from({ length: count }, (_, index) => JSON.stringify({ id: `e${index}` }));

export interface Line {
  readonly _offset: number;
  readonly _partition: number;
  readonly _rejected?: {
    readonly offset: number;
    readonly partition: number;
    readonly reasons: readonly string[];
    readonly raw: string;
    readonly raw_base64?: string;
  };
}

/** Every line of every object of the chains, good ones and flagged ones. */
export async function landedLines(lake: ObjectStore, prefix = PREFIX): Promise<Line[]> {
  const all: Line[] = [];
  for await (const { key } of lake.list(`${prefix}/`)) {
    if (parseChainKey(key) === undefined) continue;
    const text = gunzipSync(await lake.get(key)).toString();
    all.push(...text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line])));
  }
  return all;
}

/** Of every landed record `partition:offset`, sorted. */
export async function landedPlaces(lake: ObjectStore, prefix = PREFIX): Promise<string[]> {
  const places = (await landedLines(lake, prefix)).map(({ _rejected, _partition, _offset }) =>
    _rejected === undefined ? `${_partition}:${_offset}` : `${_rejected.partition}:${_rejected.offset}`,
  );
  return places.toSorted();
}

/** The keys of the objects of the chains, in their order. */
export async function chainKeys(lake: ObjectStore, prefix = PREFIX): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of lake.list(`${prefix}/`)) if (parseChainKey(key) !== undefined) keys.push(key);
  return keys;
}
