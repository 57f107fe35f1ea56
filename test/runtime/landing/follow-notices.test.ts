import { describe, expect, it, vi } from 'vitest';
import { SpindleError } from '../../../src/runtime/errors.ts';
import { chainVersion } from '../../../src/runtime/landing/chain-version.ts';
import { topicVersion } from '../../../src/runtime/store/topic-version.ts';
import { followScene, withPut } from './follow-rig.ts';
import { chainKeys, goodPlays, PREFIX } from './plays.ts';

describe('what a landing that follows tells', () => {
  it('says the version of all chains and of the topic as far as it is landed, by the chains and by what others commit', async () => {
    const { topic, lake, advance, startWith } = followScene(2);
    const [mine, other] = [await startWith([0]), await startWith([1])];
    topic.append(1, goodPlays(3));
    await vi.waitFor(() => expect(other.told('flushed').length).toBe(1));
    await advance(5_000); // the next look hears of the commit
    topic.append(0, goodPlays(3));
    await vi.waitFor(() => expect(mine.told('flushed').length).toBe(1));
    expect(mine.told('flushed')[0]).toMatchObject({
      version: await chainVersion(lake, PREFIX),
      inputs: {
        'stream/plays': topicVersion([
          [0, 3],
          [1, 3],
        ]),
      },
    });
    await Promise.all([mine.drain(), other.drain()]);
  });

  it('goes by the chains where the group knows nothing, or something of old', async () => {
    const { topic, lake, startWith } = followScene(2);
    topic.append(1, goodPlays(3));
    const before = await startWith([1]);
    await vi.waitFor(() => expect(before.told('flushed').length).toBe(1));
    await before.drain();
    await topic.reader.commit('', new Map([[1, 4_711]]));
    const follower = await startWith([0]);
    topic.append(0, goodPlays(3));
    await vi.waitFor(() => expect(follower.told('flushed').length).toBe(1));
    expect(follower.told('flushed')[0]).toMatchObject({
      version: await chainVersion(lake, PREFIX),
      inputs: {
        'stream/plays': topicVersion([
          [0, 3],
          [1, 3],
        ]),
      },
    });
    await follower.drain();
  });

  it('says the lag of its own partitions every five seconds, also of one that cannot be landed', async () => {
    const { topic, lake, advance, startWith } = followScene(3);
    const follower = await startWith([0, 2], { lake: withPut(lake, () => Promise.reject(new SpindleError('LAKE_FULL', 'no room'))) });
    await advance(5_000);
    expect(follower.told('lag').at(-1)?.lag).toEqual(
      new Map([
        [0, 0],
        [2, 0],
      ]),
    );
    topic.append(0, goodPlays(7));
    topic.append(1, goodPlays(7));
    await advance(5_000);
    expect(follower.told('lag').at(-1)?.lag).toEqual(
      new Map([
        [0, 7],
        [2, 0],
      ]),
    );
    await follower.kill();
  });

  it('says that a partition goes on, where all of it was landed before it was interrupted', async () => {
    const { topic, advance, startWith } = followScene();
    const follower = await startWith([0]);
    await advance(0);
    topic.fail(new SpindleError('BROKER_UNREACHABLE', 'gone', { transient: true }));
    await advance(100);
    topic.fail(undefined);
    await advance(120_000);
    expect(follower.told('interrupted').length).toBe(1);
    expect(follower.told('resumed')).toEqual([{ type: 'resumed', partition: 0 }]);
    await follower.drain();
  });

  it('leaves growing pauses where a partition that has nothing to land fails again and again', async () => {
    const { topic, advance, startWith } = followScene();
    const follower = await startWith([0]);
    await advance(0);
    topic.fail(new SpindleError('BROKER_REFUSED', 'no right to read'));
    await advance(60_000);
    expect(follower.told('interrupted').map(({ delay }) => delay)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000]);
    await follower.drain();
  });

  it('needs no more listeners than there are partitions', async () => {
    const warnings: string[] = [];
    const warn = ({ name }: Error) => void warnings.push(name);
    process.on('warning', warn);
    const { topic, lake, startWith, landed } = followScene(40);
    const all = Array.from({ length: 40 }, (_, partition) => partition);
    const follower = await startWith(all);
    for (const partition of all) topic.append(partition, goodPlays(3));
    await vi.waitFor(async () => expect((await landed()).length).toBe(120));
    await follower.drain();
    expect((await chainKeys(lake)).length).toBe(40);
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  });
});
