import type { Broker, PartitionOffsets, ProduceRecord } from '../resource/broker.ts';
import { partitionOfKey } from './partitioner.ts';
import type { Resume, Sequenced, SequencedRecord } from './sequenced.ts';

const HEADER = {
  generator: 'spindle-generator',
  sequence: 'spindle-sequence',
  state: 'spindle-state',
  complete: 'spindle-complete',
} as const;

const BATCH_RECORDS = 5_000;
const BATCH_BYTES = 4 << 20;
/** A slow source does not keep its records back for longer. */
const BATCH_MILLISECONDS = 250;

export interface ProduceOptions<T> {
  readonly broker: Broker;
  readonly topic: string;
  readonly partitions: number;
  readonly source: Sequenced<T>;
  encode(value: T, sequence: number): string;
  key(value: T): string | null;
  readonly signal: AbortSignal;
  now(): Date;
  progress(done: number): void;
}

export interface Produced {
  readonly records: number;
  readonly bytes: number;
  /** Records that the topic already held. */
  readonly resumedAfter: number;
}

interface Tail {
  readonly sequence: number;
  readonly complete: number;
  readonly state: string;
}

/**
 * Appends the records of a generator that the topic does not hold yet. Each partition's last record tells how far the generator came
 * there, and up to where every partition was complete when it was sent; so nothing is produced twice or left out after a crash.
 */
export async function produce<T>(options: ProduceOptions<T>): Promise<Produced> {
  const { broker, topic, partitions, source, signal } = options;
  const tails = await readTails(options);
  const { state, records } = source.start(resumeFrom(tails));
  let batch: ProduceRecord[] = [];
  let batchBytes = 0;
  let flushedAt = performance.now();
  let complete = Math.max(-1, ...[...tails.values()].map((tail) => tail.complete));
  const resumedAfter = complete;
  let last = complete;
  let total = 0;
  let bytes = 0;

  const flush = async () => {
    signal.throwIfAborted();
    await broker.produce(topic, batch, { signal });
    complete = last;
    total += batch.length;
    bytes += batchBytes;
    options.progress(total);
    batch = [];
    batchBytes = 0;
    flushedAt = performance.now();
  };
  const take = (record: SequencedRecord<T>): boolean => {
    const { sequence } = record;
    last = sequence;
    const key = record.key ?? ('value' in record ? options.key(record.value) : null);
    const partition = key === null ? sequence % partitions : partitionOfKey(key, partitions);
    if (sequence <= (tails.get(partition)?.sequence ?? -1)) return false;
    const value = Buffer.from('raw' in record ? record.raw : options.encode(record.value, sequence));
    const headers = {
      [HEADER.generator]: source.generator,
      [HEADER.sequence]: String(sequence),
      [HEADER.state]: state,
      [HEADER.complete]: String(complete),
    };
    batch.push({ partition, key, value, headers, timestamp: record.timestamp ?? options.now().getTime() });
    batchBytes += value.length;
    return batch.length >= BATCH_RECORDS || batchBytes >= BATCH_BYTES || performance.now() - flushedAt > BATCH_MILLISECONDS;
  };

  // Two loops, since awaiting each of a million records that are there already would cost more than making them.
  if (Symbol.iterator in records) {
    for (const record of records) if (take(record)) await flush();
  } else {
    for await (const record of records) if (take(record)) await flush();
  }
  if (batch.length > 0) await flush();
  return { records: total, bytes, resumedAfter };
}

function resumeFrom(tails: ReadonlyMap<number, Tail>): Resume | undefined {
  const [furthest] = [...tails.values()].toSorted((a, b) => b.complete - a.complete);
  return furthest === undefined ? undefined : { sequence: furthest.complete, state: furthest.state };
}

/** Where the generator ends in each partition that holds records of it. */
async function readTails<T>(options: ProduceOptions<T>): Promise<ReadonlyMap<number, Tail>> {
  const tails = new Map<number, Tail>();
  for (const offsets of await options.broker.offsets(options.topic)) {
    const tail = await readTail(options, offsets);
    if (tail !== undefined) tails.set(offsets.partition, tail);
  }
  return tails;
}

/** The generator's newest record: the last one, unless somebody else writes to the topic as well; so it is looked for backwards, in growing steps. */
async function readTail<T>(
  { broker, topic, source, signal }: ProduceOptions<T>,
  { partition, start, end }: PartitionOffsets,
): Promise<Tail | undefined> {
  for (let to = end, step = 1; to > start; to -= step, step *= 8) {
    let found: Tail | undefined;
    for await (const batch of broker.read(topic, partition, { from: Math.max(start, to - step), to }, { signal })) {
      for (const { headers } of batch) {
        if (headers[HEADER.generator] !== source.generator) continue;
        found = {
          sequence: Number(headers[HEADER.sequence]),
          complete: Number(headers[HEADER.complete]),
          state: headers[HEADER.state] ?? '',
        };
      }
    }
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The generator and sequence that a record carries, for counting. */
export function provenance(
  headers: Readonly<Record<string, string>>,
): { readonly generator: string; readonly sequence: number } | undefined {
  const generator = headers[HEADER.generator];
  return generator === undefined ? undefined : { generator, sequence: Number(headers[HEADER.sequence]) };
}
