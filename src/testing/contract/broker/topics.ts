import type { TestFramework } from '../test-framework.ts';
import { PARTITIONS, records, TOPIC, withTopic, type BrokerUnderTest } from './fixture.ts';

const HOUR = 3_600_000;

export function topicContract({ describe, it, expect }: TestFramework, broker: BrokerUnderTest): void {
  describe('topics', () => {
    it(
      'are created once, and again with the same partitions changes nothing',
      withTopic(broker, async (client) => {
        await client.produce(TOPIC, records(1, 0, 2));
        await client.ensureTopic({ name: TOPIC, partitions: PARTITIONS });
        expect(await client.topicNames()).toEqual([TOPIC]);
        expect((await client.offsets(TOPIC)).map(({ partition, start, end }) => [partition, start, end])).toEqual([
          [0, 0, 0],
          [1, 0, 2],
          [2, 0, 0],
        ]);
      }),
    );
    it(
      'created by several at once are there for all of them',
      withTopic(broker, async (client) => {
        const spec = { name: 'contract.raced', partitions: 2, retention: 'forever' as const };
        expect(await Promise.all([1, 2, 3].map(() => client.ensureTopic(spec)))).toEqual([1, 2, 3].map(() => ({ retention: 'forever' })));
        await client.produce(spec.name, records(1, 0, 1));
        expect((await client.offsets(spec.name)).map(({ end }) => end)).toEqual([0, 1]);
      }),
    );
    it(
      'refuse another number of partitions',
      withTopic(broker, async (client) => {
        await expect(client.ensureTopic({ name: TOPIC, partitions: PARTITIONS + 1 })).rejects.toMatchObject({ code: 'TOPIC_MISMATCH' });
      }),
    );
    it(
      'keep records as long as declared or longer, say how long, and refuse to be declared longer than that',
      withTopic(broker, async (client) => {
        const spec = { name: 'contract.kept', partitions: 1 };
        const { retention } = await client.ensureTopic({ ...spec, retention: HOUR });
        expect(retention === HOUR || retention === 'forever').toBe(true);
        expect(await client.ensureTopic({ ...spec, retention: HOUR / 2 })).toEqual({ retention });
        expect(await client.ensureTopic(spec)).toEqual({ retention });
        if (retention === 'forever') return;
        await expect(client.ensureTopic({ ...spec, retention: HOUR + 1 })).rejects.toMatchObject({ code: 'TOPIC_MISMATCH' });
        await expect(client.ensureTopic({ ...spec, retention: 'forever' })).rejects.toMatchObject({ code: 'TOPIC_MISMATCH' });
      }),
    );
    it(
      'need a retention that is a time',
      withTopic(broker, async (client) => {
        for (const retention of [0, -1, 1.5, Number.NaN]) {
          const creating = client.ensureTopic({ name: 'contract.kept', partitions: 1, retention });
          await expect(creating).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
        }
      }),
    );
    it(
      'are TOPIC_UNKNOWN before they are created',
      withTopic(broker, async (client) => {
        const other = 'contract.other';
        const listener = { assigned: () => {}, failed: () => {} };
        const refused = { code: 'TOPIC_UNKNOWN' };
        await expect(client.offsets(other)).rejects.toMatchObject(refused);
        await expect(client.produce(other, records(0, 0, 1))).rejects.toMatchObject(refused);
        await expect(client.committed('contract/one', other)).rejects.toMatchObject(refused);
        await expect(client.commit('contract/one', other, new Map([[0, 0]]))).rejects.toMatchObject(refused);
        await expect(client.join('contract/one', other, listener)).rejects.toMatchObject(refused);
        for (const follow of [false, true]) {
          const reading = client.read(other, 0, { from: 0, to: 1 }, { follow })[Symbol.asyncIterator]().next();
          await expect(reading).rejects.toMatchObject(refused);
        }
      }),
    );
  });
}
