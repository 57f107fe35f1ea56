import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { PARTITIONS, TOPIC, type Rig } from './rig.ts';
import { FOREIGN } from './topic-records.ts';

const DEAD: readonly (Buffer | null)[] = [
  null,
  Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]),
  Buffer.from('\u0000'),
  Buffer.from('[1, 2'),
  Buffer.from(`{"__proto__": {"order_id": "x"}}`),
  Buffer.from(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`),
];
const GOOD = Buffer.from(
  ' { "placed_at" : "2026-01-01T00:00:00Z", "cents": 1, "status":"paid", "order_id":"o", "customer" : "c", "constructor": 1 } ',
);

const PAUSE = 500;
const ATTEMPTS = 60;

/** Sends records to every partition that no generator made, as another program that writes to the topic might; again, where the broker is out of reach. */
export async function poison(rig: Rig): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(rig);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(PAUSE);
    }
  }
}

async function send({ broker }: Rig): Promise<void> {
  const client = new Kafka({ clientId: 'foreign', brokers: [broker.brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    const messages = Array.from({ length: PARTITIONS }, (_, partition) => [
      ...DEAD.map((value) => ({ partition, value, headers: { [FOREIGN]: 'true' } })),
      { partition, value: GOOD, headers: { [FOREIGN]: 'false' } },
    ]).flat();
    await producer.send({ topic: TOPIC, messages });
  } finally {
    await producer.disconnect();
  }
}
