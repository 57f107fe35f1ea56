import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Broker, BrokerRecord, ProduceRecord } from '../../../src/runtime/resource/broker.ts';
import { kafkaServer } from './kafka-server.ts';
import { openBroker, withAdmin } from './open.ts';
import { startKafka } from './server.ts';

const NOWHERE = '127.0.0.1:1';
const DAY = 86_400_000;

const server = kafkaServer({
  properties: {
    'log.initial.task.delay.ms': '300',
    'log.retention.check.interval.ms': '300',
    'log.cleaner.backoff.ms': '200',
    'log.message.timestamp.after.max.ms': String(DAY),
  },
});
const expectEventually = (probe: () => unknown) => expect.poll(probe, { timeout: 60_000, interval: 100 });

const record = (n: number, size = 10): ProduceRecord => ({
  partition: 0,
  key: `k${n}`,
  value: Buffer.alloc(size, n % 256),
  headers: {},
  timestamp: Date.now(),
});

async function newTopic(broker: Broker, configs: Readonly<Record<string, string>> = {}): Promise<string> {
  const topic = `faults-${randomUUID()}`;
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  // with its settings at once: a broker hears of later ones in its own time
  await withAdmin(server, (admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }], waitForLeaders: true }));
  await broker.ensureTopic({ name: topic, partitions: 1 });
  return topic;
}

async function readAll(broker: Broker, topic: string, span = { from: 0, to: Infinity }): Promise<readonly BrokerRecord[]> {
  const all: BrokerRecord[] = [];
  for await (const batch of broker.read(topic, 0, span)) all.push(...batch);
  return all;
}

describe('a broker that cannot be reached', () => {
  it('is told within seconds, and may be there later', async () => {
    const broker = await openBroker(NOWHERE);
    const before = performance.now();
    await expect(broker.offsets('t')).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      transient: true,
      message: `Kafka at ${NOWHERE} does not answer: connect ECONNREFUSED ${NOWHERE}`,
      remedy: 'See that it runs and that SPINDLE_KAFKA_BROKERS names it.',
    });
    expect(performance.now() - before).toBeLessThan(8_000);
  });

  it('with a name that there is none of is told too', async () => {
    const broker = await openBroker('kafka.invalid:9092', { patience: 1_000 });
    await expect(broker.topicNames()).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.stringMatching(/^Kafka at kafka\.invalid:9092 does not answer: getaddrinfo (ENOTFOUND|EAI_AGAIN) kafka\.invalid/),
    });
  });

  it('does not matter where another one of the cluster can', async () => {
    const broker = await openBroker(`${NOWHERE},${server.brokers}`);
    const topic = await newTopic(broker);
    await broker.produce(topic, [record(1)]);
    expect((await readAll(broker, topic)).length).toBe(1);
  });

  it('by the address that the cluster gives of itself is told with that address', async () => {
    const misled = await startKafka({ properties: { 'advertised.listeners': 'PLAINTEXT://127.0.0.1:1' } });
    try {
      const broker = await openBroker(misled.brokers, { patience: 2_000 });
      await expect(broker.ensureTopic({ name: 't', partitions: 1 })).rejects.toMatchObject({
        code: 'BROKER_UNREACHABLE',
        message: expect.stringContaining(`the cluster gives ${NOWHERE} as an address of its own: advertised.listeners`),
      });
    } finally {
      await misled.remove();
    }
  });
});

describe('a record', () => {
  it.each([2 << 20, 20 << 20, 120 << 20])('of %i bytes is told to be too large, and others are produced after it', async (size) => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker);
    await expect(broker.produce(topic, [record(1, 100), record(2, size)])).rejects.toMatchObject({
      code: 'RECORD_TOO_LARGE',
      transient: false,
      message: expect.stringMatching(
        new RegExp(`^a record of \\d+ bytes for topic '${topic}', partition 0, is larger than the 1048588 bytes that it allows$`),
      ),
      remedy: expect.stringMatching(/max\.message\.bytes above \d+/),
    });
    await broker.produce(topic, [record(3)]);
    expect((await readAll(broker, topic)).at(-1)?.key).toBe('k3');
  });

  it('that a topic allows is read, also where it is larger than what a partition may bring at once', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker, { 'max.message.bytes': '20000000' });
    await broker.produce(topic, [record(1), record(2, 15_000_000), record(3)]);
    expect((await readAll(broker, topic)).map(({ value }) => value?.length)).toEqual([10, 15_000_000, 10]);
  });

  it('goes with others in batches as small as the topic wants them', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker, { 'max.message.bytes': '20000' });
    const records = Array.from({ length: 2_000 }, (_, n) => record(n, 500));
    await broker.produce(topic, records);
    expect((await readAll(broker, topic)).map(({ key }) => key)).toEqual(records.map(({ key }) => key));
    await expect(broker.produce(topic, [record(1, 30_000)])).rejects.toMatchObject({
      code: 'RECORD_TOO_LARGE',
      message: expect.stringContaining('larger than the 20000 bytes that it allows'),
    });
  });

  it('of a time that the topic does not take is told', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker);
    await expect(broker.produce(topic, [{ ...record(1), timestamp: Date.now() + 10 * DAY }])).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      message: expect.stringContaining(`refuses a record whose time is too far from now (topic '${topic}')`),
      remedy: expect.stringContaining('message.timestamp.after.max.ms'),
    });
  });
});

describe('a topic', () => {
  it('that was made anew is shorter than who read it thinks', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker);
    await broker.produce(topic, [record(1), record(2), record(3)]);
    await withAdmin(server, (admin) => admin.deleteTopics({ topics: [topic] }));
    await expectEventually(() => broker.topicNames()).not.toContain(topic);
    await expect(broker.produce(topic, [record(4)])).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
    await expect(readAll(broker, topic, { from: 3, to: 4 })).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
    await broker.ensureTopic({ name: topic, partitions: 1 });
    await broker.produce(topic, [record(5)]);
    await expect(readAll(broker, topic, { from: 3, to: 4 })).rejects.toMatchObject({
      code: 'OFFSET_OUT_OF_RANGE',
      message: `topic '${topic}' partition 0 goes from offset 0 to 1: offset 3 cannot be read, the topic is shorter than that, or was created anew`,
    });
    expect((await readAll(broker, topic)).map(({ key }) => key)).toEqual(['k5']);
  });

  it('that is deleted ends who follows it', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker);
    const following = broker.read(topic, 0, { from: 0, to: Infinity }, { follow: true })[Symbol.asyncIterator]();
    const next = following.next();
    await broker.produce(topic, [record(1)]);
    expect((await next).value).toHaveLength(1);
    const ended = following.next();
    await Promise.all([
      expect(ended).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' }),
      withAdmin(server, (admin) => admin.deleteTopics({ topics: [topic] })),
    ]);
  });

  it('whose records retention deleted begins behind them', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker, { 'retention.ms': '3600000', 'file.delete.delay.ms': '0' });
    // records of simulated time, which the broker takes for old
    await broker.produce(
      topic,
      [1, 2, 3].map((n) => ({ ...record(n), timestamp: Date.UTC(2020, 0, 1) })),
    );
    await expectEventually(() => broker.offsets(topic)).toEqual([{ partition: 0, start: 3, end: 3 }]);
    await broker.produce(topic, [record(4)]);
    await expect(readAll(broker, topic)).rejects.toMatchObject({
      code: 'OFFSET_OUT_OF_RANGE',
      message: expect.stringContaining('goes from offset 3 to 4: offset 0 cannot be read, it was deleted, or was never there'),
    });
    expect((await readAll(broker, topic, { from: 3, to: 4 })).map(({ key }) => key)).toEqual(['k4']);
  });

  it('that was compacted is read over the gaps', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker, {
      'cleanup.policy': 'compact',
      'segment.bytes': '20000',
      'min.cleanable.dirty.ratio': '0.001',
      'max.compaction.lag.ms': '100',
    });
    expect(await broker.ensureTopic({ name: topic, partitions: 1 })).toEqual({ retention: 'forever' });
    // ten keys over and over: all but the newest of each goes, once its segment is closed
    for (let n = 0; n < 400; n += 20)
      await broker.produce(
        topic,
        Array.from({ length: 20 }, (_, i) => ({ ...record(n + i, 500), key: `k${i % 10}` })),
      );
    await expectEventually(async () => (await readAll(broker, topic)).length).toBeLessThan(100);
    const read = await readAll(broker, topic);
    const offsets = read.map(({ offset }) => offset);
    expect(offsets).toEqual([...offsets].toSorted((a, b) => a - b));
    expect(offsets.at(-1)).toBe(399);
    expect([...new Set(read.map(({ key }) => key))].toSorted()).toEqual(Array.from({ length: 10 }, (_, i) => `k${i}`));
    const [first = 0] = offsets;
    expect(first).toBeGreaterThan(0);
    expect(await readAll(broker, topic, { from: 0, to: first })).toEqual([]);
    expect((await readAll(broker, topic, { from: 0, to: first + 1 })).map(({ offset }) => offset)).toEqual([first]);
  });
});

describe('a group', () => {
  it('that was deleted has no offsets any more', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker);
    await broker.commit(topic, topic, new Map([[0, 3]]));
    expect([...(await broker.committed(topic, topic))]).toEqual([[0, 3]]);
    await withAdmin(server, (admin) => admin.deleteGroups([topic]));
    expect([...(await broker.committed(topic, topic))]).toEqual([]);
  });
});

describe('a session that the broker does not allow', () => {
  it('is told by the setting', async () => {
    const broker = await openBroker(server.brokers, { sessionTimeout: 1_000 });
    const topic = await newTopic(broker);
    await expect(broker.join(topic, topic, { assigned: () => {}, failed: () => {} })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('allows members of a group no session of 1000 ms'),
      place: { field: 'sessionTimeout' },
    });
  });
});

describe('a topic with too few partitions', () => {
  it('is told with both numbers', async () => {
    const broker = await openBroker(server.brokers);
    const topic = await newTopic(broker);
    await expect(broker.ensureTopic({ name: topic, partitions: 4 })).rejects.toMatchObject({
      code: 'TOPIC_MISMATCH',
      message: `topic '${topic}' has 1 partition, but 4 are declared: the number cannot change, since keys would move`,
      remedy: 'Declare 1 partition again, or use a new topic name.',
    });
  });

  it('is not made with more copies than there are brokers', async () => {
    const broker = await openBroker(server.brokers, { replication: 3 });
    await expect(broker.ensureTopic({ name: `copied-${randomUUID()}`, partitions: 1 })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('cannot keep 3 copies of the topic'),
    });
  });
});
