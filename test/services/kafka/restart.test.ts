import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { KafkaSettings } from '../../../src/drivers/broker/kafka/settings.ts';
import type { Broker, BrokerRecord, ProduceRecord } from '../../../src/runtime/resource/broker.ts';
import { kafkaServer } from './kafka-server.ts';
import { openBroker } from './open.ts';
import { startProxy } from './proxy.ts';
import { startKafka } from './server.ts';

const PARTITIONS = 2;
const server = kafkaServer({ version: '4.1.1' });

const records = (from: number, to: number): ProduceRecord[] =>
  Array.from({ length: to - from }, (_, i) => ({
    partition: (from + i) % PARTITIONS,
    key: String(from + i),
    value: Buffer.alloc(200, 1),
    headers: {},
    timestamp: Date.now(),
  }));

async function newTopic(broker: Broker): Promise<string> {
  const topic = `restart-${randomUUID()}`;
  await broker.ensureTopic({ name: topic, partitions: PARTITIONS });
  return topic;
}

async function readAll(broker: Broker, topic: string, partition: number): Promise<readonly BrokerRecord[]> {
  const all: BrokerRecord[] = [];
  for await (const batch of broker.read(topic, partition, { from: 0, to: Infinity })) all.push(...batch);
  return all;
}

const keys = (read: readonly { readonly key: string | null }[]) => read.map(({ key }) => Number(key));
const everyOther = (partition: number, to: number) => Array.from({ length: to / PARTITIONS }, (_, i) => i * PARTITIONS + partition);

describe('a broker that ends and is started again', () => {
  it.each(['kill', 'stop'] as const)('by %s does not keep who produces and reads from doing so once and in order', async (how) => {
    const notices: string[] = [];
    const broker = await openBroker(server.brokers, { patience: 60_000 }, notices);
    const topic = await newTopic(broker);
    const total = 40_000;
    let produced = 0;
    const producing = async () => {
      for (; produced < total; produced += 500) await broker.produce(topic, records(produced, produced + 500));
    };
    const reading = async (partition: number) => {
      const read: BrokerRecord[] = [];
      for await (const batch of broker.read(topic, partition, { from: 0, to: total / PARTITIONS }, { follow: true })) read.push(...batch);
      return read;
    };
    const restarting = async () => {
      while (produced < total / 4) await new Promise(setImmediate);
      await server[how]();
      await server.start();
    };
    const [, , ...read] = await Promise.all([producing(), restarting(), reading(0), reading(1)]);
    expect(read.map(keys)).toEqual([everyOther(0, total), everyOther(1, total)]);
    expect(read.map((part) => part.map(({ offset }) => offset))).toEqual([0, 1].map(() => Array.from({ length: total / 2 }, (_, i) => i)));
    expect(notices[0]).toMatch(/^Kafka: .*; trying again$/);
    expect(notices.at(-1)).toBe('Kafka answers again');
    expect(notices.length % 2).toBe(0);
  });

  it('keeps the members of its groups', async () => {
    const notices: string[] = [];
    const broker = await openBroker(server.brokers, { patience: 60_000 }, notices);
    const topic = await newTopic(broker);
    const told: (readonly number[])[] = [];
    const failures: unknown[] = [];
    const member = await broker.join(topic, topic, {
      assigned: (partitions) => told.push(partitions),
      failed: (error) => failures.push(error),
    });
    await expect.poll(() => told.at(-1)).toEqual([0, 1]);
    await member.commit(new Map([[0, 3]]));
    await server.kill();
    await server.start();
    expect(await broker.committed(topic, topic)).toEqual(new Map([[0, 3]]));
    const committed = async () => {
      await member.commit(new Map([[1, 4]]));
      return (await broker.committed(topic, topic)).get(1);
    };
    await expect.poll(committed, { timeout: 60_000, interval: 500 }).toBe(4);
    expect(told.at(-1)).toEqual([0, 1]);
    expect(failures).toEqual([]);
    expect(notices.filter((notice) => notice.endsWith(`; joining the group '${topic}' again`)).length).toBeGreaterThan(0);
    await member.leave();
  });

  it('is given up after a while, and is used again when it is there', async () => {
    const broker = await openBroker(server.brokers, { patience: 2_000 });
    const topic = await newTopic(broker);
    await broker.produce(topic, records(0, 10));
    await server.kill();
    const before = performance.now();
    const calls = [
      broker.produce(topic, records(10, 20)),
      broker.offsets(topic),
      broker.committed('g', topic),
      readAll(broker, topic, 0),
      broker.ensureTopic({ name: 'other', partitions: 1 }),
    ];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'BROKER_UNREACHABLE', transient: true } });
    }
    expect(performance.now() - before).toBeLessThan(10_000);
    await server.start();
    // as many records as in the call that failed: they are not taken for those
    await broker.produce(topic, records(20, 30));
    expect(keys(await readAll(broker, topic, 0))).toEqual([0, 2, 4, 6, 8, 20, 22, 24, 26, 28]);
  });

  it('does not keep a call that is aborted, or closing', async () => {
    const broker = await openBroker(server.brokers, { patience: 60_000 });
    const topic = await newTopic(broker);
    await broker.produce(topic, records(0, 10));
    process.kill(server.pid, 'SIGSTOP');
    try {
      const stopping = new AbortController();
      const { signal } = stopping;
      const following = broker.read(topic, 0, { from: 5, to: 6 }, { follow: true, signal })[Symbol.asyncIterator]();
      const aborted = [broker.produce(topic, records(10, 20), { signal }), following.next()];
      const waiting = broker.offsets(topic);
      setTimeout(() => stopping.abort(new Error('stopped')), 200);
      for (const result of await Promise.allSettled(aborted)) expect(result).toMatchObject({ reason: { message: 'stopped' } });
      const before = performance.now();
      await Promise.all([broker.close(), expect(waiting).rejects.toMatchObject({ message: expect.stringContaining('was closed') })]);
      expect(performance.now() - before).toBeLessThan(2_000);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    await expect(broker.offsets(topic)).rejects.toMatchObject({ message: 'the Kafka broker was closed and cannot be used any more' });
  });
});

/** A broker that is reached by a proxy only. */
async function behindProxy(settings: Partial<KafkaSettings> = {}) {
  const proxy = await startProxy();
  const behind = await startKafka({ properties: { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxy.port}` } });
  proxy.leadTo(behind.port);
  onTestFinished(async () => {
    await behind.remove();
    await proxy.close();
  });
  return { proxy, broker: await openBroker(`127.0.0.1:${proxy.port}`, settings) };
}

describe('an answer that is lost', () => {
  /** Of all that is asked for here, only the answer to a produce names the topic. */
  const names = (topic: string) => (bytes: Buffer) => bytes.includes(topic);

  it('does not make a batch be kept twice', async () => {
    const { proxy, broker } = await behindProxy();
    const topic = await newTopic(broker);
    await broker.produce(topic, records(0, 1_000));
    await Promise.all([broker.produce(topic, records(1_000, 2_000)), proxy.loseAnswer(names(topic))]);
    await broker.produce(topic, records(2_000, 3_000));
    for (const partition of [0, 1]) expect(keys(await readAll(broker, topic, partition))).toEqual(everyOther(partition, 3_000));
  });

  it('does not make as many records of the next call be taken for those of the call that it ended', async () => {
    const { proxy, broker } = await behindProxy({ patience: 1_000 });
    const topic = await newTopic(broker);
    await broker.produce(topic, records(0, 10));
    const lost = proxy.loseAnswer(names(topic)).then(() => proxy.block(true));
    await expect(broker.produce(topic, records(10, 20))).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE', transient: true });
    await lost;
    proxy.block(false);
    await broker.produce(topic, records(20, 30));
    for (const partition of [0, 1]) expect(keys(await readAll(broker, topic, partition))).toEqual(everyOther(partition, 30));
  });
});

describe('a member of a group', () => {
  it('is sent no records by itself', async () => {
    const { proxy, broker } = await behindProxy();
    const topic = await newTopic(broker);
    const told: (readonly number[])[] = [];
    const member = await broker.join(topic, topic, { assigned: (partitions) => told.push(partitions), failed: () => {} });
    await expect.poll(() => told.at(-1)).toEqual([0, 1]);
    const before = proxy.answered;
    await broker.produce(topic, records(0, 20_000));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(proxy.answered - before).toBeLessThan(50_000);
    expect((await readAll(broker, topic, 0)).length).toBe(10_000);
    expect(proxy.answered - before).toBeGreaterThan(2_000_000);
    await member.leave();
  });
});
