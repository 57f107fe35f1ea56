import type { Broker, BrokerRecord, ProduceRecord } from '../../runtime/resource/broker.ts';
import { withOpened, type Opened, type TestFramework } from './test-framework.ts';

const TOPIC = 'contract.topic';

function records(partition: number, from: number, to: number): ProduceRecord[] {
  return Array.from({ length: to - from }, (_, i) => ({
    partition,
    key: `key-${from + i}`,
    value: new TextEncoder().encode(`value ${from + i}`),
    headers: {},
    timestamp: 1_700_000_000_000 + i,
  }));
}

async function readAll(
  broker: Broker,
  partition: number,
  span: { from: number; to: number } = { from: 0, to: Infinity },
): Promise<BrokerRecord[]> {
  const all: BrokerRecord[] = [];
  for await (const batch of broker.read(TOPIC, partition, span)) all.push(...batch);
  return all;
}

const textOf = ({ value }: BrokerRecord) => (value === null ? null : new TextDecoder().decode(value));

/** What every broker does, whatever is behind it. `open` gives one without topics. */
export function brokerContract({ describe, it, expect }: TestFramework, { open }: { readonly open: () => Promise<Opened<Broker>> }): void {
  const withTopic = (test: (broker: Broker, opened: Opened<Broker>) => Promise<void>) => () =>
    withOpened(open, async (broker, opened) => {
      await broker.ensureTopic({ name: TOPIC, partitions: 3 });
      await test(broker, opened);
    });

  describe('topics', () => {
    it(
      'are created once, and again with the same partitions changes nothing',
      withTopic(async (broker) => {
        await broker.produce(TOPIC, records(1, 0, 2));
        await broker.ensureTopic({ name: TOPIC, partitions: 3 });
        expect(await broker.topicNames()).toEqual([TOPIC]);
        expect((await broker.offsets(TOPIC)).map(({ partition, start, end }) => [partition, start, end])).toEqual([
          [0, 0, 0],
          [1, 0, 2],
          [2, 0, 0],
        ]);
      }),
    );
    it(
      'refuse another number of partitions',
      withTopic(async (broker) => {
        await expect(broker.ensureTopic({ name: TOPIC, partitions: 4 })).rejects.toMatchObject({ code: 'TOPIC_MISMATCH' });
      }),
    );
    it(
      'are TOPIC_UNKNOWN before they are created',
      withTopic(async (broker) => {
        await expect(broker.offsets('contract.other')).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
        await expect(broker.produce('contract.other', records(0, 0, 1))).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
      }),
    );
  });

  describe('records', () => {
    it(
      'come back as they were produced, with the offset they got',
      withTopic(async (broker) => {
        const [first] = records(2, 0, 1);
        const produced: ProduceRecord[] = [
          { partition: 2, key: 'schlüssel', value: first?.value ?? null, headers: { generator: 'g-1', note: '"ü"\n' }, timestamp: 1_234 },
          { partition: 2, key: null, value: null, headers: {}, timestamp: 5_678 },
          { partition: 2, key: '', value: new Uint8Array(), headers: {}, timestamp: 0 },
        ];
        await broker.produce(TOPIC, produced);
        const read = await readAll(broker, 2);
        expect(
          read.map(({ key, headers, timestamp, offset, partition }) => ({ key, headers: { ...headers }, timestamp, offset, partition })),
        ).toEqual(produced.map(({ key, headers, timestamp }, offset) => ({ key, headers, timestamp, offset, partition: 2 })));
        expect(read.map(textOf)).toEqual(['value 0', null, '']);
      }),
    );
    it(
      'of one partition keep their order over several calls, whatever partitions a call mixes',
      withTopic(async (broker) => {
        const [a, b] = [records(0, 0, 50), records(1, 0, 50)];
        await broker.produce(
          TOPIC,
          a.slice(0, 25).flatMap((record, i) => [record, b[i] ?? record]),
        );
        await broker.produce(TOPIC, [...b.slice(25), ...a.slice(25)]);
        for (const partition of [0, 1]) {
          const read = await readAll(broker, partition);
          expect(read.map(({ offset }) => offset)).toEqual(Array.from({ length: 50 }, (_, i) => i));
          expect(read.map(({ key }) => key)).toEqual(a.map(({ key }) => key));
        }
      }),
    );
    it(
      'of calls that overlap are all kept, each call in its order',
      withTopic(async (broker) => {
        await Promise.all([0, 100, 200].map((from) => broker.produce(TOPIC, records(0, from, from + 100))));
        const keys = (await readAll(broker, 0)).map(({ key }) => Number(key?.slice(4)));
        for (const from of [0, 100, 200]) {
          expect(keys.filter((key) => key >= from && key < from + 100)).toEqual(Array.from({ length: 100 }, (_, i) => from + i));
        }
        expect(keys.length).toBe(300);
      }),
    );
    it(
      'are read by offset from one, before another, and not past the end',
      withTopic(async (broker) => {
        await broker.produce(TOPIC, records(0, 0, 5_000));
        const offsets = async (from: number, to: number) => (await readAll(broker, 0, { from, to })).map(({ offset }) => offset);
        expect(await offsets(4_321, 4_324)).toEqual([4_321, 4_322, 4_323]);
        expect(await offsets(4_998, 6_000)).toEqual([4_998, 4_999]);
        expect(await offsets(5_000, 6_000)).toEqual([]);
        expect(await offsets(10, 10)).toEqual([]);
      }),
    );
    it(
      'are not produced and not read once the signal is aborted',
      withTopic(async (broker) => {
        await broker.produce(TOPIC, records(0, 0, 1));
        const signal = AbortSignal.abort(new Error('stopped'));
        await expect(broker.produce(TOPIC, records(0, 1, 2), { signal })).rejects.toMatchObject({ message: 'stopped' });
        const reading = broker.read(TOPIC, 0, { from: 0, to: 1 }, { signal })[Symbol.asyncIterator]().next();
        await expect(reading).rejects.toMatchObject({ message: 'stopped' });
        expect((await readAll(broker, 0)).length).toBe(1);
      }),
    );
    it(
      'of a partition that does not exist are refused, and nothing of the call is kept',
      withTopic(async (broker) => {
        const mixed = [...records(0, 0, 1), ...records(3, 0, 1)];
        await expect(broker.produce(TOPIC, mixed)).rejects.toMatchObject({ code: 'TOPIC_MISMATCH' });
        expect(await readAll(broker, 0)).toEqual([]);
      }),
    );
  });

  describe('committed offsets', () => {
    it(
      'are kept for each group and partition, the newest of each',
      withTopic(async (broker) => {
        const committed = async (group: string) => [...(await broker.committed(group, TOPIC))].toSorted(([a], [b]) => a - b);
        await broker.produce(TOPIC, [...records(0, 0, 9), ...records(1, 0, 9)]);
        await broker.commit(
          'contract/one',
          TOPIC,
          new Map([
            [0, 3],
            [1, 4],
          ]),
        );
        await broker.commit('contract/one', TOPIC, new Map([[1, 5]]));
        await broker.commit('contract/two', TOPIC, new Map([[0, 9]]));
        expect(await committed('contract/one')).toEqual([
          [0, 3],
          [1, 5],
        ]);
        expect(await committed('contract/two')).toEqual([[0, 9]]);
        expect(await committed('contract/three')).toEqual([]);
      }),
    );
  });

  describe('a broker that is opened again', () => {
    it(
      'holds its topics, records and committed offsets, and goes on from there',
      withTopic(async (broker, opened) => {
        if (opened.reopen === undefined) return;
        await broker.produce(TOPIC, records(0, 0, 10));
        await broker.commit('contract/one', TOPIC, new Map([[0, 7]]));
        const again = await opened.reopen();
        await again.produce(TOPIC, records(0, 10, 12));
        expect(await again.topicNames()).toEqual([TOPIC]);
        expect((await readAll(again, 0)).map(({ key }) => key)).toEqual(records(0, 0, 12).map(({ key }) => key));
        expect([...(await again.committed('contract/one', TOPIC))]).toEqual([[0, 7]]);
      }),
    );
  });
}
