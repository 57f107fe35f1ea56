import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectStore } from 'spindle';
import { foldersOf } from '../../../src/drivers/warehouse/candidates.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { chainObjects } from '../../../src/runtime/landing/chain-objects.ts';
import { chainKey, linkMetadata, type ChainPartition } from '../../../src/runtime/landing/chain.ts';
import { describeChain } from '../../../src/runtime/landing/describe-chain.ts';
import { replayKey, replayMetadata } from '../../../src/runtime/landing/replay-object.ts';
import type { LoadedFolder } from '../../../src/runtime/resource/warehouse.ts';
import type { ListedObject } from '../../../src/runtime/store/objects-handle.ts';
import { collect } from '../../../src/runtime/store/rows.ts';
import { PREFIX, TOPIC } from './plays.ts';

const chainOf = (partition: number, incarnation = 1): ChainPartition => ({
  prefix: PREFIX,
  topic: TOPIC,
  incarnation,
  partition,
  compression: 'gzip',
});
const link = (last: number) => linkMetadata({ last, rows: 3, rejected: 0, rejectedFrom: 0, lastDigest: '' });

/** Objects of three records each, from the given one on. */
async function extend(lake: ObjectStore, chain: ChainPartition, objects: number, from = 0): Promise<void> {
  for (let n = from; n < from + objects; n++) await lake.putIfAbsent(chainKey(chain, n * 3), Buffer.of(), link(n * 3 + 2));
}
const addReplays = async (lake: ObjectStore, incarnation: ChainPartition, numbers: readonly number[]) => {
  for (const number of numbers)
    await lake.putIfAbsent(replayKey(incarnation, number), Buffer.of(), replayMetadata({ number, rows: 1, bytes: 0 }));
};
const listed = (lake: ObjectStore, loaded?: ReadonlyMap<string, LoadedFolder>) => collect(chainObjects(lake, PREFIX, loaded && { loaded }));
const ledgerOf = (objects: readonly ListedObject[]) =>
  foldersOf(
    objects.map(({ key, etag }) => ({ key, etag, generation: '', rows: 0 })),
    `${PREFIX}/`,
  );
const described = (lake: ObjectStore, objects: readonly ListedObject[]) => describeChain(lake, objects, new AbortController().signal);

/** A lake that counts what its listings cost. */
function counted(lake: ObjectStore) {
  const cost = { requests: 0, objects: 0 };
  async function* list(...args: Parameters<ObjectStore['list']>) {
    cost.requests++;
    for await (const object of lake.list(...args)) {
      cost.objects++;
      yield object;
    }
  }
  return { lake: { ...lake, list }, cost };
}

describe('listing the objects of chains', () => {
  it('gives behind what is loaded exactly what a listing of all gives more', async () => {
    const size = fc.integer({ min: 0, max: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 5 }), size, size, async (sizes, replays, more) => {
        const lake = createMemoryObjectStore();
        const folders = sizes.map((_, index) => chainOf(index % 3, 1 + Math.floor(index / 3)));
        for (const [index, [before]] of sizes.entries()) await extend(lake, folders[index]!, before);
        const numbers = Array.from({ length: replays + more }, (_, index) => index + 1);
        await addReplays(lake, chainOf(0), numbers.slice(0, replays));
        await lake.put(`${PREFIX}/${TOPIC}/a-note`, Buffer.of(), {});
        await lake.put(`${PREFIX}/${TOPIC}/i0001/p000/00000000000000000000.bak`, Buffer.of(), {});
        const loaded = await listed(lake);
        for (const [index, [before, after]] of sizes.entries()) await extend(lake, folders[index]!, after, before);
        await addReplays(lake, chainOf(0), numbers.slice(replays));

        const keys = new Set(loaded.map(({ key }) => key));
        const all = await listed(lake);
        const fresh = await listed(lake, ledgerOf(loaded));
        expect(fresh).toEqual(all.filter(({ key }) => !keys.has(key)));
        expect((await described(lake, fresh))?.map(({ key }) => key)).toEqual(fresh.map(({ key }) => key));
      }),
    );
  });

  it('costs two requests for a folder, and what is new, however much is loaded', async () => {
    const store = createMemoryObjectStore();
    for (const objects of [10, 3_000]) {
      for (const partition of [0, 1]) await extend(store, chainOf(partition), objects);
      const loaded = ledgerOf(await listed(store));
      await extend(store, chainOf(1), 2, objects);
      const { lake, cost } = counted(store);
      expect(await listed(lake, loaded)).toHaveLength(2);
      expect(cost).toEqual({ requests: 5, objects: 6 }); // the first one and the last that is loaded, of each
    }
  });

  it('names the object before each, across what is loaded', async () => {
    const lake = createMemoryObjectStore();
    await extend(lake, chainOf(0), 2);
    const loaded = await listed(lake);
    await extend(lake, chainOf(0), 2, 2);
    expect(loaded.map(({ follows }) => follows)).toEqual([undefined, chainKey(chainOf(0), 0)]);
    expect((await listed(lake, ledgerOf(loaded))).map(({ follows }) => follows)).toEqual([
      chainKey(chainOf(0), 3),
      chainKey(chainOf(0), 6),
    ]);
  });
});

describe('what is loaded and not in the lake any more', () => {
  const refused = (lake: ObjectStore, loaded: readonly ListedObject[]) =>
    listed(lake, ledgerOf(loaded)).then(
      () => undefined,
      (error: Error) => /^The object (\S+) is loaded, and the lake does not hold it any more/.exec(error.message)?.[1],
    );

  it('is named where other objects lie in its folder: some of a chain that began anew lie before it', async () => {
    const lake = createMemoryObjectStore();
    await extend(lake, chainOf(0), 3);
    const loaded = await listed(lake);
    for (const { key } of loaded) await lake.delete(key);
    expect(await refused(lake, loaded)).toBe(undefined); // there is nothing to load
    await extend(lake, chainOf(0), 1);
    expect(await refused(lake, loaded)).toBe(chainKey(chainOf(0), 6));
    await extend(lake, chainOf(0), 5);
    expect(await refused(lake, loaded)).toBe(undefined); // with the same bytes it is the same chain
  });

  it('is named where another object has its key', async () => {
    const lake = createMemoryObjectStore();
    await extend(lake, chainOf(0), 3);
    const loaded = await listed(lake);
    await lake.put(chainKey(chainOf(0), 6), Buffer.from('other'), link(8));
    expect(await refused(lake, loaded)).toBe(chainKey(chainOf(0), 6));
    await lake.put(chainKey(chainOf(0), 6), Buffer.of(), link(8));
    await lake.put(chainKey(chainOf(0), 3), Buffer.from('other'), link(5)); // not looked at
    expect(await refused(lake, loaded)).toBe(undefined);
  });
});

describe('an object that is missing in a chain', () => {
  const missing = async (lake: ObjectStore, loaded: readonly ListedObject[] = []) =>
    described(lake, await listed(lake, ledgerOf(loaded))).then(
      () => undefined,
      (error: Error) => /^The object (\S+) is missing/.exec(error.message)?.[1],
    );

  it('is named where it was the first one, or stood between two', async () => {
    const lake = createMemoryObjectStore();
    await extend(lake, chainOf(0), 4);
    expect(await missing(lake)).toBe(undefined);
    await lake.delete(chainKey(chainOf(0), 3));
    expect(await missing(lake)).toBe(chainKey(chainOf(0), 3));
    await lake.delete(chainKey(chainOf(0), 0));
    expect(await missing(lake)).toBe(chainKey(chainOf(0), 0));
  });

  it('is named where it stood behind the last one that is loaded', async () => {
    const lake = createMemoryObjectStore();
    await extend(lake, chainOf(0), 2);
    const loaded = await listed(lake);
    await extend(lake, chainOf(0), 2, 2);
    await lake.delete(chainKey(chainOf(0), 6));
    await expect(described(lake, await listed(lake, ledgerOf(loaded)))).rejects.toMatchObject({
      code: 'OBJECT_NOT_FOUND',
      message: `The object ${chainKey(chainOf(0), 6)} is missing: ${chainKey(chainOf(0), 9)} comes behind it.`,
    });
  });

  it('is named where it was a replay', async () => {
    const lake = createMemoryObjectStore();
    await extend(lake, chainOf(0), 1);
    await addReplays(lake, chainOf(0), [2]);
    expect(await missing(lake)).toBe(replayKey(chainOf(0), 1));
    await addReplays(lake, chainOf(0), [1]);
    expect(await missing(lake)).toBe(undefined);
  });

  it('is listed anew where it came to be while the folder was listed', async () => {
    const lake = createMemoryObjectStore();
    await extend(lake, chainOf(0), 3);
    const [first, , third] = await listed(lake);
    expect(await described(lake, [first!, { ...third!, follows: first!.key }])).toBe(undefined);
  });

  it('is none where somebody put an object of their own into the chain', async () => {
    const lake = createMemoryObjectStore();
    await extend(lake, chainOf(0), 2);
    await lake.put(chainKey(chainOf(0), 1), Buffer.of(), link(1));
    await expect(described(lake, await listed(lake))).rejects.toMatchObject({
      code: 'OBJECT_UNREADABLE',
      message: `The object ${chainKey(chainOf(0), 1)} does not belong to its chain, which goes on with ${chainKey(chainOf(0), 3)}.`,
    });
  });

  it('does not matter where it is loaded already and another one is behind it', async () => {
    const lake = createMemoryObjectStore();
    await extend(lake, chainOf(0), 3);
    const loaded = await listed(lake);
    await lake.delete(chainKey(chainOf(0), 0));
    await extend(lake, chainOf(0), 1, 3);
    expect(await missing(lake, loaded)).toBe(undefined);
  });
});
