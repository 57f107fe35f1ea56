import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectStore } from 'spindle';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { chainEnd, chainEnds } from '../../../src/runtime/landing/chain-end.ts';
import { chainVersion } from '../../../src/runtime/landing/chain-version.ts';
import { chainKey, linkMetadata, partitionPrefix, type ChainPartition } from '../../../src/runtime/landing/chain.ts';
import { replayKey, replayMetadata } from '../../../src/runtime/landing/replay-object.ts';
import { PREFIX, TOPIC } from './plays.ts';

const CHAIN: ChainPartition = { prefix: PREFIX, topic: TOPIC, incarnation: 1, partition: 0, compression: 'gzip' };

/** Objects under these offsets, each of which ends where the next begins. */
async function makeChain(lake: ObjectStore, firsts: readonly number[], chain = CHAIN): Promise<number | undefined> {
  let end: number | undefined;
  for (const [index, first] of firsts.entries()) {
    end = (firsts[index + 1] ?? first + 7) - 1;
    await lake.putIfAbsent(
      chainKey(chain, first),
      Buffer.of(),
      linkMetadata({ last: end, rows: 1, rejected: 0, rejectedFrom: 0, lastDigest: '' }),
    );
  }
  return end;
}

const put = (lake: ObjectStore, key: string) => lake.put(key, Buffer.from('x'), {});

function counted(lake: ObjectStore): { readonly lake: ObjectStore; readonly requests: () => number } {
  let requests = 0;
  return {
    lake: {
      ...lake,
      list(...list) {
        requests++;
        return lake.list(...list);
      },
    },
    requests: () => requests,
  };
}

describe('the end of a chain', () => {
  it('is not there where nothing has landed', async () => {
    expect(await chainEnd(createMemoryObjectStore(), CHAIN)).toBe(undefined);
  });

  it('is what a listing of all objects would find, however many there are and whatever their offsets', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }) },
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 2 ** 40 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2_200 }), fc.array(step, { minLength: 1, maxLength: 40 }), async (length, steps) => {
        let next = 0;
        const firsts = Array.from({ length }, (_, index) => (next += steps[index % steps.length] ?? 1));
        const lake = createMemoryObjectStore();
        const last = await makeChain(lake, firsts);
        expect((await chainEnd(lake, CHAIN))?.last).toBe(last);
      }),
      {
        numRuns: 60,
        examples: [
          [999, [1]],
          [1_000, [1]],
          [1_001, [1]],
          [2_001, [2 ** 40]],
        ],
      },
    );
  }, 60_000);

  it.each([
    ['objects of one size', Array.from({ length: 3_000 }, (_, index) => index * 1_000_000), 6],
    ['100,000 objects', Array.from({ length: 100_000 }, (_, index) => index * 20), 20],
    [
      'many small ones behind large ones',
      [
        ...Array.from({ length: 3_000 }, (_, index) => index * 1_000_000),
        ...Array.from({ length: 9_000 }, (_, index) => 3_000_000_000 + index),
      ],
      60,
    ],
    [
      'large ones behind many small ones',
      [...Array.from({ length: 9_000 }, (_, index) => index), ...Array.from({ length: 3_000 }, (_, index) => 10_000 + index * 1_000_000)],
      60,
    ],
  ])('is found by few requests: %s', async (_, firsts, most) => {
    const lake = createMemoryObjectStore();
    const last = await makeChain(lake, firsts);
    const { lake: watched, requests } = counted(lake);
    expect((await chainEnd(watched, CHAIN))?.last).toBe(last);
    expect(requests()).toBeLessThanOrEqual(most);
  });

  it('is found behind pages of what is none of its objects', async () => {
    const lake = createMemoryObjectStore();
    for (let copy = 0; copy < 1_200; copy++) await put(lake, `${partitionPrefix(CHAIN)}!${copy}`);
    const last = await makeChain(lake, [0, 5]);
    for (let copy = 0; copy < 1_200; copy++) await put(lake, `${partitionPrefix(CHAIN)}~${copy}`);
    expect((await chainEnd(lake, CHAIN))?.last).toBe(last);
  });

  it('is not confused by what somebody put among its objects', async () => {
    const lake = createMemoryObjectStore();
    const firsts = Array.from({ length: 1_500 }, (_, index) => index * 10);
    const last = await makeChain(lake, firsts);
    for (const first of [0, 7_000, 12_340, 14_990]) await put(lake, `${chainKey(CHAIN, first)}.copy`);
    await put(lake, `${partitionPrefix(CHAIN)}zz-notes.txt`);
    await put(lake, `${partitionPrefix(CHAIN)}.keep`);
    expect((await chainEnd(lake, CHAIN))?.last).toBe(last);
  });

  it('tells an object without its metadata by its key', async () => {
    const lake = createMemoryObjectStore();
    await put(lake, chainKey(CHAIN, 0));
    await expect(chainEnd(lake, CHAIN)).rejects.toMatchObject({
      code: 'OBJECT_UNREADABLE',
      message: expect.stringContaining(chainKey(CHAIN, 0)),
    });
  });
});

describe('the ends of all chains under a prefix', () => {
  it('are those of each incarnation and partition, and the last replay of each incarnation', async () => {
    const lake = createMemoryObjectStore();
    await makeChain(lake, [0, 5]);
    await makeChain(lake, [0, 9, 20], { ...CHAIN, partition: 1_000 });
    await makeChain(lake, [0], { ...CHAIN, incarnation: 2, compression: 'zstd' });
    for (const number of [1, 2])
      await lake.putIfAbsent(replayKey(CHAIN, number), Buffer.of(), replayMetadata({ number, rows: 1, bytes: 0 }));
    expect(Object.fromEntries(await chainEnds(lake, PREFIX))).toEqual({
      'raw/plays/i0001/p000': 11,
      'raw/plays/i0001/p1000': 26,
      'raw/plays/i0002/p000': 6,
      'raw/plays/i0001/replays': 2,
    });
  });

  it('are found also beside objects that belong to no chain, in whatever folder', async () => {
    const lake = createMemoryObjectStore();
    await makeChain(lake, [0]);
    const version = await chainVersion(lake, PREFIX);
    for (const key of [
      'raw/AAA',
      'raw/README',
      'raw/plays/!',
      'raw/plays/i0001/!notes',
      'raw/plays/i0001/p000/!',
      'raw/plays/schema.json',
      'raw/~',
    ])
      await put(lake, key);
    expect(Object.fromEntries(await chainEnds(lake, PREFIX))).toEqual({ 'raw/plays/i0001/p000': 6 });
    expect(await chainVersion(lake, PREFIX)).toBe(version);
  });

  it('make a version that changes with each object, and is none where nothing is landed', async () => {
    const lake = createMemoryObjectStore();
    await put(lake, 'raw/README');
    expect(await chainVersion(lake, PREFIX)).toBe(undefined);
    const versions = new Set<string | undefined>();
    for (const first of [0, 7, 14]) {
      await makeChain(lake, [first]);
      versions.add(await chainVersion(lake, PREFIX));
    }
    expect(versions.size).toBe(3);
  });
});
