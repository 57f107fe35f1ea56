import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Broker } from '../../../src/runtime/resource/broker.ts';
import { bundledChild } from '../../drivers/bundled-child.ts';
import { kafkaServer } from './kafka-server.ts';
import { openBroker, plainClient, withAdmin } from './open.ts';

const SESSION = 2_000;
const PARTITIONS = 4;
const ALL = [0, 1, 2, 3];

const server = kafkaServer({ properties: { 'group.min.session.timeout.ms': '1000' } });
const child = bundledChild(new URL('member-child.ts', import.meta.url));

/** A topic with a group of their own for a test. */
async function topicAndGroup(broker: Broker): Promise<{ topic: string; group: string }> {
  const topic = `plays-${randomUUID()}`;
  await broker.ensureTopic({ name: topic, partitions: PARTITIONS });
  return { topic, group: `spindle/${topic}` };
}

/** A member, with what it was told. */
async function joined(broker: Broker, { topic, group }: { topic: string; group: string }) {
  const told: (readonly number[])[] = [];
  const failures: unknown[] = [];
  const member = await broker.join(group, topic, {
    assigned: (partitions) => told.push(partitions),
    failed: (error) => failures.push(error),
  });
  return { ...member, told, failures, has: () => told.at(-1) };
}

/** A member in a process of its own. */
function startMember({ topic, group }: { topic: string; group: string }) {
  const member = spawn(process.execPath, [child, server.brokers, group, topic, String(SESSION)], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void member.kill('SIGKILL'));
  const told: number[][] = [];
  createInterface(member.stdout).on('line', (line) => told.push(line.split(' ').filter(Boolean).map(Number)));
  return { member, told, has: () => told.at(-1) };
}

const expectEventually = (probe: () => unknown) => expect.poll(probe, { timeout: 30_000, interval: 50 });

describe('a member of a group', () => {
  it('keeps its partitions however long it does nothing else', async () => {
    const broker = await openBroker(server.brokers, { sessionTimeout: SESSION });
    const place = await topicAndGroup(broker);
    const member = await joined(broker, place);
    await expectEventually(member.has).toEqual(ALL);
    const generation = () => withAdmin(server, async (admin) => (await admin.describeGroups([place.group])).groups[0]);
    const before = await generation();
    expect(before).toMatchObject({ state: 'Stable', members: [{}] });
    // one heartbeat late by a session, and it would have been thrown out
    await new Promise((resolve) => setTimeout(resolve, 3 * SESSION));
    const after = await generation();
    expect(after?.members.map(({ memberId }) => memberId)).toEqual(before?.members.map(({ memberId }) => memberId));
    expect(member.told).toEqual([ALL]);
    await member.leave();
  });

  it('keeps its partitions while the process is busy with nothing but work for a part of its session', async () => {
    const broker = await openBroker(server.brokers, { sessionTimeout: SESSION });
    const member = await joined(broker, await topicAndGroup(broker));
    await expectEventually(member.has).toEqual(ALL);
    for (let turn = 0; turn < 6; turn++) {
      for (const end = performance.now() + SESSION / 3; performance.now() < end;);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect(member.told).toEqual([ALL]);
    await member.leave();
  });

  it('shares the partitions with those that join, and gives its own back when it leaves, without a word about it', async () => {
    const notices: string[] = [];
    const broker = await openBroker(server.brokers, { sessionTimeout: SESSION }, notices);
    const place = await topicAndGroup(broker);
    const first = await joined(broker, place);
    const second = await joined(broker, place);
    const third = await joined(broker, place);
    const members = [first, second, third];
    await expectEventually(() => members.flatMap(({ has }) => has() ?? []).toSorted()).toEqual(ALL);
    expect(members.map(({ has }) => has()?.length).toSorted()).toEqual([1, 1, 2]);
    await second.leave();
    await expectEventually(() => [...(first.has() ?? []), ...(third.has() ?? [])].toSorted()).toEqual(ALL);
    const before = performance.now();
    await first.leave();
    await expectEventually(third.has).toEqual(ALL);
    expect(performance.now() - before).toBeLessThan(SESSION + 1_000);
    await third.leave();
    const { groups } = await withAdmin(server, (admin) => admin.describeGroups([place.group]));
    expect(groups[0]).toMatchObject({ state: 'Empty', members: [] });
    expect(notices).toEqual([]);
  });

  it('keeps what it has when others come and go, as far as that is its share', async () => {
    const broker = await openBroker(server.brokers, { sessionTimeout: SESSION });
    const place = await topicAndGroup(broker);
    const first = await joined(broker, place);
    await expectEventually(first.has).toEqual(ALL);
    const second = await joined(broker, place);
    await expectEventually(() => [first, second].map(({ has }) => has()?.length)).toEqual([2, 2]);
    const [mine = [], others = []] = [first.has(), second.has()];
    const third = await joined(broker, place);
    await expectEventually(() => third.has()?.length).toBe(1);
    await third.leave();
    await expectEventually(() => [first, second].map(({ has }) => has()?.length)).toEqual([2, 2]);
    const moved = [first, second].map(({ told }) => told.slice(1).map((set) => set.length));
    expect(
      mine.filter((partition) => first.has()?.includes(partition)).length +
        others.filter((partition) => second.has()?.includes(partition)).length,
    ).toBe(4);
    expect(moved.flat().every((size) => size > 0)).toBe(true);
    await first.leave();
    await second.leave();
  });

  it('whose process stands still for longer than its session loses its partitions, and joins again when it goes on', async () => {
    const broker = await openBroker(server.brokers, { sessionTimeout: SESSION });
    const place = await topicAndGroup(broker);
    const here = await joined(broker, place);
    const there = startMember(place);
    await expectEventually(() => [...(here.has() ?? []), ...(there.has() ?? [])].toSorted()).toEqual(ALL);
    await expectEventually(() => there.has()?.length).toBe(2);
    there.member.kill('SIGSTOP');
    await expectEventually(here.has).toEqual(ALL);
    const heard = there.told.length;
    there.member.kill('SIGCONT');
    await expectEventually(() => there.told.length).toBeGreaterThan(heard);
    await expectEventually(() => [...(here.has() ?? []), ...(there.has() ?? [])].toSorted()).toEqual(ALL);
    there.member.stdin.end();
    await once(there.member, 'exit');
    expect(there.member.exitCode).toBe(0);
    await expectEventually(here.has).toEqual(ALL);
    expect(here.failures).toEqual([]);
    await here.leave();
  });

  it('whose process is killed is forgotten after its session', async () => {
    const broker = await openBroker(server.brokers, { sessionTimeout: SESSION });
    const place = await topicAndGroup(broker);
    const there = startMember(place);
    await expectEventually(there.has).toEqual(ALL);
    there.member.kill('SIGKILL');
    const here = await joined(broker, place);
    await expectEventually(here.has).toEqual(ALL);
    await here.leave();
  });

  it('commits for its own partitions only, and after it has left not at all', async () => {
    const broker = await openBroker(server.brokers, { sessionTimeout: SESSION });
    const place = await topicAndGroup(broker);
    const [first, second] = [await joined(broker, place), await joined(broker, place)];
    await expectEventually(() => [...(first.has() ?? []), ...(second.has() ?? [])].toSorted()).toEqual(ALL);
    const everywhere = (offset: number) => new Map(ALL.map((partition) => [partition, offset]));
    await first.commit(everywhere(3));
    expect([...(await broker.committed(place.group, place.topic)).keys()].toSorted()).toEqual([...(first.has() ?? [])]);
    await first.leave();
    await first.commit(everywhere(4));
    await expectEventually(second.has).toEqual(ALL);
    await second.commit(new Map([[0, 7]]));
    const committed = await broker.committed(place.group, place.topic);
    expect(committed.get(0)).toBe(7);
    expect([...committed.values()]).not.toContain(4);
    await second.leave();
  });

  it('is not disturbed by who commits from outside, which is left out as long as the group has members', async () => {
    const broker = await openBroker(server.brokers, { sessionTimeout: SESSION });
    const place = await topicAndGroup(broker);
    const commit = () => broker.commit(place.group, place.topic, new Map([[0, 5]]));
    const here = await joined(broker, place);
    await expectEventually(here.has).toEqual(ALL);
    await commit();
    expect([...(await broker.committed(place.group, place.topic))]).toEqual([]);
    await here.leave();
    await commit();
    expect([...(await broker.committed(place.group, place.topic))]).toEqual([[0, 5]]);
    expect(here.told).toEqual([ALL]);
  });

  it('that commits before it hears that the group was divided anew is left out', async () => {
    const broker = await openBroker(server.brokers, { sessionTimeout: SESSION });
    const place = await topicAndGroup(broker);
    const here = await joined(broker, place);
    await expectEventually(here.has).toEqual(ALL);
    // A newcomer makes the group wait for all to come again; until the next heartbeat this member knows nothing of it.
    const other = plainClient(server).consumer({ groupId: place.group, sessionTimeout: 6_000 });
    onTestFinished(() => other.disconnect());
    await other.connect();
    await other.subscribe({ topic: place.topic });
    const running = other.run({ autoCommit: false, eachBatch: async () => {} });
    while (here.told.length === 1) await here.commit(new Map([[1, 1]]));
    await running;
    await expectEventually(() => here.has()?.length).toBe(2);
    await here.leave();
  });

  it('gets partitions that are added, and hears when its topic is gone', async () => {
    const broker = await openBroker(server.brokers, { sessionTimeout: SESSION, patience: 5_000 });
    const place = await topicAndGroup(broker);
    const here = await joined(broker, place);
    await expectEventually(here.has).toEqual(ALL);
    await withAdmin(server, (admin) => admin.createPartitions({ topicPartitions: [{ topic: place.topic, count: PARTITIONS + 1 }] }));
    await expectEventually(here.has).toEqual([...ALL, PARTITIONS]);
    expect(here.failures).toEqual([]);
    await withAdmin(server, (admin) => admin.deleteTopics({ topics: [place.topic] }));
    await expectEventually(() => here.failures).toMatchObject([{ code: 'TOPIC_UNKNOWN' }]);
    await here.leave();
  });
});
