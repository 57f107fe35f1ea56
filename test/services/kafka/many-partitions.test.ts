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

it('partitions take turns where an answer has room for one of them', async () => {
  const broker = await openBroker(server.brokers);
  const wide = partitions.slice(0, 6);
  await broker.ensureTopic({ name: 'turns', partitions: wide.length });
  const value = Buffer.alloc(900_000);
  for (let n = 0; n < 5; n++)
    await broker.produce(
      'turns',
      wide.map((partition) => ({ partition, key: String(n), value, headers: {}, timestamp: Date.now() })),
    );
  const arrived: number[] = [];
  const read = async (partition: number) => {
    for await (const batch of broker.read('turns', partition, { from: 0, to: 5 })) arrived.push(...batch.map(() => partition));
  };
  await Promise.all(wide.map(read));
  expect(arrived.length).toBe(30);
  for (const partition of wide) expect(arrived.indexOf(partition)).toBeLessThan(15);
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
  let batches = 0;
  let count = 0;
  for (const busy = follow(1); count < total; batches++) {
    count += ((await busy.next()).value as readonly BrokerRecord[]).length;
    // while this one works, the broker is asked for the others alone, and waits: the next batch must not wait for that
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(batches).toBeGreaterThan(20);
  expect((performance.now() - before) / batches).toBeLessThan(70);
  stopping.abort(new Error('stopped'));
  for (const result of await Promise.allSettled(idle)) expect(result).toMatchObject({ reason: { message: 'stopped' } });
});
