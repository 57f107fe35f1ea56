import { createHash } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { canonical, canonicalOf } from './canonical.ts';
import { isDead, kindOf, recordOf } from './project/order.ts';
import type { Production } from './rig.ts';

/** The records of one partition, by their offset from `start` on. */
export interface KeptPartition {
  readonly start: number;
  /** Of what must lie in the lake: the fields of a good record, the bytes of a dead one. */
  readonly digests: string[];
  /** Whether landing must have set it aside. */
  readonly dead: boolean[];
  /** Milliseconds since the epoch. */
  readonly timestamps: number[];
}

/** What a topic holds, read by the client itself. */
export interface KeptTopic {
  readonly partitions: ReadonlyMap<number, KeptPartition>;
  /** Sequences of the generator that are there 0 times, and how often they are there beyond the first time. */
  readonly missing: number;
  readonly duplicated: number;
  /** Records that do not have the text that the generator makes for their sequence, or come behind a later one in their partition. */
  readonly changed: number;
  readonly outOfOrder: number;
  /** Records of others: their header `rig-dead` says whether they are to be set aside. */
  readonly foreign: number;
}

export const FOREIGN = 'rig-dead';

export const digestOf = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('base64');
export const NO_VALUE = 'no value';

/** Reads the whole topic through a group of its own. */
export async function readTopic(brokers: string, topic: string, production: Production): Promise<KeptTopic> {
  const client = new Kafka({ clientId: 'account', brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const partitions = new Map<number, KeptPartition>(
    ends.map(({ partition, low }) => [partition, { start: Number(low), digests: [], dead: [], timestamps: [] }]),
  );
  const left = new Map(ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, Number(high)]));
  const tally = createTally(production);
  const consumer = client.consumer({ groupId: `account-${process.pid}-${Date.now()}`, maxBytesPerPartition: 4 << 20 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const done = new Promise<void>((resolve, reject) => {
    if (left.size === 0) return resolve();
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
    consumer
      .run({
        autoCommit: false,
        eachBatchAutoResolve: true,
        async eachBatch({ batch }) {
          const kept = partitions.get(batch.partition);
          if (kept === undefined) return reject(new Error(`The topic got a partition ${batch.partition}.`));
          for (const { offset, value, timestamp, headers } of batch.messages) {
            if (Number(offset) !== kept.start + kept.digests.length) continue; // a batch that is read once more after a rebalance
            const at = Number(timestamp);
            const dead = tally.add(batch.partition, { value, at, headers: texts(headers) });
            kept.digests.push(dead ? (value === null ? NO_VALUE : digestOf(value)) : digestOf(canonical(String(value))));
            kept.dead.push(dead);
            kept.timestamps.push(at);
          }
          if (kept.start + kept.digests.length >= (left.get(batch.partition) ?? Infinity)) left.delete(batch.partition);
          if (left.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  try {
    await done;
  } finally {
    await consumer.disconnect();
  }
  return { partitions, ...tally.result() };
}

type Headers = Readonly<Record<string, string>>;

const texts = (headers: Readonly<Record<string, unknown>> | undefined): Headers =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));

interface Found {
  readonly value: Buffer | null;
  readonly at: number;
  readonly headers: Headers;
}

function createTally({ seed, events }: Production) {
  const counts = new Uint8Array(events);
  const last = new Map<number, number>();
  let changed = 0;
  let outOfOrder = 0;
  let foreign = 0;
  let unexpected = 0;
  return {
    /** Gives whether the record is to be set aside. */
    add(partition: number, { value, at, headers }: Found): boolean {
      const own = headers[FOREIGN];
      if (own !== undefined) {
        foreign++;
        return own === 'true';
      }
      const sequence = Number(headers['spindle-sequence']);
      if (headers['spindle-generator'] !== `orders-${seed}` || !(sequence >= 0 && sequence < events)) {
        unexpected++;
        return true;
      }
      counts[sequence] = Math.min((counts[sequence] ?? 0) + 1, 255);
      if (sequence <= (last.get(partition) ?? -1)) outOfOrder++;
      last.set(partition, sequence);
      const record = recordOf(seed, sequence, at);
      const text = String(value);
      if ('raw' in record ? text !== record.raw : canonical(text) !== canonicalOf(record.value)) changed++;
      return isDead(kindOf(seed, sequence));
    },
    result() {
      let missing = 0;
      let duplicated = unexpected;
      for (const count of counts) {
        if (count === 0) missing++;
        else duplicated += count - 1;
      }
      return { missing, duplicated, changed, outOfOrder, foreign };
    },
  };
}
