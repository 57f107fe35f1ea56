import { keysOf, readAll, records, TOPIC, withTopic, type BrokerUnderTest } from './broker/fixture.ts';
import { followingContract } from './broker/following.ts';
import { groupContract } from './broker/group.ts';
import { recordContract } from './broker/records.ts';
import { topicContract } from './broker/topics.ts';
import type { TestFramework } from './test-framework.ts';

/** What every broker does, whatever is behind it. */
export function brokerContract(framework: TestFramework, broker: BrokerUnderTest): void {
  const { describe, it, expect } = framework;
  topicContract(framework, broker);
  recordContract(framework, broker);
  followingContract(framework, broker);
  groupContract(framework, broker);

  describe('a broker that is opened again', () => {
    it(
      'holds its topics, records and committed offsets, and goes on from there',
      withTopic(broker, async (client, opened) => {
        if (opened.reopen === undefined) return;
        await client.produce(TOPIC, records(0, 0, 10));
        await client.commit('contract/one', TOPIC, new Map([[0, 7]]));
        const again = await opened.reopen();
        await again.produce(TOPIC, records(0, 10, 12));
        expect(await again.topicNames()).toEqual([TOPIC]);
        expect(keysOf(await readAll(again, 0))).toEqual(keysOf(records(0, 0, 12)));
        expect([...(await again.committed('contract/one', TOPIC))]).toEqual([[0, 7]]);
      }),
    );
  });
}
