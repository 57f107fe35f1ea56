import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KAFKA_VERSIONS } from './install.ts';
import { kafkaServer } from './kafka-server.ts';
import { openBroker, withAdmin } from './open.ts';

describe.each(KAFKA_VERSIONS)('the id of a topic of Kafka %s', (version) => {
  const server = kafkaServer({ version });

  it('stays over a restart of the broker, and is another one of a topic that was created anew under its name', async () => {
    const broker = await openBroker(server.brokers);
    const topic = `a-topic-with-a-long-name-${'x'.repeat(150)}-${randomUUID()}`;
    const id = async () => broker.topicId?.(topic);
    await expect(id()).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
    await broker.ensureTopic({ name: topic, partitions: 300 });
    const first = await id();
    expect(first).toMatch(/^[\da-f]{32}$/);
    await server.kill();
    await server.start();
    expect(await id()).toBe(first);
    await withAdmin(server, (admin) => admin.deleteTopics({ topics: [topic] }));
    await expect.poll(() => id().catch((error: { code: string }) => error.code), { timeout: 20_000 }).toBe('TOPIC_UNKNOWN');
    await broker.ensureTopic({ name: topic, partitions: 1 });
    const second = await id();
    expect(second).toMatch(/^[\da-f]{32}$/);
    expect(second).not.toBe(first);
  });
});
