import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Broker, BrokerRecord, ProduceRecord, RecordAuthor } from '../../../src/runtime/resource/broker.ts';
import { KAFKA_VERSIONS } from './install.ts';
import { kafkaServer } from './kafka-server.ts';
import { openBroker } from './open.ts';

const records = (from: number, to: number, partition = 0): ProduceRecord[] =>
  Array.from({ length: to - from }, (_, i) => ({
    partition,
    key: String(from + i),
    value: Buffer.from('x'),
    headers: {},
    timestamp: Date.now(),
  }));

async function newTopic(broker: Broker): Promise<string> {
  const topic = `succession-${randomUUID()}`;
  await broker.ensureTopic({ name: topic, partitions: 2 });
  return topic;
}

async function readAll(broker: Broker, topic: string, partition = 0): Promise<readonly BrokerRecord[]> {
  const all: BrokerRecord[] = [];
  for await (const batch of broker.read(topic, partition, { from: 0, to: Infinity }, { authors: true })) all.push(...batch);
  return all;
}

async function lastAuthor(broker: Broker, topic: string): Promise<RecordAuthor> {
  const author = (await readAll(broker, topic)).at(-1)?.author;
  if (author === undefined) throw new Error('The record has no author.');
  return author;
}

const keysOf = async (broker: Broker, topic: string, partition = 0) =>
  (await readAll(broker, topic, partition)).map(({ key }) => Number(key));
const upTo = (end: number) => Array.from({ length: end }, (_, i) => i);
const FENCED = expect.objectContaining({ code: 'PRODUCER_FENCED', transient: true });

describe.each(KAFKA_VERSIONS)('whoever goes on behind a record, on Kafka %s,', (version) => {
  const server = kafkaServer({ version });

  it('takes its place: what comes of its producer later is refused', async () => {
    const [first, second] = [await openBroker(server.brokers), await openBroker(server.brokers)];
    const topic = await newTopic(first);
    await first.produce(topic, records(0, 5));
    await second.produce(topic, records(5, 8), { behind: new Map([[0, await lastAuthor(second, topic)]]) });
    await expect(first.produce(topic, records(5, 10))).rejects.toEqual(FENCED);
    await second.produce(topic, records(8, 10));
    expect(await keysOf(first, topic)).toEqual(upTo(10));
  });

  it('is refused where its producer was faster, and then finds what that one appended', async () => {
    const [first, second] = [await openBroker(server.brokers), await openBroker(server.brokers)];
    const topic = await newTopic(first);
    await first.produce(topic, records(0, 5));
    const seen = await lastAuthor(second, topic);
    await first.produce(topic, records(5, 8));
    await expect(second.produce(topic, records(5, 10), { behind: new Map([[0, seen]]) })).rejects.toEqual(FENCED);
    await second.produce(topic, records(8, 10), { behind: new Map([[0, await lastAuthor(second, topic)]]) });
    expect(await keysOf(first, topic)).toEqual(upTo(10));
  });

  it('appends nothing where its producer has appended the same records', async () => {
    const [first, second] = [await openBroker(server.brokers), await openBroker(server.brokers)];
    const topic = await newTopic(first);
    await first.produce(topic, records(0, 5));
    const seen = await lastAuthor(second, topic);
    await first.produce(topic, records(5, 8));
    await second.produce(topic, records(5, 8), { behind: new Map([[0, seen]]) });
    await second.produce(topic, records(8, 10));
    expect(await keysOf(first, topic)).toEqual(upTo(10));
  });

  it('can be its successor in a partition that neither of them has written to', async () => {
    const [first, second] = [await openBroker(server.brokers), await openBroker(server.brokers)];
    const topic = await newTopic(first);
    await first.produce(topic, records(0, 5));
    const { id } = await lastAuthor(second, topic);
    await second.produce(topic, records(0, 3, 1), { behind: new Map([[1, { id, sequence: -1 }]]) });
    await expect(first.produce(topic, records(0, 4, 1))).rejects.toEqual(FENCED);
    expect(await keysOf(first, topic, 1)).toEqual(upTo(3));
  });

  it('takes its place also over a broker that was killed meanwhile', async () => {
    const [first, second] = [await openBroker(server.brokers), await openBroker(server.brokers)];
    const topic = await newTopic(first);
    await first.produce(topic, records(0, 5));
    const seen = await lastAuthor(second, topic);
    await server.kill();
    await server.start();
    await second.produce(topic, records(5, 8), { behind: new Map([[0, seen]]) });
    await expect(first.produce(topic, records(5, 10))).rejects.toEqual(FENCED);
    expect(await keysOf(first, topic)).toEqual(upTo(8));
  });
});

describe.each(KAFKA_VERSIONS)('a producer that Kafka %s has forgotten', (version) => {
  const server = kafkaServer({
    version,
    properties: { 'producer.id.expiration.ms': '5000', 'producer.id.expiration.check.interval.ms': '100' },
  });

  it('has successors all the same, whatever number they go on with', async () => {
    const [first, second] = [await openBroker(server.brokers), await openBroker(server.brokers)];
    const topic = await newTopic(first);
    await first.produce(topic, records(0, 5));
    const { id, sequence } = await lastAuthor(second, topic);
    const attempt = () =>
      second.produce(topic, records(5, 8), { behind: new Map([[0, { id, sequence: sequence + 100 }]]) }).then(
        () => 'kept',
        (error: unknown) => (error as { readonly code?: string }).code,
      );
    // A producer that is known is held to its numbers.
    expect(await attempt()).toBe('PRODUCER_FENCED');
    await expect.poll(attempt, { timeout: 30_000, interval: 100 }).toBe('kept');
    expect(await keysOf(first, topic)).toEqual(upTo(8));
    expect(await lastAuthor(first, topic)).toEqual({ id, sequence: sequence + 103 });
  });
});
