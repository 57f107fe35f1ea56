import { describe, expect, it, vi } from 'vitest';
import { createMemoryBroker } from '../../../src/drivers/broker/memory.ts';
import { SpindleError } from '../../../src/runtime/errors.ts';
import { parseChainKey } from '../../../src/runtime/landing/chain.ts';
import { chainVersion } from '../../../src/runtime/landing/chain-version.ts';
import { consumerGroup } from '../../../src/runtime/landing/land.ts';
import { topicVersion } from '../../../src/runtime/store/topic-version.ts';
import { followScene, restartLanding, withPut } from './follow-rig.ts';
import { chainKeys, goodPlays, landedPlaces, playRecords, PREFIX, TOPIC } from './plays.ts';

describe('a landing that follows its topic', () => {
  it('lands records as they come, alone in the group of a broker', async () => {
    const broker = createMemoryBroker();
    await broker.ensureTopic({ name: TOPIC, partitions: 2 });
    const { lake, start } = followScene();
    const follower = start({
      reader: {
        offsets: () => broker.offsets(TOPIC),
        read: (...read) => broker.read(TOPIC, ...read),
        commit: (group, offsets) => broker.commit(group, TOPIC, offsets),
        committed: (group) => broker.committed(group, TOPIC),
        join: (group, listener) => broker.join(group, TOPIC, listener),
      },
    });
    await broker.produce(TOPIC, [...playRecords(goodPlays(3), 0), ...playRecords([...goodPlays(2), 'no JSON'], 1)]);
    await vi.waitFor(async () => expect((await landedPlaces(lake)).length).toBe(6));
    await vi.waitFor(async () => expect((await broker.committed(consumerGroup(PREFIX), TOPIC)).size).toBe(2));
    await broker.produce(TOPIC, playRecords(goodPlays(3), 1));
    await vi.waitFor(async () => expect((await landedPlaces(lake)).length).toBe(9));
    await follower.drain();
    expect([...(await broker.committed(consumerGroup(PREFIX), TOPIC))].map(([, next]) => next).toSorted()).toEqual([3, 6]);
    expect(follower.told('flushed').map(({ rows, rejected }) => ({ rows, rejected }))).toContainEqual({ rows: 2, rejected: 1 });
  });

  it('closes an object of few records at the age of `thin`, one of many at that of `every`', async () => {
    const { topic, advance, startWith, landed } = followScene();
    const follower = await startWith([0], { rotation: { records: 10_000, every: 5_000, thin: 60_000 } });
    topic.append(0, goodPlays(2));
    await advance(59_999);
    expect(await landed()).toEqual([]);
    await advance(1);
    await vi.waitFor(async () => expect((await landed()).length).toBe(2));
    topic.append(0, goodPlays(1_000));
    await advance(4_999);
    expect((await landed()).length).toBe(2);
    await advance(1);
    await vi.waitFor(async () => expect((await landed()).length).toBe(1_002));
    await follower.drain();
  });

  it('goes on with the partitions that it keeps, and leaves those that it loses to the end of their chains', async () => {
    const { topic, lake, startWith, landed } = followScene(3);
    const first = await startWith([0, 1, 2]);
    for (const partition of [0, 1, 2]) topic.append(partition, goodPlays(4));
    await vi.waitFor(async () => expect((await landed()).length).toBe(9)); // the fourth of each is held in an open object
    const second = await startWith([1, 2]);
    topic.members[0]?.listener.assigned([0]);
    for (const partition of [0, 1, 2]) topic.append(partition, goodPlays(2));
    await vi.waitFor(async () => expect(await landed()).toEqual(topic.places()));
    expect(new Set(first.told('flushed').map(({ metadata }) => metadata?.['partition']))).toContain(0);
    expect(second.told('flushed').map(({ metadata }) => metadata?.['last'])).toEqual([5, 5]);
    expect((await chainKeys(lake)).length).toBe(6);
    await Promise.all([first.drain(), second.drain()]);
    expect(topic.members.every(({ left }) => left)).toBe(true);
  });

  it('makes one chain with a member that hears late that it lost the partition', async () => {
    const { topic, startWith, landed } = followScene();
    const [first, second] = [await startWith([0]), await startWith([0], { rotation: { records: 2 } })];
    for (let round = 0; round < 10; round++) topic.append(0, goodPlays(7));
    await vi.waitFor(async () => expect((await landed()).length).toBeGreaterThan(66));
    await Promise.all([first.drain(), second.drain()]);
    expect(await landed()).toEqual(topic.places());
    expect([...first.told('flushed'), ...second.told('flushed')].reduce((sum, { records }) => sum + records, 0)).toBe(70);
  });

  it('begins every chain at zero, so that two that saw the topic begin at different offsets make one', async () => {
    const { topic, lake, startWith } = followScene();
    topic.append(0, goodPlays(6));
    // The first one has read from offset 0 on, and stands still before its first object; retention goes on meanwhile.
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    let stopped = false;
    const first = await startWith([0], {
      rotation: { records: 4 },
      lake: withPut(lake, async (...object) => {
        stopped = true;
        await asleep;
        return lake.putIfAbsent(...object);
      }),
    });
    await vi.waitFor(() => expect(stopped).toBe(true));
    topic.retain(0, 2);
    const second = await startWith([0]);
    await vi.waitFor(async () => expect((await landedPlaces(lake)).length).toBe(3));
    wake();
    await Promise.all([first.drain(), second.drain()]);
    expect(await landedPlaces(lake)).toEqual(['0:2', '0:3', '0:4', '0:5']);
    expect((await chainKeys(lake))[0]).toMatch(/\/0{20}\./);
  });

  it('passes over offsets that no record has, at the beginning and in between', async () => {
    const { topic, startWith, landed } = followScene();
    topic.append(0, goodPlays(2), 5);
    const follower = await startWith([0]);
    topic.append(0, goodPlays(2), 7);
    topic.append(0, goodPlays(2), 1);
    await vi.waitFor(async () => expect(await landed()).toEqual(topic.places()));
    await follower.drain();
  });

  it('tells that the topic was made anew, and goes on by itself once the next incarnation is begun', async () => {
    const { topic, lake, advance, startWith } = followScene();
    const follower = await startWith([0]);
    topic.append(0, goodPlays(3));
    await vi.waitFor(async () => expect((await chainKeys(lake)).length).toBe(1));
    topic.recreate();
    topic.append(0, goodPlays(2));
    await advance(10_000);
    expect(follower.told('interrupted').at(-1)).toMatchObject({ partition: 0, error: { code: 'TOPIC_RECREATED' } });
    expect(follower.told('lag').at(-1)?.lag).toEqual(new Map([[0, 2]]));
    await restartLanding(lake);
    topic.append(0, goodPlays(1));
    await advance(60_000);
    await vi.waitFor(async () => expect((await chainKeys(lake)).map((key) => parseChainKey(key)?.incarnation)).toEqual([1, 2]));
    expect(follower.told('resumed')).toContainEqual({ type: 'resumed', partition: 0 });
    await follower.drain();
  });

  it('lands nothing of a topic that was made anew and filled while it read nothing, where the broker tells them apart', async () => {
    const { topic, lake, advance, startWith, landed } = followScene();
    const reader = { ...topic.reader, topicId: async () => topic.id };
    const follower = await startWith([0], { reader });
    topic.append(0, goodPlays(3));
    await vi.waitFor(async () => expect((await chainKeys(lake)).length).toBe(1));
    topic.recreate();
    topic.append(0, goodPlays(9));
    await vi.waitFor(() =>
      expect(follower.told('interrupted').at(-1)).toMatchObject({
        error: { code: 'TOPIC_RECREATED', message: expect.stringContaining('while it was landed') },
      }),
    );
    await advance(10_000);
    expect(follower.told('interrupted').at(-1)).toMatchObject({
      error: { code: 'TOPIC_RECREATED', message: expect.stringContaining('partition 0 was landed up to offset 2') },
    });
    expect(await landed()).toEqual(['0:0', '0:1', '0:2']);
    await follower.drain();
  });

  it('goes over to the next incarnation with every partition, also with those that nothing is wrong with', async () => {
    const { topic, lake, advance, startWith, clock } = followScene(2);
    const follower = await startWith([0, 1]);
    topic.append(0, goodPlays(3));
    topic.append(1, goodPlays(4)); // one of them in an open object
    await vi.waitFor(async () => expect((await chainKeys(lake)).length).toBe(2));
    await restartLanding(lake);
    await advance(5_000);
    topic.append(1, goodPlays(2));
    const places = async (incarnation: number) =>
      (await chainKeys(lake)).flatMap((key) => {
        const chain = parseChainKey(key);
        return chain?.incarnation === incarnation ? [`${chain.partition}:${chain.first}`] : [];
      });
    await vi.waitFor(async () => expect(await places(2)).toEqual(['0:0', '1:0', '1:3']));
    expect(await places(1)).toEqual(['0:0', '1:0']);
    expect(follower.told('interrupted')).toEqual([]);
    expect(follower.told('flushed').at(-1)).toMatchObject({
      version: await chainVersion(lake, PREFIX),
      inputs: { 'stream/plays': topicVersion((await topic.reader.offsets()).map(({ partition, end }) => [partition, end])) },
    });
    await follower.drain();
    expect(clock.elapsed()).toBe(5_000);
  });

  it('stops a partition that retention has overtaken, and says so; the others go on', async () => {
    const { topic, lake, advance, startWith, landed } = followScene(2);
    const follower = await startWith([0, 1]);
    topic.append(0, goodPlays(8));
    await vi.waitFor(async () => expect((await chainKeys(lake)).length).toBe(2));
    topic.members[0]?.listener.assigned([1]);
    topic.retain(0, 7);
    topic.members[0]?.listener.assigned([0, 1]);
    topic.append(1, goodPlays(3));
    await advance(30_000);
    expect(follower.told('interrupted').at(-1)).toMatchObject({
      partition: 0,
      error: { code: 'OFFSET_OUT_OF_RANGE', message: expect.stringContaining('Records 6 to 6 of') },
    });
    await vi.waitFor(async () => expect((await landed()).filter((place) => place.startsWith('1:')).length).toBe(3));
    await follower.drain();
  });

  it('doubles nothing where a put fails whose object was created all the same', async () => {
    const { topic, lake, advance, startWith, landed } = followScene();
    let failures = 3;
    const follower = await startWith([0], {
      lake: withPut(lake, async (...object) => {
        const made = await lake.putIfAbsent(...object);
        if (failures-- > 0) throw new SpindleError('LAKE_UNREACHABLE', 'the answer was lost', { transient: true });
        return made;
      }),
    });
    topic.append(0, goodPlays(12));
    await vi.waitFor(async () => {
      await advance(1_000);
      expect(await landed()).toEqual(topic.places());
      expect(follower.told('interrupted').length).toBe(3);
    });
    await follower.drain();
    expect(await landed()).toEqual(topic.places());
  });

  it('tells of each object that it created once, also where the commit behind it fails', async () => {
    const { topic, advance, startWith, landed } = followScene();
    let failures = 2;
    const follower = await startWith([0], {
      reader: {
        ...topic.reader,
        async join(group, listener) {
          const member = await topic.reader.join(group, listener);
          return {
            ...member,
            async commit(offsets) {
              if (failures-- > 0) throw new SpindleError('BROKER_UNREACHABLE', 'no answer', { transient: true });
              await member.commit(offsets);
            },
          };
        },
      },
    });
    topic.append(0, goodPlays(9));
    await vi.waitFor(async () => {
      await advance(1_000);
      expect(await landed()).toEqual(topic.places());
    });
    expect(follower.told('flushed').map(({ records, metadata }) => [records, metadata?.['last']])).toEqual([
      [3, 2],
      [3, 5],
      [3, 8],
    ]);
    await follower.drain();
  });
});
