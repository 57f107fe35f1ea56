import type { Broker, GroupListener } from '../../../runtime/resource/broker.ts';
import type { TestFramework } from '../test-framework.ts';
import { PARTITIONS, records, TOPIC, withTopic, type BrokerUnderTest } from './fixture.ts';

const GROUP = 'contract/one';
const all = Array.from({ length: PARTITIONS }, (_, partition) => partition);

interface Listening extends GroupListener {
  /** Undefined until it was told. */
  readonly partitions: () => readonly number[] | undefined;
}

/** Members of one group, and what each was told last. */
function membership(broker: Broker, group: string, topic = TOPIC) {
  const members: Listening[] = [];
  let changed = () => {};
  const join = async () => {
    let partitions: readonly number[] | undefined;
    const listener: Listening = {
      partitions: () => partitions,
      assigned(all) {
        partitions = all;
        changed();
      },
      failed(error) {
        throw error;
      },
    };
    members.push(listener);
    const member = await broker.join(group, topic, listener);
    return {
      ...member,
      leave: async () => {
        if (members.includes(listener)) members.splice(members.indexOf(listener), 1);
        await member.leave();
      },
    };
  };
  /** Resolves once each member was told, and every partition is one member's. */
  const settled = async () => {
    const shared = () => members.every(({ partitions }) => partitions() !== undefined) && String(union()) === String(all);
    const union = () => members.flatMap(({ partitions }) => partitions() ?? []).toSorted((a, b) => a - b);
    while (!shared()) await new Promise<void>((resolve) => void (changed = resolve));
    return members.map(({ partitions }) => partitions());
  };
  return { join, settled };
}

export function groupContract({ describe, it, expect }: TestFramework, broker: BrokerUnderTest): void {
  describe('committed offsets', () => {
    it(
      'are kept for each group and partition, the newest of each',
      withTopic(broker, async (client) => {
        const committed = async (group: string) => [...(await client.committed(group, TOPIC))].toSorted(([a], [b]) => a - b);
        await client.produce(TOPIC, [...records(0, 0, 9), ...records(1, 0, 9)]);
        await client.commit(
          GROUP,
          TOPIC,
          new Map([
            [0, 3],
            [1, 4],
          ]),
        );
        await client.commit(GROUP, TOPIC, new Map([[1, 5]]));
        await client.commit('contract/two', TOPIC, new Map([[0, 9]]));
        expect(await committed(GROUP)).toEqual([
          [0, 3],
          [1, 5],
        ]);
        expect(await committed('contract/two')).toEqual([[0, 9]]);
        expect(await committed('contract/three')).toEqual([]);
      }),
    );
    it(
      'of a partition that does not exist are refused',
      withTopic(broker, async (client) => {
        const committing = client.commit(GROUP, TOPIC, new Map([[PARTITIONS, 0]]));
        await expect(committing).rejects.toMatchObject({ code: 'TOPIC_MISMATCH' });
      }),
    );
  });

  describe('a consumer group', () => {
    it(
      'gives its only member all partitions, and keeps what the member commits',
      withTopic(broker, async (client) => {
        const { join, settled } = membership(client, GROUP);
        const member = await join();
        expect(await settled()).toEqual([all]);
        await member.commit(new Map([[1, 3]]));
        await member.commit(new Map([[2, 4]]));
        expect([...(await client.committed(GROUP, TOPIC))].toSorted(([a], [b]) => a - b)).toEqual([
          [1, 3],
          [2, 4],
        ]);
        await member.leave();
      }),
    );
    it(
      'has each partition with one member, and gives those of a member that leaves to the others',
      withTopic(broker, async (client) => {
        const { join, settled } = membership(client, GROUP);
        const [first, second] = [await join(), await join()];
        expect((await settled()).length).toBe(2);
        await first.leave();
        expect(await settled()).toEqual([all]);
        const third = await join();
        await second.leave();
        expect(await settled()).toEqual([all]);
        await third.leave();
      }),
    );
    it(
      'may have members for several topics, who have all the partitions of theirs',
      withTopic(broker, async (client) => {
        await client.ensureTopic({ name: 'contract.second', partitions: PARTITIONS });
        const [one, two] = [membership(client, GROUP), membership(client, GROUP, 'contract.second')];
        const [first, second] = [await one.join(), await two.join()];
        expect([await one.settled(), await two.settled()]).toEqual([[all], [all]]);
        const next = async (topic: string) => (await client.committed(GROUP, topic)).get(0);
        // what is committed while the group is divided anew may be left out
        while ((await next(TOPIC)) !== 1) await first.commit(new Map([[0, 1]]));
        while ((await next('contract.second')) !== 2) await second.commit(new Map([[0, 2]]));
        expect(await next(TOPIC)).toBe(1);
        await first.leave();
        expect(await two.settled()).toEqual([all]);
        await second.leave();
      }),
    );
    it(
      'is apart from other groups, and leaves out what a member commits that has left',
      withTopic(broker, async (client) => {
        const [one, two] = [membership(client, GROUP), membership(client, 'contract/two')];
        const [member, other] = [await one.join(), await two.join()];
        expect([await one.settled(), await two.settled()]).toEqual([[all], [all]]);
        await member.leave();
        await member.leave();
        await member.commit(new Map([[0, 1]]));
        expect([...(await client.committed(GROUP, TOPIC))]).toEqual([]);
        await other.leave();
      }),
    );
  });
}
