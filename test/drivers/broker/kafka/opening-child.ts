import { openKafkaBroker } from '../../../../src/drivers/broker/kafka.ts';
import type { Compression } from '../../../../src/drivers/broker/kafka/settings.ts';

/** Opens a broker that is not there, with the compression that is asked for, and says what came of it. */
const settings = {
  brokers: ['127.0.0.1:1'],
  tls: false,
  clientId: 'child',
  compression: (process.argv[2] ?? 'none') as Compression,
  sessionTimeout: 10_000,
  patience: 1,
} as const;
try {
  const broker = await openKafkaBroker({ settings, notify: () => {} });
  await broker.topicNames();
} catch (error) {
  const { code, message, remedy } = error as Error & { code: string; remedy: string };
  process.stdout.write(JSON.stringify({ code, message, remedy }));
}
