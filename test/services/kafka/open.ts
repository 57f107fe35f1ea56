import { Kafka, logLevel, type Admin } from 'kafkajs';
import { onTestFinished } from 'vitest';
import { openKafkaBroker, type KafkaBroker } from '../../../src/drivers/broker/kafka.ts';
import type { KafkaSettings } from '../../../src/drivers/broker/kafka/settings.ts';
import type { KafkaServer } from './server.ts';

export const settingsOf = (brokers: string, settings: Partial<KafkaSettings> = {}): KafkaSettings => ({
  brokers: brokers.split(','),
  tls: false,
  clientId: 'spindle-test',
  compression: 'none',
  sessionTimeout: 10_000,
  patience: 20_000,
  ...settings,
});

/** A broker that is closed when the test ends. */
export async function openBroker(brokers: string, settings: Partial<KafkaSettings> = {}, notices: string[] = []): Promise<KafkaBroker> {
  const broker = await openKafkaBroker({ settings: settingsOf(brokers, settings), notify: (message) => notices.push(message) });
  onTestFinished(() => broker.close());
  return broker;
}

export const plainClient = ({ brokers }: { readonly brokers: string }): Kafka =>
  new Kafka({ brokers: brokers.split(','), clientId: 'test', logLevel: logLevel.NOTHING });

/** What only the tests do with a broker: deleting topics and groups, setting rights. */
export async function withAdmin<T>(server: KafkaServer, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = plainClient(server).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Resolves once the broker knows of no topic any more: it hears of a deletion only after whoever asked for it. */
export async function deleteAllTopics(server: KafkaServer): Promise<void> {
  await withAdmin(server, async (admin) => {
    const own = async () => (await admin.listTopics()).filter((name) => !name.startsWith('__'));
    const topics = await own();
    if (topics.length > 0) await admin.deleteTopics({ topics });
    while ((await own()).length > 0);
  });
}
