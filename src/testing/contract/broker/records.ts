import type { BrokerRecord, ProduceRecord } from '../../../runtime/resource/broker.ts';
import type { TestFramework } from '../test-framework.ts';
import { keysOf, offsetsOf, readAll, records, TOPIC, withTopic, type BrokerUnderTest } from './fixture.ts';

/** What one batch may hold, so that a reader's memory is bounded whatever the lag. */
const BATCH_BYTES = 4 << 20;

const textOf = ({ value }: BrokerRecord) => (value === null ? null : new TextDecoder().decode(value));

export function recordContract({ describe, it, expect }: TestFramework, broker: BrokerUnderTest): void {
  describe('records', () => {
    it(
      'come back as they were produced, with the offset they got',
      withTopic(broker, async (client) => {
        const [first] = records(2, 0, 1);
        const produced: ProduceRecord[] = [
          { partition: 2, key: 'schlüssel', value: first?.value ?? null, headers: { generator: 'g-1', note: '"ü"\n' }, timestamp: 1_234 },
          { partition: 2, key: null, value: null, headers: {}, timestamp: 5_678 },
          { partition: 2, key: '', value: new Uint8Array(), headers: {}, timestamp: 0 },
        ];
        await client.produce(TOPIC, produced);
        const read = await readAll(client, 2);
        expect(
          read.map(({ key, headers, timestamp, offset, partition }) => ({ key, headers: { ...headers }, timestamp, offset, partition })),
        ).toEqual(produced.map(({ key, headers, timestamp }, offset) => ({ key, headers, timestamp, offset, partition: 2 })));
        expect(read.map(textOf)).toEqual(['value 0', null, '']);
      }),
    );
    it(
      'of one partition keep their order over several calls, whatever partitions a call mixes',
      withTopic(broker, async (client) => {
        const [a, b] = [records(0, 0, 50), records(1, 0, 50)];
        await client.produce(
          TOPIC,
          a.slice(0, 25).flatMap((record, i) => [record, b[i] ?? record]),
        );
        await client.produce(TOPIC, [...b.slice(25), ...a.slice(25)]);
        for (const partition of [0, 1]) {
          const read = await readAll(client, partition);
          expect(offsetsOf(read)).toEqual(Array.from({ length: 50 }, (_, i) => i));
          expect(keysOf(read)).toEqual(keysOf(a));
        }
      }),
    );
    it(
      'of calls that overlap are all kept, in the order of the calls',
      withTopic(broker, async (client) => {
        await Promise.all(
          [0, 100, 200].map((from) => client.produce(TOPIC, [...records(0, from, from + 100), ...records(1, from, from + 100)])),
        );
        for (const partition of [0, 1]) expect(keysOf(await readAll(client, partition))).toEqual(keysOf(records(partition, 0, 300)));
      }),
    );
    it(
      'are read by offset from one, before another, and not past the end',
      withTopic(broker, async (client) => {
        await client.produce(TOPIC, records(0, 0, 5_000));
        const offsets = async (from: number, to: number) => offsetsOf(await readAll(client, 0, { from, to }));
        expect(await offsets(4_321, 4_324)).toEqual([4_321, 4_322, 4_323]);
        expect(await offsets(4_998, 6_000)).toEqual([4_998, 4_999]);
        expect(await offsets(5_000, 6_000)).toEqual([]);
        expect(await offsets(10, 10)).toEqual([]);
      }),
    );
    it(
      'that a partition never had are OFFSET_OUT_OF_RANGE',
      withTopic(broker, async (client) => {
        await client.produce(TOPIC, records(0, 0, 5));
        for (const from of [-1, 6]) {
          await expect(readAll(client, 0, { from, to: 10 })).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
        }
      }),
    );
    it(
      'are read in batches of bounded size',
      withTopic(broker, async (client) => {
        const large: ProduceRecord[] = records(0, 0, 48).map((record, i) => ({ ...record, value: new Uint8Array(256 << 10).fill(i) }));
        await client.produce(TOPIC, large);
        const read: BrokerRecord[] = [];
        for await (const batch of client.read(TOPIC, 0, { from: 0, to: 48 })) {
          expect(batch.reduce((bytes, { value }) => bytes + (value?.length ?? 0), 0) <= BATCH_BYTES).toBe(true);
          read.push(...batch);
        }
        expect(keysOf(read)).toEqual(keysOf(large));
        expect(read.every(({ value }, i) => value?.length === 256 << 10 && value.every((byte) => byte === i))).toBe(true);
      }),
    );
    it(
      'are not produced and not read once the signal is aborted',
      withTopic(broker, async (client) => {
        await client.produce(TOPIC, records(0, 0, 1));
        const signal = AbortSignal.abort(new Error('stopped'));
        await expect(client.produce(TOPIC, records(0, 1, 2), { signal })).rejects.toMatchObject({ message: 'stopped' });
        const reading = client.read(TOPIC, 0, { from: 0, to: 1 }, { signal })[Symbol.asyncIterator]().next();
        await expect(reading).rejects.toMatchObject({ message: 'stopped' });
        expect((await readAll(client, 0)).length).toBe(1);
      }),
    );
    it(
      'of a partition that does not exist are refused, and nothing of the call is kept',
      withTopic(broker, async (client) => {
        const mixed = [...records(0, 0, 1), ...records(3, 0, 1)];
        await expect(client.produce(TOPIC, mixed)).rejects.toMatchObject({ code: 'TOPIC_MISMATCH' });
        expect(await readAll(client, 0)).toEqual([]);
        await expect(readAll(client, 3)).rejects.toMatchObject({ code: 'TOPIC_MISMATCH' });
      }),
    );
  });

  const { gap } = broker;
  if (gap === undefined) return;
  describe('a gap in the offsets', () => {
    it(
      'is passed over, and a span that lies within it ends',
      withTopic(broker, async (client) => {
        await client.produce(TOPIC, records(0, 0, 3));
        await gap(client, TOPIC, 0);
        const behind = (await client.offsets(TOPIC))[0]?.end ?? 0;
        await client.produce(TOPIC, records(0, 3, 6));
        const read = await readAll(client, 0);
        expect(keysOf(read)).toEqual(keysOf(records(0, 0, 6)));
        expect(offsetsOf(read)).toEqual([0, 1, 2, behind, behind + 1, behind + 2]);
        expect(behind > 3).toBe(true);
        expect(offsetsOf(await readAll(client, 0, { from: 3, to: behind + 1 }))).toEqual([behind]);
        for (const follow of [false, true]) {
          for await (const batch of client.read(TOPIC, 0, { from: 3, to: behind }, { follow })) expect(batch.length).toBe('none');
        }
      }),
    );
    it(
      'at the end of a partition is read over by who follows',
      withTopic(broker, async (client) => {
        await client.produce(TOPIC, records(0, 0, 3));
        await gap(client, TOPIC, 0);
        const end = (await client.offsets(TOPIC))[0]?.end ?? 0;
        for (const follow of [false, true]) {
          const keys: (string | null)[] = [];
          for await (const batch of client.read(TOPIC, 0, { from: 0, to: end }, { follow })) keys.push(...keysOf(batch));
          expect(keys).toEqual(keysOf(records(0, 0, 3)));
        }
      }),
    );
  });
}
