import type { Broker, BrokerRecord, ProduceRecord } from '../../../runtime/resource/broker.ts';
import { withOpened, type Opened } from '../test-framework.ts';

export const TOPIC = 'contract.topic';
export const PARTITIONS = 3;

export interface BrokerUnderTest {
  /** Gives a broker without topics. */
  readonly open: () => Promise<Opened<Broker>>;
  /** Lets the partition go on behind offsets that no record has, where the broker knows such gaps. */
  readonly gap?: (broker: Broker, topic: string, partition: number) => Promise<void>;
}

type Test = (broker: Broker, opened: Opened<Broker>) => Promise<void>;

/** A test against a fresh broker with one topic. */
export const withTopic =
  ({ open }: BrokerUnderTest, test: Test): (() => Promise<void>) =>
  () =>
    withOpened(open, async (broker, opened) => {
      await broker.ensureTopic({ name: TOPIC, partitions: PARTITIONS });
      await test(broker, opened);
    });

/** Records whose keys and values carry the numbers `from` to `to - 1`. */
export function records(partition: number, from: number, to: number): ProduceRecord[] {
  return Array.from({ length: to - from }, (_, i) => ({
    partition,
    key: `key-${from + i}`,
    value: new TextEncoder().encode(`value ${from + i}`),
    headers: {},
    timestamp: 1_700_000_000_000 + i,
  }));
}

export async function readAll(broker: Broker, partition: number, span = { from: 0, to: Infinity }): Promise<BrokerRecord[]> {
  const all: BrokerRecord[] = [];
  for await (const batch of broker.read(TOPIC, partition, span)) all.push(...batch);
  return all;
}

export const keysOf = (read: readonly { readonly key: string | null }[]): (string | null)[] => read.map(({ key }) => key);
export const offsetsOf = (read: readonly BrokerRecord[]): number[] => read.map(({ offset }) => offset);
