import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Broker, ObjectStore } from 'spindle';
import { createMemoryBroker } from '../../../src/drivers/broker/memory.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { chainObjects } from '../../../src/runtime/landing/chain-objects.ts';
import { chainKey, parseChainKey } from '../../../src/runtime/landing/chain.ts';
import { describeChain } from '../../../src/runtime/landing/describe-chain.ts';
import { beginNextIncarnation } from '../../../src/runtime/landing/incarnation.ts';
import { consumerGroup, land } from '../../../src/runtime/landing/land.ts';
import type { GroupListener } from '../../../src/runtime/resource/broker.ts';
import { collect } from '../../../src/runtime/store/rows.ts';
import type { FaultPoint } from '../../../src/runtime/resource/faults.ts';
import { ROTATION } from './follow-rig.ts';
import { chainKeys, goodPlays, landedLines, landedPlaces, Play, playRecords, PREFIX, TOPIC, type Value } from './plays.ts';
import { scriptedTopic } from './scripted-topic.ts';

interface Landing {
  readonly broker: Broker;
  readonly lake: ObjectStore;
  readonly records?: number;
  faults?(point: FaultPoint): void;
}

function landOnce({ broker, lake, records = 3, faults = () => {} }: Landing) {
  const reader = {
    offsets: () => broker.offsets(TOPIC),
    read: (partition: number, span: { from: number; to: number }) => broker.read(TOPIC, partition, span),
    commit: (group: string, offsets: ReadonlyMap<number, number>) => broker.commit(group, TOPIC, offsets),
    committed: (group: string) => broker.committed(group, TOPIC),
    join: (group: string, listener: GroupListener) => broker.join(group, TOPIC, listener),
  };
  const signal = new AbortController().signal;
  return land({
    topic: TOPIC,
    reader,
    lake,
    prefix: PREFIX,
    schema: Play,
    rotation: { bytes: 1 << 20, records, every: 5_000, thin: 60_000 },
    compression: 'gzip',
    signal,
    faults,
    progress: () => {},
  });
}

const produce = (broker: Broker, values: readonly Value[], partition = 0) => broker.produce(TOPIC, playRecords(values, partition));

async function setUp(partitions = 1) {
  const broker = createMemoryBroker();
  await broker.ensureTopic({ name: TOPIC, partitions });
  return { broker, lake: createMemoryObjectStore() };
}

describe('landing', () => {
  it('names each object by the offset that the chain expects next', async () => {
    const { broker, lake } = await setUp();
    await produce(broker, goodPlays(7));
    const landed = await landOnce({ broker, lake });
    expect(landed).toMatchObject({ records: 7, rows: 7, objects: 3, rejected: 0 });
    expect(await chainKeys(lake)).toEqual(
      [0, 3, 6].map((first) => chainKey({ prefix: PREFIX, topic: TOPIC, incarnation: 1, partition: 0, compression: 'gzip' }, first)),
    );
  });

  it('keeps what the record holds, with its place and the defaults of the schema', async () => {
    const { broker, lake } = await setUp();
    await produce(broker, [JSON.stringify({ id: 'a', later: { x: 1 } })]);
    await landOnce({ broker, lake });
    expect(await landedLines(lake)).toEqual([
      {
        _topic: TOPIC,
        _partition: 0,
        _offset: 0,
        _recorded_at: '2026-01-01T00:00:00.000Z',
        id: 'a',
        count: 0,
        _extra: { later: { x: 1 } },
      },
    ]);
  });

  it('sets aside what is no JSON or breaks the schema, with its reasons and the raw text', async () => {
    const { broker, lake } = await setUp();
    await produce(broker, [
      '{"id":',
      JSON.stringify({ id: 1 }),
      '',
      null,
      '[]',
      JSON.stringify({ id: 'ok' }),
      Buffer.from([0xff, 0xfe]),
      '{"id":"\\ud800"}',
    ]);
    const landed = await landOnce({ broker, lake, records: 100 });
    expect(landed).toMatchObject({ rows: 1, rejected: 7 });
    const rejected = (await landedLines(lake)).flatMap(({ _rejected }) => _rejected ?? []);
    expect(rejected.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 6, 7]);
    expect(rejected[0]).toMatchObject({ raw: '{"id":', reasons: [expect.stringContaining('not JSON')] });
    expect(rejected[1]).toMatchObject({ reasons: [expect.stringContaining('id: ')] });
    expect(rejected[5]).toMatchObject({ raw_base64: '//4=', reasons: ['not UTF-8 text'] });
    expect(rejected[6]).toMatchObject({ reasons: ['a text holds half of a surrogate pair'] });
  });

  it('says in the metadata where the flagged records start', async () => {
    const { broker, lake } = await setUp();
    await produce(broker, [...goodPlays(2), 'x']);
    await landOnce({ broker, lake, records: 100 });
    const listed = await collect(chainObjects(lake, PREFIX));
    for (const object of (await describeChain(lake, listed, new AbortController().signal)) ?? []) {
      const body = await lake.get(object.key);
      expect(object).toMatchObject({ rows: 2, rejected: 1 });
      expect(gunzipSync(body.subarray(0, object.rejectedFrom)).toString().trim().split('\n')).toHaveLength(2);
      expect(gunzipSync(body.subarray(object.rejectedFrom)).toString()).toContain('_rejected');
    }
  });

  it('lands only what is new, and commits behind it', async () => {
    const { broker, lake } = await setUp();
    await produce(broker, goodPlays(2));
    await landOnce({ broker, lake });
    await produce(broker, goodPlays(2));
    expect(await landOnce({ broker, lake })).toMatchObject({ records: 2, objects: 1 });
    expect(await landOnce({ broker, lake })).toMatchObject({ records: 0, objects: 0 });
    expect(await broker.committed(consumerGroup(PREFIX), TOPIC)).toEqual(new Map([[0, 4]]));
  });

  it('trusts the chain, not the commits', async () => {
    const { broker, lake } = await setUp();
    await produce(broker, goodPlays(4));
    await broker.commit(consumerGroup(PREFIX), TOPIC, new Map([[0, 4]]));
    expect(await landOnce({ broker, lake })).toMatchObject({ records: 4 });
  });

  it('adopts an object that somebody else created, and goes on behind it', async () => {
    const { broker, lake } = await setUp();
    await produce(broker, goodPlays(10));
    let raced: Promise<unknown> | undefined;
    const overtaken: ObjectStore = {
      ...lake,
      // Before this landing's first object is created, another one lands the whole topic, cut elsewhere.
      putIfAbsent: async (...put) => {
        if (parseChainKey(put[0]) !== undefined) await (raced ??= landOnce({ broker, lake, records: 2 }));
        return lake.putIfAbsent(...put);
      },
    };
    const landed = await landOnce({ broker, lake: overtaken, records: 4 });
    expect(landed).toMatchObject({ adopted: 5, objects: 0 });
    expect(await landedPlaces(lake)).toHaveLength(10);
  });

  it('lands each record once, whoever lands at the same time', async () => {
    const { broker, lake } = await setUp(2);
    await produce(broker, goodPlays(50), 0);
    await produce(broker, goodPlays(31), 1);
    const landed = await Promise.all([
      landOnce({ broker, lake, records: 3 }),
      landOnce({ broker, lake, records: 5 }),
      landOnce({ broker, lake, records: 7 }),
    ]);
    expect(landed.reduce((sum, { records }) => sum + records, 0)).toBe(81);
    expect(landed.some(({ adopted }) => adopted > 0)).toBe(true);
    const offsets = await landedPlaces(lake);
    expect(new Set(offsets).size).toBe(81);
    expect(offsets).toHaveLength(81);
  });

  it('lands each record once, wherever earlier attempts were interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            point: fc.constantFrom<FaultPoint>('land.before-put', 'land.after-put', 'land.after-commit'),
            hit: fc.integer({ min: 1, max: 5 }),
            size: fc.integer({ min: 1, max: 6 }),
          }),
          { maxLength: 6 },
        ),
        fc.integer({ min: 0, max: 30 }),
        async (crashes, count) => {
          const { broker, lake } = await setUp();
          await produce(broker, goodPlays(count));
          for (const { point, hit, size } of crashes) {
            let hits = 0;
            const faults = (at: FaultPoint) => {
              if (at === point && ++hits === hit) throw new Error('crash');
            };
            await landOnce({ broker, lake, records: size, faults }).catch(() => {});
          }
          await landOnce({ broker, lake });
          expect(await landedPlaces(lake)).toEqual(Array.from({ length: count }, (_, offset) => `0:${offset}`).toSorted());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('stops when the topic was created anew, and goes on in the next incarnation when told to', async () => {
    const { broker, lake } = await setUp();
    await produce(broker, goodPlays(5));
    await landOnce({ broker, lake });
    const anew = (await setUp()).broker;
    await produce(anew, goodPlays(2));
    await expect(landOnce({ broker: anew, lake })).rejects.toMatchObject({
      code: 'TOPIC_RECREATED',
      remedy: expect.stringContaining(`spindle landing restart`),
    });
    await produce(anew, ['{"id":"other"}', '{"id":"other"}', '{"id":"other"}', '{"id":"other"}']);
    await expect(landOnce({ broker: anew, lake })).rejects.toMatchObject({ code: 'TOPIC_RECREATED' });
    expect(await beginNextIncarnation({ lake, prefix: PREFIX, topic: TOPIC, compression: 'gzip' })).toMatchObject({ incarnation: 2 });
    expect(await landOnce({ broker: anew, lake })).toMatchObject({ records: 6 });
    expect(await landedLines(lake)).toHaveLength(11);
  });

  it('ends with all partitions where one fails, and waits for those: nothing goes on behind its back', async () => {
    const topic = scriptedTopic(3);
    const lake = createMemoryObjectStore();
    for (const partition of [0, 1, 2]) topic.append(partition, goodPlays(30));
    let under = 0;
    let puts = 0;
    const landing = land({
      topic: TOPIC,
      reader: topic.reader,
      lake: {
        ...lake,
        async putIfAbsent(...put) {
          const partition = parseChainKey(put[0])?.partition;
          if (partition === 1) throw new Error('no room');
          under++;
          puts++;
          await setTimeout(20);
          under--;
          return lake.putIfAbsent(...put);
        },
      },
      prefix: PREFIX,
      schema: Play,
      rotation: ROTATION,
      compression: 'gzip',
      signal: new AbortController().signal,
      faults: () => {},
      progress: () => {},
    });
    await expect(landing).rejects.toThrow('no room');
    expect(under).toBe(0);
    const before = puts;
    await setTimeout(60);
    expect(puts).toBe(before);
  });
});
