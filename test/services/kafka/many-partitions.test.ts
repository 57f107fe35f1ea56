import { expect, it } from 'vitest';
import type { BrokerRecord } from '../../../src/runtime/resource/broker.ts';
import { kafkaServer } from './kafka-server.ts';
import { openBroker } from './open.ts';

const server = kafkaServer();
const PARTITIONS = 40;
const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);

it('partitions are read side by side, each whole, also where one batch is larger than the share of a partition', async () => {
  const broker = await openBroker(server.brokers);
  await broker.ensureTopic({ name: 'wide', partitions: PARTITIONS });
  // 40 shares of 4 MiB are 100 KiB: these batches are larger, and all together more than an answer takes
  const records = partitions.flatMap((partition) =>
    [0, 1].map((n) => ({
      partition,
      key: `${partition}/${n}`,
      value: Buffer.alloc(900_000, partition),
      headers: {},
      timestamp: Date.now(),
    })),
  );
  await broker.produce('wide', records);
  const read = await Promise.all(
    partitions.map(async (partition) => {
      const all: BrokerRecord[] = [];
      for await (const batch of broker.read('wide', partition, { from: 0, to: Infinity })) all.push(...batch);
      return all.map(({ key, value }) => [key, value?.[0], value?.length]);
    }),
  );
  expect(read).toEqual(partitions.map((partition) => [0, 1].map((n) => [`${partition}/${n}`, partition, 900_000])));
});

it('a partition that has records is not held up by followers of partitions that have none, or by one that is not taken from', async () => {
  const broker = await openBroker(server.brokers);
  await broker.ensureTopic({ name: 'mixed', partitions: PARTITIONS });
  const stopping = new AbortController();
  const { signal } = stopping;
  const follow = (partition: number) =>
    broker.read('mixed', partition, { from: 0, to: Infinity }, { follow: true, signal })[Symbol.asyncIterator]();
  const idle = partitions.slice(2).map((partition) => follow(partition).next());
  // a reader that takes one batch and no more
  const slow = follow(0);
  const value = Buffer.alloc(1_000, 1);
  const total = 30_000;
  const records = [0, 1].flatMap((partition) =>
    Array.from({ length: total }, (_, n) => ({ partition, key: String(n), value, headers: {}, timestamp: Date.now() })),
  );
  await broker.produce('mixed', records);
  expect((await slow.next()).done).toBe(false);
  const before = performance.now();
  let count = 0;
  for (const busy = follow(1); count < total;) count += ((await busy.next()).value as readonly BrokerRecord[]).length;
  // 30 MB come in some thirty answers: a wait of 200 ms before each would take six seconds
  expect(performance.now() - before).toBeLessThan(3_000);
  stopping.abort(new Error('stopped'));
  for (const result of await Promise.allSettled(idle)) expect(result).toMatchObject({ reason: { message: 'stopped' } });
});
