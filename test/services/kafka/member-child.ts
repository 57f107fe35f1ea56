import { openKafkaBroker } from '../../../src/drivers/broker/kafka.ts';

/** Joins a group and writes each set of partitions that it is given as a line, until its standard input ends. */
const [brokers = '', group = '', topic = '', sessionTimeout = ''] = process.argv.slice(2);
const settings = {
  brokers: [brokers],
  tls: false,
  clientId: 'child',
  compression: 'none',
  sessionTimeout: Number(sessionTimeout),
  patience: 10_000,
} as const;
const broker = await openKafkaBroker({ settings, notify: () => {} });
const member = await broker.join(group, topic, {
  assigned: (partitions) => process.stdout.write(`${partitions.join(' ')}\n`),
  failed: (error) => process.stdout.write(`failed: ${String(error)}\n`),
});
for await (const _ of process.stdin);
await member.leave();
await broker.close();
