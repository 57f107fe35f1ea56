import { randomUUID } from 'node:crypto';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { COMPRESSIONS, type Compression } from '../../../src/drivers/broker/kafka/settings.ts';
import type { Broker, BrokerRecord } from '../../../src/runtime/resource/broker.ts';
import { kafkaServer } from './kafka-server.ts';
import { openBroker } from './open.ts';

// the one version that ships its console producer with the broker
const server = kafkaServer({ version: '3.9.1' });
const hasZstd = 'zstdCompress' in zlib;
const lines = Array.from({ length: 3_000 }, (_, n) => JSON.stringify({ n, song: 'Ängström '.repeat(20) }));

async function readAll(broker: Broker, topic: string): Promise<readonly BrokerRecord[]> {
  const all: BrokerRecord[] = [];
  for await (const batch of broker.read(topic, 0, { from: 0, to: Infinity })) all.push(...batch);
  return all;
}

async function newTopic(broker: Broker): Promise<string> {
  const topic = `compressed-${randomUUID()}`;
  await broker.ensureTopic({ name: topic, partitions: 1 });
  return topic;
}

const texts = (records: readonly BrokerRecord[]) => records.map(({ value }) => String(value && Buffer.from(value).toString()));

/** Records of Kafka's own client, which is what nearly everybody else produces with. */
const produceElsewhere = (topic: string, codec: Compression) =>
  server.tool(
    'kafka.tools.ConsoleProducer',
    ['--bootstrap-server', server.brokers, '--topic', topic, '--compression-codec', codec, '--batch-size', '200000'],
    lines,
  );

describe.each(COMPRESSIONS.filter((name) => name !== 'zstd' || hasZstd))('compression by %s', (compression) => {
  it('is taken by the broker, which looks into the batches, and read again from any offset', async () => {
    const broker = await openBroker(server.brokers, { compression });
    const topic = await newTopic(broker);
    await broker.produce(
      topic,
      lines.map((line, n) => ({
        partition: 0,
        key: String(n),
        value: Buffer.from(line),
        headers: { n: String(n) },
        timestamp: Date.now(),
      })),
    );
    expect(texts(await readAll(broker, topic))).toEqual(lines);
    const some: BrokerRecord[] = [];
    for await (const batch of broker.read(topic, 0, { from: 1_234, to: 1_300 })) some.push(...batch);
    expect(some.map(({ offset, headers }) => [offset, headers['n']])).toEqual(
      Array.from({ length: 66 }, (_, i) => [1_234 + i, String(1_234 + i)]),
    );
  });

  it('by Kafka’s own client is read', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker);
    await produceElsewhere(topic, compression);
    expect(texts(await readAll(broker, topic))).toEqual(lines);
  });
});

describe('a topic whose compression this Node does not have', () => {
  it('is told by name, when it is read', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker);
    await produceElsewhere(topic, 'zstd');
    const reading = readAll(broker, topic);
    if (hasZstd) return expect(texts(await reading)).toEqual(lines);
    await expect(reading).rejects.toMatchObject({
      code: 'DEPENDENCY_NOT_INSTALLED',
      message: expect.stringContaining(`the records of topic '${topic}' are compressed with zstd`),
    });
    return undefined;
  });
});
