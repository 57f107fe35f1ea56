import { asset, defineProject, landing, topic, type SequencedRecord } from 'spindle';
import { kafka, minio, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
import { mutatedBroker, mutatedLake } from './mutations.ts';
import { keyOf, Order, recordOf } from './order.ts';

/** How many partitions the topic has, and how the objects are cut: small, so that there are many. */
const PARTITIONS = 6;
const ROTATION = { records: 500, every: '500ms', thin: '1s' } as const;
/** A member that was not heard of for so long has left its group: the least that a broker takes. */
const SESSION = 6_000;

const config = z.object({
  seed: z.int().default(7),
  events: z.int().default(10_000),
  /** Events a second. What a killed producer left undone comes as fast as it goes. */
  pace: z.number().default(1_000),
});

export const orders = asset('stream/orders', {
  store: topic('orders', Order, { partitions: PARTITIONS, retention: 'forever' }),
  config,
}).run((_, { config: { seed, events, pace }, now }) => ({
  generator: `orders-${seed}`,
  start(resume) {
    const origin = resume === undefined ? now().getTime() : Number(resume.state);
    const records = function* (): Iterable<SequencedRecord<z.input<typeof Order>>> {
      for (let sequence = (resume?.sequence ?? -1) + 1; sequence < events; sequence++) {
        const timestamp = origin + Math.floor((sequence / pace) * 1_000);
        yield { sequence, key: keyOf(seed, sequence), timestamp, ...recordOf(seed, sequence, timestamp) };
      }
    };
    return { state: String(origin), records: records() };
  },
}));

export const landedOrders = asset('lake/orders', {
  store: landing('orders', Order, { rotate: ROTATION }),
  deps: { orders },
}).run(({ orders: topicOfOrders }) => topicOfOrders);

export const project = defineProject({
  name: 'orders',
  assets: [orders, landedOrders],
  environments: {
    services: {
      broker: mutatedBroker(kafka({ sessionTimeout: SESSION })),
      lake: mutatedLake(minio()),
      runStore: sqliteRunStore(),
    },
  },
});
