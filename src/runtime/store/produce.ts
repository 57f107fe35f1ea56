import { isSpindleError, SpindleError } from '../errors.ts';
import type { Broker, PartitionOffsets, ProduceRecord, RecordAuthor, Retention } from '../resource/broker.ts';
import { linkAbort } from '../stream/linked-abort.ts';
import { firstOf, type Moment } from '../stream/moment.ts';
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
  /** What the topic keeps: a record that is older already would be deleted unread. */
  readonly retention: Retention;
  readonly source: Sequenced<T>;
  encode(value: T, sequence: number): string;
  key(value: T): string | null;
  readonly signal: AbortSignal;
  now(): Date;
  progress(done: number): void;
  /** Of a stream: how long to wait with a record, in milliseconds, and the order to come to an end. */
  readonly pace?: { readonly drain: AbortSignal; wait(timestamp: number | undefined): number };
  /** Called with what was appended at once. */
  flushed?(records: readonly ProduceRecord[]): void;
  /** Called when all that was made is appended, and more is waited for. */
  idle?(): void;
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
  readonly author: RecordAuthor | undefined;
}

interface Tails {
  /** The generator's newest record in each partition that holds one. */
  readonly newest: ReadonlyMap<number, Tail>;
  /** Partitions that never held a record of anybody. */
  readonly untouched: readonly number[];
}

/**
 * Appends the records of a generator that the topic does not hold yet. Each partition's last record tells how far the generator came
 * there, and up to where every partition was complete when it was sent; so nothing is produced twice or left out after a crash. What an ended or frozen
 * process of the generator still has under way is refused by the broker, since the records go on in that one's place.
 */
export async function produce<T>(options: ProduceOptions<T>): Promise<Produced> {
  const { broker, topic, partitions, source, signal, pace } = options;
  const found = await readTails(options);
  const tails = found.newest;
  const { state, records } = source.start(resumeFrom(tails));
  const ending = linkAbort(signal, ...(pace === undefined ? [] : [pace.drain]));
  let batch: ProduceRecord[] = [];
  let batchBytes = 0;
  let flushedAt = performance.now();
  let idle = false;
  let complete = Math.max(-1, ...[...tails.values()].map((tail) => tail.complete));
  const resumedAfter = complete;
  let last = complete;
  let total = 0;
  let bytes = 0;
  let isFirst = true;

  const append = async (): Promise<void> => {
    if (!isFirst) return broker.produce(topic, batch, { signal });
    isFirst = false;
    try {
      await broker.produce(topic, batch, { signal, behind: successions(found) });
    } catch (error) {
      if (!isSpindleError(error) || error.code !== 'PRODUCER_FENCED' || !isSame(tails, (await readTails(options)).newest)) throw error;
      // Nobody else was faster: the broker has forgotten whose place it is.
      await broker.produce(topic, batch, { signal, behind: new Map() });
    }
  };
  const flush = async () => {
    flushedAt = performance.now();
    if (batch.length === 0) return;
    signal.throwIfAborted();
    await append();
    complete = last;
    total += batch.length;
    bytes += batchBytes;
    options.progress(total);
    const flushed = batch;
    batch = [];
    batchBytes = 0;
    options.flushed?.(flushed);
  };
  const take = (record: SequencedRecord<T>): void => {
    const { sequence } = record;
    last = sequence;
    idle = false;
    const key = record.key ?? ('value' in record ? options.key(record.value) : null);
    const partition = key === null ? sequence % partitions : partitionOfKey(key, partitions);
    if (sequence <= (tails.get(partition)?.sequence ?? -1)) return;
    const value = Buffer.from('raw' in record ? record.raw : options.encode(record.value, sequence));
    const headers = {
      [HEADER.generator]: source.generator,
      [HEADER.sequence]: String(sequence),
      [HEADER.state]: state,
      [HEADER.complete]: String(complete),
    };
    const timestamp = record.timestamp ?? options.now().getTime();
    requireKept(options, timestamp);
    batch.push({ partition, key, value, headers, timestamp });
    batchBytes += value.length;
  };
  const isFull = () => batch.length >= BATCH_RECORDS || batchBytes >= BATCH_BYTES || performance.now() - flushedAt > BATCH_MILLISECONDS;
  /** Waits for the work, so many milliseconds at most, without keeping back what is in hand. */
  const waitFor = async <V>(work: Promise<V>, milliseconds = Infinity): Promise<Moment<V>> => {
    for (const deadline = performance.now() + milliseconds; ;) {
      const now = performance.now();
      const [patience, left] = [idle ? Infinity : flushedAt + BATCH_MILLISECONDS - now, deadline - now];
      const moment = await firstOf(work, { milliseconds: Math.min(patience, left), drain: ending.signal });
      if (moment.kind !== 'due' || left <= patience) return moment;
      idle = batch.length === 0;
      if (idle) options.idle?.();
      await flush();
    }
  };

  const iterator = iteratorOf(records);
  /** A record that was asked for, and has not come. */
  let asked: Promise<unknown> | undefined;
  let done = false;
  try {
    while (!ending.signal.aborted) {
      const step = iterator.next();
      asked = step instanceof Promise ? step : undefined;
      // Awaiting each of a million records that are there already would cost more than making them.
      const next: Moment<IteratorResult<SequencedRecord<T>>> =
        step instanceof Promise ? await waitFor(step) : { kind: 'value', value: step };
      if (next.kind !== 'value') break;
      asked = undefined;
      done = next.value.done === true;
      if (next.value.done === true) break;
      const wait = pace?.wait(next.value.value.timestamp) ?? 0;
      if (wait > 0 && (await waitFor(new Promise<never>(() => {}), wait)).kind === 'drain') break;
      take(next.value.value);
      if (isFull()) await flush();
    }
    await flush();
  } finally {
    ending.unlink();
    const returned = done ? undefined : Promise.resolve(iterator.return?.());
    if (asked === undefined) await returned;
    else returned?.catch(() => {}); // it ends when its next record comes: nobody waits for that
  }
  signal.throwIfAborted();
  return { records: total, bytes, resumedAfter };
}

type Records<T> = Iterable<SequencedRecord<T>> | AsyncIterable<SequencedRecord<T>>;

function iteratorOf<T>(records: Records<T>): Pick<Iterator<SequencedRecord<T>> | AsyncIterator<SequencedRecord<T>>, 'next' | 'return'> {
  return Symbol.iterator in records ? records[Symbol.iterator]() : records[Symbol.asyncIterator]();
}

/** CONFIG_INVALID for a record that the topic's retention would delete before anybody is sure to have read it. */
function requireKept<T>({ topic, retention, now }: ProduceOptions<T>, timestamp: number): void {
  if (retention === 'forever' || timestamp > now().getTime() - retention) return;
  throw new SpindleError(
    'CONFIG_INVALID',
    `A record of ${new Date(timestamp).toISOString()} is older than the topic ${topic} keeps its records (${Math.round(retention / 3_600_000)} hours): it would be deleted.`,
    { field: 'retention', remedy: `Declare a longer one: topic('${topic}', …, { retention: 'forever' }).` },
  );
}

function resumeFrom(tails: ReadonlyMap<number, Tail>): Resume | undefined {
  const [furthest] = [...tails.values()].toSorted((a, b) => b.complete - a.complete);
  return furthest === undefined ? undefined : { sequence: furthest.complete, state: furthest.state };
}

/** Where the generator ends in each partition that holds records of it. */
async function readTails<T>(options: ProduceOptions<T>): Promise<Tails> {
  const newest = new Map<number, Tail>();
  const untouched: number[] = [];
  for (const offsets of await options.broker.offsets(options.topic)) {
    if (offsets.end === 0) untouched.push(offsets.partition);
    const tail = await readTail(options, offsets);
    if (tail !== undefined) newest.set(offsets.partition, tail);
  }
  return { newest, untouched };
}

/**
 * In whose place the records of each partition go on. Where the generator has none yet, an ended process of it may all the same have some under way: as the
 * author that it had in the partition before all others, of which all of its processes come to the same answer.
 */
function successions({ newest, untouched }: Tails): ReadonlyMap<number, RecordAuthor> {
  const behind = new Map([...newest].flatMap(([partition, { author }]) => (author === undefined ? [] : [[partition, author] as const])));
  const [first] = behind.values();
  if (first !== undefined) for (const partition of untouched) behind.set(partition, { id: first.id, sequence: -1 });
  return behind;
}

function isSame(before: ReadonlyMap<number, Tail>, after: ReadonlyMap<number, Tail>): boolean {
  return before.size === after.size && [...before].every(([partition, { sequence }]) => after.get(partition)?.sequence === sequence);
}

/** The generator's newest record: the last one, unless somebody else writes to the topic as well; so it is looked for backwards, in growing steps. */
async function readTail<T>(
  { broker, topic, source, signal }: ProduceOptions<T>,
  { partition, start, end }: PartitionOffsets,
): Promise<Tail | undefined> {
  for (let to = end, step = 1; to > start; to -= step, step *= 8) {
    let found: Tail | undefined;
    for await (const batch of broker.read(topic, partition, { from: Math.max(start, to - step), to }, { signal, authors: true })) {
      for (const { headers, author } of batch) {
        if (headers[HEADER.generator] !== source.generator) continue;
        found = {
          sequence: Number(headers[HEADER.sequence]),
          complete: Number(headers[HEADER.complete]),
          state: headers[HEADER.state] ?? '',
          author,
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
