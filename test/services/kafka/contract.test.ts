import { describe, expect, it } from 'vitest';
import { openKafkaBroker } from '../../../src/drivers/broker/kafka.ts';
import { brokerContract } from '../../../src/testing/contract/broker.ts';
import { KAFKA_VERSIONS } from './install.ts';
import { kafkaServer } from './kafka-server.ts';
import { deleteAllTopics, plainClient, settingsOf } from './open.ts';

describe.each(KAFKA_VERSIONS)('Kafka %s', (version) => {
  const server = kafkaServer({ version });
  const open = () => openKafkaBroker({ settings: settingsOf(server.brokers), notify: () => {} });

  brokerContract(
    { describe, it, expect },
    {
      async open() {
        await deleteAllTopics(server);
        let broker = await open();
        return {
          value: broker,
          async reopen() {
            await broker.close();
            broker = await open();
            return broker;
          },
          close: () => broker.close(),
        };
      },
      /** A transaction that is aborted: neither its records nor the marker of its end are read. */
      async gap(broker, topic, partition) {
        const end = async () => (await broker.offsets(topic))[partition]?.end ?? 0;
        const before = await end();
        const producer = plainClient(server).producer({ transactionalId: `gap-${topic}`, idempotent: true, maxInFlightRequests: 1 });
        await producer.connect();
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ partition, value: 'never read' }] });
        await transaction.abort();
        await producer.disconnect();
        // the broker writes the marker after it has answered
        while ((await end()) < before + 2);
      },
    },
  );
});
