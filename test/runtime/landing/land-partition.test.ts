import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ObjectStore } from 'spindle';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { SpindleError } from '../../../src/runtime/errors.ts';
import { chainKey, linkMetadata } from '../../../src/runtime/landing/chain.ts';
import { recordEncoder } from '../../../src/runtime/landing/encode.ts';
import { landPartition, type LandedObject, type LandTools, type PartitionSpan } from '../../../src/runtime/landing/land-partition.ts';
import { ObjectWriter } from '../../../src/runtime/landing/object-writer.ts';
import { createOpenObjects } from '../../../src/runtime/landing/rotation.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { manualClock } from '../stream/manual-clock.ts';
import { ROTATION } from './follow-rig.ts';
import { chainKeys, goodPlays, landedPlaces, Play, PREFIX, TOPIC } from './plays.ts';
import { scriptedTopic } from './scripted-topic.ts';

const CHAIN = { prefix: PREFIX, topic: TOPIC, incarnation: 1, partition: 0, compression: 'gzip' } as const;

function setUp(lakeOf: (lake: ObjectStore) => ObjectStore = (lake) => lake) {
  const topic = scriptedTopic();
  const lake = createMemoryObjectStore();
  const { clock, advance } = manualClock();
  const hard = new AbortController();
  const open = createOpenObjects();
  const landed: LandedObject[] = [];
  const tools: LandTools = {
    lake: lakeOf(lake),
    reader: topic.reader,
    rotation: ROTATION,
    faults: noFaults,
    open,
    clock,
    encode: recordEncoder(TOPIC, Play),
    sameTopic: async () => {},
    commit: async () => {},
    landed: (object) => void landed.push(object),
  };
  return {
    topic,
    lake,
    hard,
    landed,
    advance,
    land: (span: Partial<PartitionSpan> = {}, other: Partial<LandTools> = {}) =>
      landPartition({ ...tools, ...other }, { chain: CHAIN, expected: 0, from: 0, to: 10, signal: hard.signal, ...span }),
  };
}

const failing = (error: Error) => (lake: ObjectStore) => ({ ...lake, putIfAbsent: () => Promise.reject(error) });

/** Every object that is opened, and how many of them were let go of. */
function watchWriters() {
  const add = vi.spyOn(ObjectWriter.prototype, 'add');
  const discard = vi.spyOn(ObjectWriter.prototype, 'discard');
  return {
    opened: () => new Set(add.mock.contexts).size,
    discarded: () => new Set(discard.mock.contexts).size,
  };
}

afterEach(() => vi.restoreAllMocks());

describe('landing a partition', () => {
  it('creates one object after the other, each under the offset behind the last one', async () => {
    const { topic, land, lake, landed } = setUp();
    topic.append(0, goodPlays(4));
    topic.append(0, goodPlays(4), 2);
    await land();
    expect(await chainKeys(lake)).toEqual([0, 3, 8].map((first) => chainKey(CHAIN, first)));
    expect(landed.map(({ link, created }) => [link.last, created === undefined])).toEqual([
      [2, false],
      [7, false],
      [9, false],
    ]);
  });

  it('adopts what lies under its key, and says that others created it', async () => {
    const { topic, land, lake, landed } = setUp();
    topic.append(0, goodPlays(10));
    await lake.putIfAbsent(
      chainKey(CHAIN, 3),
      Buffer.of(),
      linkMetadata({ last: 7, rows: 5, rejected: 0, rejectedFrom: 0, lastDigest: '' }),
    );
    await land({ to: 3 });
    await land({ expected: 3, from: 3 });
    expect(landed.map(({ link, created }) => [link.last, created === undefined])).toEqual([
      [2, false],
      [7, true],
      [9, false],
    ]);
  });

  it('refuses an object that says to end before it begins: it would be adopted again and again', async () => {
    const { topic, land, lake } = setUp();
    topic.append(0, goodPlays(10));
    await lake.putIfAbsent(
      chainKey(CHAIN, 3),
      Buffer.of(),
      linkMetadata({ last: 2, rows: 1, rejected: 0, rejectedFrom: 0, lastDigest: '' }),
    );
    await expect(land()).rejects.toMatchObject({ code: 'OBJECT_UNREADABLE', message: expect.stringContaining('its last offset is 2') });
  });

  it('creates nothing of what it read once the topic is another one', async () => {
    const { topic, land, lake } = setUp();
    topic.append(0, goodPlays(10));
    let objects = 0;
    const sameTopic = async () => {
      if (++objects > 2) throw new SpindleError('TOPIC_RECREATED', 'another topic');
    };
    await expect(land({}, { sameTopic })).rejects.toMatchObject({ code: 'TOPIC_RECREATED' });
    expect(await landedPlaces(lake)).toEqual([0, 1, 2, 3, 4, 5].map((offset) => `0:${offset}`));
  });

  it('lets go of every object that it opened, whether it was created, adopted, or could not be written', async () => {
    const writers = watchWriters();
    const { topic, land, hard } = setUp();
    topic.append(0, goodPlays(10));
    await land();
    await land();
    const broken = setUp(failing(new SpindleError('LAKE_FULL', 'no room')));
    broken.topic.append(0, goodPlays(10));
    await expect(broken.land()).rejects.toMatchObject({ code: 'LAKE_FULL' });
    const stopped = setUp();
    stopped.topic.append(0, goodPlays(2));
    const landing = stopped.land({ to: Infinity });
    await vi.waitFor(() => expect(writers.opened()).toBe(10));
    stopped.hard.abort(new Error('stopped'));
    await expect(landing).rejects.toThrow('stopped');
    expect(writers.discarded()).toBe(10);
    expect(getEventListeners(hard.signal, 'abort')).toEqual([]);
  });

  it('leaves nothing behind at signals that outlive it, and reads no further', async () => {
    const { topic, land, hard } = setUp();
    const drain = new AbortController();
    topic.append(0, goodPlays(10));
    let reading: AbortSignal | undefined;
    const reader = {
      ...topic.reader,
      read: (...[partition, span, options]: Parameters<typeof topic.reader.read>) => {
        reading = options?.signal;
        return topic.reader.read(partition, span, options);
      },
    };
    for (let round = 0; round < 20; round++) await land({ to: 5, drain: drain.signal }, { reader });
    expect(reading?.aborted).toBe(true);
    expect([hard, drain].flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
  });

  it('lands on drain what it read, and reads nothing more', async () => {
    const { topic, land, lake } = setUp();
    const drain = new AbortController();
    topic.append(0, goodPlays(2));
    const landing = land({ to: Infinity, drain: drain.signal });
    await new Promise((resolve) => void setImmediate(resolve));
    drain.abort();
    topic.append(0, goodPlays(2));
    await landing;
    expect(await landedPlaces(lake)).toEqual(['0:0', '0:1']);
  });

  it('holds an object open no longer than it is due, while records keep coming', async () => {
    const { topic, land, landed, advance } = setUp();
    const drain = new AbortController();
    const landing = land({ to: Infinity, drain: drain.signal }, { rotation: { ...ROTATION, records: 1_000_000, thin: 10_000 } });
    for (let second = 1; second <= 30; second++) {
      topic.append(0, goodPlays(1));
      await advance(1_000);
      if (second % 10 === 0) await vi.waitFor(() => expect(landed.length).toBe(second / 10));
    }
    drain.abort();
    await landing;
    expect(landed.map(({ link }) => link.last)).toEqual([9, 19, 29]);
  });
});
