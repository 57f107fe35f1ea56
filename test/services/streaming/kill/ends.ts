import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { keysOf, lakeClient, lastOf } from './lake-records.ts';
import { TOPIC, type Rig } from './rig.ts';

const PAUSE = 300;
const ATTEMPTS = 20;

/** Where each partition of the topic ends: the offset that its next record gets. Asks again where the broker is out of reach, or has only just made the topic. */
export async function topicEnds(rig: Rig): Promise<ReadonlyMap<number, number>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askEnds(rig);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(PAUSE);
    }
  }
}

async function askEnds({ broker }: Rig): Promise<ReadonlyMap<number, number>> {
  const admin = new Kafka({ clientId: 'ends', brokers: [broker.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return new Map((await admin.fetchTopicOffsets(TOPIC)).map(({ partition, high }) => [partition, Number(high)]));
  } finally {
    await admin.disconnect();
  }
}

/** Where each chain ends, likewise; partitions without an object are left out. */
export async function chainEnds({ lake }: Rig): Promise<ReadonlyMap<number, number>> {
  const client = lakeClient(lake);
  const newest = new Map<number, string>();
  for (const key of await keysOf(client, lake)) newest.set(Number(/p(\d+)\/\d+\.ndjson/.exec(key)?.[1]), key);
  const ends = new Map<number, number>();
  for (const [partition, key] of newest) ends.set(partition, (await lastOf(client, lake.bucket, key)) + 1);
  return ends;
}

/** Whether everything up to these ends is landed. */
export async function isLanded(rig: Rig, ends: ReadonlyMap<number, number>): Promise<boolean> {
  const landed = await chainEnds(rig);
  return [...ends].every(([partition, end]) => (landed.get(partition) ?? 0) >= end);
}
