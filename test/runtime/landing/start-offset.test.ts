import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { startOffset } from '../../../src/runtime/landing/start-offset.ts';
import { land } from '../../../src/runtime/landing/land.ts';
import type { PartitionOffsets } from '../../../src/runtime/resource/broker.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { ROTATION } from './follow-rig.ts';
import { goodPlays, landedPlaces, Play, PREFIX, TOPIC } from './plays.ts';
import { scriptedTopic } from './scripted-topic.ts';

function setUp(partitions = 1) {
  const topic = scriptedTopic(partitions);
  const lake = createMemoryObjectStore();
  const signal = new AbortController().signal;
  return {
    topic,
    lake,
    landed: () =>
      land({
        topic: TOPIC,
        reader: topic.reader,
        lake,
        prefix: PREFIX,
        schema: Play,
        rotation: ROTATION,
        compression: 'gzip',
        signal,
        faults: noFaults,
        progress: () => {},
      }),
    async start(seen?: PartitionOffsets) {
      const [present = { partition: 0, start: 0, end: 0 }] = await topic.reader.offsets();
      const ends = seen ?? present;
      const chain = { prefix: PREFIX, topic: TOPIC, incarnation: 1, partition: 0, compression: 'gzip' } as const;
      return startOffset({ lake, reader: topic.reader, signal }, chain, ends);
    },
  };
}

describe('where a chain goes on', () => {
  it('is zero where it has no object, read from where the broker begins', async () => {
    const { topic, start, landed, lake } = setUp();
    topic.append(0, goodPlays(5));
    topic.retain(0, 3);
    expect(await start()).toEqual({ expected: 0, from: 3 });
    await landed();
    expect(await landedPlaces(lake)).toEqual(['0:3', '0:4']);
    expect(await start()).toEqual({ expected: 5, from: 5 });
  });

  it('is behind its last object, also where the broker holds nothing more or no longer holds that one', async () => {
    const { topic, start, landed } = setUp();
    topic.append(0, goodPlays(4));
    await landed();
    expect(await start()).toEqual({ expected: 4, from: 4 });
    topic.append(0, goodPlays(3));
    topic.retain(0, 4);
    expect(await start()).toEqual({ expected: 4, from: 4 });
  });

  it('is behind what others have landed since the ends were seen', async () => {
    const { topic, start, landed } = setUp();
    topic.append(0, goodPlays(4));
    const [seen] = await topic.reader.offsets();
    topic.append(0, goodPlays(3));
    await landed();
    expect(await start(seen)).toEqual({ expected: 7, from: 7 });
    topic.recreate();
    await expect(start(seen)).rejects.toMatchObject({ code: 'TOPIC_RECREATED', message: expect.stringContaining('its end is 0') });
  });

  it('is nowhere where retention has overtaken it: the error says which records are lost', async () => {
    const { topic, start, landed } = setUp();
    topic.append(0, goodPlays(4));
    await landed();
    topic.append(0, goodPlays(6));
    topic.retain(0, 8);
    await expect(start()).rejects.toMatchObject({
      code: 'OFFSET_OUT_OF_RANGE',
      message: 'Records 4 to 7 of plays, partition 0, were deleted by retention before they were landed.',
    });
  });

  it('is nowhere where the topic was made anew, whether it is shorter now or holds other records', async () => {
    const { topic, start, landed } = setUp();
    topic.append(0, goodPlays(4));
    await landed();
    topic.recreate();
    await expect(start()).rejects.toMatchObject({ code: 'TOPIC_RECREATED' });
    topic.append(0, goodPlays(9));
    await expect(start()).rejects.toMatchObject({ code: 'TOPIC_RECREATED', remedy: expect.stringContaining('begin incarnation 2') });
  });

  it('is nowhere where only another partition tells that the topic was made anew', async () => {
    const { topic, start, landed } = setUp(2);
    topic.append(1, goodPlays(4));
    expect(await start()).toEqual({ expected: 0, from: 0 });
    await landed();
    expect(await start()).toEqual({ expected: 0, from: 0 });
    topic.recreate();
    topic.append(0, goodPlays(2));
    await expect(start()).rejects.toMatchObject({ code: 'TOPIC_RECREATED', message: expect.stringContaining('partition 1') });
    topic.append(1, goodPlays(9));
    await expect(start()).rejects.toMatchObject({ code: 'TOPIC_RECREATED' });
  });

  it('passes over a gap behind its last object', async () => {
    const { topic, start, landed, lake } = setUp();
    topic.append(0, goodPlays(2));
    await landed();
    topic.append(0, goodPlays(2), 10);
    expect(await start()).toEqual({ expected: 2, from: 2 });
    await landed();
    expect(await landedPlaces(lake)).toEqual(topic.places());
  });
});
