import { describe, expect, it, vi } from 'vitest';
import { SpindleError } from '../../../src/runtime/errors.ts';
import { followScene, withPut } from './follow-rig.ts';
import { goodPlays } from './plays.ts';

describe('a landing that follows and is told to end', () => {
  it('lands what it read, waits for the put that is under way, commits and leaves', async () => {
    const { topic, lake, startWith, landed } = followScene();
    let finish = () => {};
    const slow = new Promise<void>((resolve) => (finish = resolve));
    let puts = 0;
    const follower = await startWith([0], {
      lake: withPut(lake, async (...object) => {
        puts++;
        await slow;
        return lake.putIfAbsent(...object);
      }),
    });
    topic.append(0, goodPlays(4));
    await vi.waitFor(() => expect(puts).toBe(1));
    const draining = follower.drain();
    finish();
    await draining;
    expect(await landed()).toEqual(topic.places());
    expect(topic.committed.get(0)).toBe(4);
    expect(topic.members[0]?.left).toBe(true);
  });

  it('waits also for the put of a partition that it lost', async () => {
    const { topic, lake, startWith, landed } = followScene();
    let finish = () => {};
    const slow = new Promise<void>((resolve) => (finish = resolve));
    let puts = 0;
    const follower = await startWith([0], {
      lake: withPut(lake, async (...object) => {
        puts++;
        await slow;
        return lake.putIfAbsent(...object);
      }),
    });
    topic.append(0, goodPlays(3));
    await vi.waitFor(() => expect(puts).toBe(1));
    topic.members[0]?.listener.assigned([]);
    let ended = false;
    const draining = follower.drain().then(() => (ended = true));
    await new Promise((resolve) => void setImmediate(resolve));
    expect(ended).toBe(false);
    finish();
    await draining;
    expect((await landed()).length).toBe(3);
    expect(follower.told('flushed').length).toBe(1);
  });

  it('rejects with the error of what could not be landed any more', async () => {
    const { topic, lake, startWith } = followScene();
    const full = new SpindleError('LAKE_FULL', 'no room');
    const follower = await startWith([0], { lake: withPut(lake, () => Promise.reject(full)) });
    topic.append(0, goodPlays(2));
    await vi.waitFor(() => expect(follower.told('assigned').length).toBe(1));
    await new Promise((resolve) => void setImmediate(resolve));
    await expect(follower.drain()).rejects.toBe(full);
    expect(topic.members[0]?.left).toBe(true);
  });

  it('ends at once where nothing is open, though a partition is interrupted', async () => {
    const { topic, lake, startWith } = followScene();
    const follower = await startWith([0], { lake: withPut(lake, () => Promise.reject(new SpindleError('LAKE_FULL', 'no room'))) });
    topic.append(0, goodPlays(3));
    await vi.waitFor(() => expect(follower.told('interrupted').length).toBe(1));
    await follower.drain();
  });

  it('rejects with the error that ended its membership, when its partitions have ended in order', async () => {
    const { topic, startWith, landed } = followScene();
    const follower = await startWith([0]);
    topic.append(0, goodPlays(2));
    await new Promise((resolve) => void setImmediate(resolve));
    const gone = new SpindleError('BROKER_REFUSED', 'no member any more');
    topic.members[0]?.listener.failed(gone);
    await expect(follower.done).rejects.toBe(gone);
    expect(await landed()).toEqual(topic.places());
  });

  it('lets go of what it holds where it is to end at once', async () => {
    const { topic, startWith, landed } = followScene();
    const follower = await startWith([0]);
    topic.append(0, goodPlays(2));
    await new Promise((resolve) => void setImmediate(resolve));
    await follower.kill();
    await expect(follower.done).rejects.toThrow('killed');
    expect(await landed()).toEqual([]);
  });
});
