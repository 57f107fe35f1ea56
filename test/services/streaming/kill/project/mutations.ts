import type { Broker, ObjectStore, Provider } from 'spindle';

/*
 * What a product that is wrong would do, to show that the count notices. SPINDLE_TEST_MUTATION names one; nothing is changed without it.
 */
export const MUTATIONS = ['plain-put', 'blind-put', 'wrong-last', 'no-tails', 'no-succession'] as const;
export type Mutation = (typeof MUTATIONS)[number];

const mutation = (): Mutation | undefined => MUTATIONS.find((known) => known === process.env['SPINDLE_TEST_MUTATION']);

type Closable = { close(): Promise<void> };

/** The lake, where the landing of a zombie or a slow one does damage. */
export const mutatedLake = (provider: Provider<ObjectStore & Closable>): Provider<ObjectStore & Closable> => ({
  ...provider,
  async open(context) {
    const lake = await provider.open(context);
    const kind = mutation();
    return {
      ...lake,
      async putIfAbsent(key, body, metadata) {
        const last = metadata['spindle-last'];
        if (kind === 'wrong-last' && last !== undefined)
          return lake.putIfAbsent(key, body, { ...metadata, 'spindle-last': String(Number(last) + 1) });
        if (kind === 'plain-put' && last !== undefined) {
          await lake.put(key, body, metadata);
          return 'created';
        }
        const made = await lake.putIfAbsent(key, body, metadata);
        return kind === 'blind-put' && last !== undefined ? 'created' : made;
      },
    };
  },
});

/** The broker, where a producer that took the place of another one begins anew, or does not tell the broker so. */
export const mutatedBroker = (provider: Provider<Broker & Closable>): Provider<Broker & Closable> => ({
  ...provider,
  async open(context) {
    const broker = await provider.open(context);
    const kind = mutation();
    return {
      ...broker,
      async *read(topic, partition, span, options) {
        // Only a producer that looks for its own end asks for authors.
        if (kind !== 'no-tails' || options?.authors !== true) yield* broker.read(topic, partition, span, options);
      },
      produce(topic, records, { behind, ...options } = {}) {
        if (behind === undefined) return broker.produce(topic, records, options);
        return broker.produce(topic, records, { ...options, behind: kind === 'no-succession' ? new Map() : behind });
      },
    };
  },
});
