import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asset, materialize, topic, type Broker, type Sequenced } from 'spindle';
import { z } from 'zod';
import { createMemoryBroker } from '../../../src/drivers/broker/memory.ts';
import { SpindleError } from '../../../src/runtime/errors.ts';
import type { RecordAuthor } from '../../../src/runtime/resource/broker.ts';
import { murmur2, partitionOfKey } from '../../../src/runtime/store/partitioner.ts';
import { produce, provenance } from '../../../src/runtime/store/produce.ts';

const TOPIC = 't';
const generator = (count: number, batch = 0): Sequenced<{ id: string }> => ({
  generator: `g${batch}`,
  start: (resume) => ({
    state: 'state',
    records: Array.from({ length: Math.max(0, count - 1 - (resume?.sequence ?? -1)) }, (_, index) => {
      const sequence = index + 1 + (resume?.sequence ?? -1);
      return { sequence, key: `k${sequence % 7}`, value: { id: `${sequence}` } };
    }),
  }),
});

const run = (broker: Broker, source: Sequenced<{ id: string }>, partitions = 3) =>
  produce({
    broker,
    topic: TOPIC,
    partitions,
    source,
    encode: (row) => JSON.stringify(row),
    key: () => null,
    retention: 'forever',
    signal: new AbortController().signal,
    now: () => new Date(0),
    progress: () => {},
  });

async function sequences(broker: Broker): Promise<number[]> {
  const all: number[] = [];
  for (const { partition, start, end } of await broker.offsets(TOPIC)) {
    for await (const batch of broker.read(TOPIC, partition, { from: start, to: end }))
      all.push(...batch.map(({ headers }) => provenance(headers)!.sequence));
  }
  return all.toSorted((a, b) => a - b);
}

/** A generator whose n-th record goes to the n-th of these partitions. */
const keyedTo = (batch: number, partitions: readonly number[]): Sequenced<{ id: string }> => ({
  generator: `g${batch}`,
  start: (resume) => ({
    state: '',
    records: partitions
      .map((partition, sequence) => ({ sequence, key: KEYS[partition] ?? null, value: { id: `${sequence}` } }))
      .filter(({ sequence }) => sequence > (resume?.sequence ?? -1)),
  }),
});
/** For each of three partitions, a key that chooses it. */
const KEYS = [0, 1, 2].map((partition) => ['a', 'b', 'c', 'd', 'e', 'f'].find((key) => partitionOfKey(key, 3) === partition));

/** A broker that knows the authors of its records, as Kafka does: who goes on behind nobody is p1, p2 and so on. */
function authored() {
  const memory = createMemoryBroker();
  const authors = new Map<string, RecordAuthor>();
  const seats = new Map<number, RecordAuthor>();
  /** What was asked for by each call that appended. */
  const asked: (Readonly<Record<number, RecordAuthor>> | undefined)[] = [];
  let count = 0;
  const broker: Broker = {
    ...memory,
    async produce(name, records, options = {}) {
      asked.push(options.behind && Object.fromEntries(options.behind));
      if (options.behind !== undefined) {
        count++;
        seats.clear();
        for (const [partition, author] of options.behind) seats.set(partition, author);
      }
      const ends = new Map((await memory.offsets(name)).map(({ partition, end }) => [partition, end]));
      for (const { partition } of records) {
        const { id, sequence } = seats.get(partition) ?? { id: `p${count}`, sequence: -1 };
        seats.set(partition, { id, sequence: sequence + 1 });
        const offset = ends.get(partition) ?? 0;
        ends.set(partition, offset + 1);
        if (options.behind !== undefined) authors.set(`${partition}/${offset}`, { id, sequence: sequence + 1 });
      }
      await memory.produce(name, records, options);
    },
    async *read(name, partition, span, options = {}) {
      for await (const batch of memory.read(name, partition, span, options))
        yield options.authors === true
          ? batch.map((record) => {
              const author = authors.get(`${partition}/${record.offset}`);
              return { ...record, ...(author && { author }) };
            })
          : batch;
    },
  };
  return { broker, asked };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('producing', () => {
  it('goes on where the topic ends', async () => {
    const broker = createMemoryBroker();
    await broker.ensureTopic({ name: TOPIC, partitions: 3 });
    expect(await run(broker, generator(10))).toMatchObject({ records: 10 });
    expect(await run(broker, generator(25))).toMatchObject({ records: 15 });
    expect(await run(broker, generator(25))).toMatchObject({ records: 0 });
    expect(await sequences(broker)).toEqual(upTo(25));
  });

  it('finds its own end behind records of others', async () => {
    const broker = createMemoryBroker();
    await broker.ensureTopic({ name: TOPIC, partitions: 1 });
    await run(broker, generator(10), 1);
    const foreign = upTo(100).map(() => ({ partition: 0, key: null, value: Buffer.from('x'), headers: {}, timestamp: 0 }));
    await broker.produce(TOPIC, foreign);
    expect(await run(broker, generator(12), 1)).toMatchObject({ records: 2 });
  });

  it('appends each record once, wherever earlier attempts broke off in a batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 3, maxLength: 3 })), {
          maxLength: 4,
        }),
        async (attempts) => {
          const memory = createMemoryBroker();
          await memory.ensureTopic({ name: TOPIC, partitions: 3 });
          for (const [count, kept] of attempts) {
            // A batch of which each partition keeps a prefix of its own, as after a crash.
            const torn: Broker = {
              ...memory,
              async produce(name, records) {
                const prefixes = upTo(3).flatMap((partition) =>
                  records.filter((record) => record.partition === partition).slice(0, kept[partition]),
                );
                await memory.produce(name, prefixes);
                throw new Error('crash');
              },
            };
            await run(torn, generator(count)).catch(() => {});
          }
          await run(memory, generator(60));
          expect(await sequences(memory)).toEqual(upTo(60));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('goes on in the place of who appended its newest record, and of nobody where there is none', async () => {
    const { broker, asked } = authored();
    await broker.ensureTopic({ name: TOPIC, partitions: 3 });
    await run(broker, keyedTo(0, [0, 1]));
    await run(broker, keyedTo(0, [0, 1, 1, 2, 2]));
    await broker.produce(TOPIC, [{ partition: 2, key: null, value: null, headers: {}, timestamp: 0 }]);
    await run(broker, keyedTo(0, [0, 1, 1, 2, 2, 0]));
    expect(asked).toEqual([
      {},
      { 0: { id: 'p1', sequence: 0 }, 1: { id: 'p1', sequence: 0 }, 2: { id: 'p1', sequence: -1 } },
      undefined,
      { 0: { id: 'p1', sequence: 0 }, 1: { id: 'p1', sequence: 1 }, 2: { id: 'p1', sequence: 1 } },
    ]);
  });

  it('takes another place where the broker has forgotten whose it was, but not where somebody was faster', async () => {
    const { broker, asked } = authored();
    await broker.ensureTopic({ name: TOPIC, partitions: 1 });
    await run(broker, keyedTo(0, [0, 0]), 1);
    const fenced = (meanwhile: () => Promise<unknown>): Broker => ({
      ...broker,
      async produce(name, records, options) {
        if (options?.behind?.size !== 1) return broker.produce(name, records, options);
        await meanwhile();
        throw new SpindleError('PRODUCER_FENCED', 'not the next one', { transient: true });
      },
    });
    await run(
      fenced(async () => {}),
      keyedTo(0, [0, 0, 0]),
      1,
    );
    expect(asked).toEqual([{}, {}]);
    const faster = fenced(() => run(broker, keyedTo(0, [0, 0, 0, 0]), 1));
    await expect(run(faster, keyedTo(0, [0, 0, 0, 0, 0]), 1)).rejects.toMatchObject({ code: 'PRODUCER_FENCED' });
    expect(await sequences(broker)).toEqual(upTo(4));
  });

  it('chooses the partition of a key as Kafka clients do', () => {
    // Values of org.apache.kafka.common.utils.Utils.murmur2, from Kafka's own test.
    expect(murmur2(Buffer.from('21'))).toBe(-973932308);
    expect(murmur2(Buffer.from('foobar'))).toBe(-790332482);
    expect(murmur2(Buffer.from('a-little-bit-long-string'))).toBe(-985981536);
    expect(murmur2(Buffer.from('a-little-bit-longer-string'))).toBe(-1486304829);
    expect(murmur2(Buffer.from('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8'))).toBe(-58897971);
    expect(murmur2(Buffer.from('abc'))).toBe(479470107);
    expect(partitionOfKey('anything', 1)).toBe(0);
  });
});

describe('a topic', () => {
  const Play = z.object({ id: z.string(), at: z.iso.datetime(), count: z.int().default(1) });

  it('refuses rows with a column that nobody declared, naming the row and the field', async () => {
    const plays = asset('plays', { store: topic('plays', Play) }).run(() => [{ id: 'a', at: '2026-01-01T00:00:00Z', other: 1 }]);
    const result = await materialize([plays], { resources: { broker: createMemoryBroker() } });
    expect(result.events.find(({ type }) => type === 'step.failed')).toMatchObject({
      error: { code: 'ROWS_INVALID', message: expect.stringContaining('row 0: Unrecognized key: "other"') },
    });
  });

  it('gives back the rows that it was given, with the defaults of the schema', async () => {
    const plays = asset('plays', { store: topic('plays', Play, { partitions: 2, key: ({ id }) => id }) }).run(() => [
      { id: 'a', at: '2026-01-01T00:00:00Z' },
    ]);
    const result = await materialize([plays], { resources: { broker: createMemoryBroker() } });
    const handle = await result.output(plays);
    expect(await handle.all()).toEqual([{ id: 'a', at: '2026-01-01T00:00:00Z', count: 1 }]);
    expect(await handle.count()).toBe(1);
  });
});
