import { appendFile, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEmbeddedBroker } from '../../../../src/drivers/broker/embedded.ts';
import { noFaults } from '../../../../src/runtime/resource/faults.ts';
import { prepareChild } from '../../crash/run-child.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const runChild = prepareChild();
const SEGMENT = 'topics/t/0/00000000000000000000.log';
const INDEX = 'topics/t/0/00000000000000000000.index.json';

async function keysIn(directory: string): Promise<(string | null)[]> {
  const broker = await openEmbeddedBroker({ directory, faults: noFaults });
  try {
    const keys: (string | null)[] = [];
    for await (const batch of broker.read('t', 0, { from: 0, to: Infinity })) keys.push(...batch.map(({ key }) => key));
    return keys;
  } finally {
    await broker.close();
  }
}

/** A topic of three appends of ten records, with the file's size after each. */
async function threeAppends(directory: string): Promise<{ sizes: number[]; keys: string[] }> {
  const broker = await openEmbeddedBroker({ directory, faults: noFaults });
  await broker.ensureTopic({ name: 't', partitions: 1 });
  const sizes: number[] = [];
  const keys = Array.from({ length: 30 }, (_, i) => `key-${i}`);
  for (const from of [0, 10, 20]) {
    await broker.produce(
      't',
      keys.slice(from, from + 10).map((key) => ({ partition: 0, key, value: Buffer.from(`value of ${key}`), headers: {}, timestamp: 1 })),
    );
    sizes.push((await stat(join(directory, SEGMENT))).size);
  }
  await broker.close();
  return { sizes, keys };
}

async function flip(path: string, position: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8((bytes[position] ?? 0) ^ 0xff, position);
  await writeFile(path, bytes);
}

describe('a broker whose process was killed', () => {
  const expected = { 'produce.before-append': 200, 'produce.torn-append': 200, 'produce.after-append': 300 };
  for (const [point, kept] of Object.entries(expected)) {
    it(`at ${point} keeps every acknowledged record and no torn append`, async () => {
      const directory = await temporaryFolder();
      const end = await runChild('produce', directory, { point, hit: 3 });
      expect(end).toMatchObject({ signal: 'SIGKILL', acknowledged: ['0', '1'] });
      const keys = await keysIn(directory);
      // half of the third append reached the file: whole records of it may be kept, as a prefix
      expect(keys.length).toBeGreaterThanOrEqual(kept);
      expect(keys).toEqual(Array.from({ length: keys.length }, (_, i) => `${Math.floor(i / 100)}-${i % 100}`));
      if (point !== 'produce.torn-append') expect(keys.length).toBe(kept);
      else expect(keys.length).toBeLessThan(300);
      expect((await runChild('produce', directory)).code).toBe(0);
      expect((await keysIn(directory)).length).toBe(keys.length + 500);
    });
  }
});

describe('opening a log', () => {
  it('truncates a tail that was cut at any byte to whole records', async () => {
    const directory = await temporaryFolder();
    const { sizes, keys } = await threeAppends(directory);
    const path = join(directory, SEGMENT);
    const whole = await readFile(path);
    const [, acknowledged = 0, size = 0] = sizes;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: acknowledged, max: size - 1 }), async (cut) => {
        await writeFile(path, whole);
        await truncate(path, cut);
        await rm(join(directory, INDEX), { force: true });
        const kept = await keysIn(directory);
        expect(kept.length).toBeGreaterThanOrEqual(20);
        expect(kept).toEqual(keys.slice(0, kept.length));
        expect((await stat(path)).size).toBeLessThanOrEqual(cut);
      }),
      { numRuns: 30 },
    );
  });

  it('truncates zeros and garbage behind the last record', async () => {
    const directory = await temporaryFolder();
    const { keys } = await threeAppends(directory);
    for (const tail of [Buffer.alloc(5_000), Buffer.from('SPL\x01 and then something else'), Buffer.alloc(100, 0xff)]) {
      await appendFile(join(directory, SEGMENT), tail);
      expect(await keysIn(directory)).toEqual(keys);
    }
  });

  it('truncates an append of which only a later part reached the disk', async () => {
    const directory = await temporaryFolder();
    const { sizes, keys } = await threeAppends(directory);
    await rm(join(directory, INDEX));
    await flip(join(directory, SEGMENT), (sizes[1] ?? 0) + 60);
    expect(await keysIn(directory)).toEqual(keys.slice(0, 20));
  });

  it('says STORE_CORRUPT, naming file and byte, where a record is damaged that was acknowledged before a later one was written', async () => {
    const directory = await temporaryFolder();
    const { sizes } = await threeAppends(directory);
    await rm(join(directory, INDEX));
    const path = join(directory, SEGMENT);
    const position = sizes[0] ?? 0;
    for (const at of [position, position + 5, position + 9, position + 50]) {
      await flip(path, at);
      await expect(keysIn(directory)).rejects.toMatchObject({
        code: 'STORE_CORRUPT',
        message: expect.stringMatching(`${path}.* byte ${position}`),
      });
      await flip(path, at);
    }
    expect((await keysIn(directory)).length).toBe(30);
  });

  it('leaves what it indexed before unread, and finds damage there when it reads it', async () => {
    const directory = await temporaryFolder();
    const { sizes } = await threeAppends(directory);
    await flip(join(directory, SEGMENT), (sizes[0] ?? 0) + 50);
    const broker = await openEmbeddedBroker({ directory, faults: noFaults });
    expect(await broker.offsets('t')).toEqual([{ partition: 0, start: 0, end: 30 }]);
    const reading = broker.read('t', 0, { from: 0, to: 30 })[Symbol.asyncIterator]().next();
    await expect(reading).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    await broker.close();
  });

  it('finds the end behind what was indexed when it was last closed', async () => {
    const directory = await temporaryFolder();
    const { keys } = await threeAppends(directory);
    const index = await readFile(join(directory, INDEX));
    const broker = await openEmbeddedBroker({ directory, faults: noFaults });
    await broker.produce('t', [{ partition: 0, key: 'late', value: null, headers: {}, timestamp: 1 }]);
    await broker.close();
    await writeFile(join(directory, INDEX), index);
    expect(await keysIn(directory)).toEqual([...keys, 'late']);
  });

  it('says STORE_CORRUPT where the file is shorter than what was acknowledged', async () => {
    const directory = await temporaryFolder();
    const { sizes } = await threeAppends(directory);
    const handle = await open(join(directory, SEGMENT), 'r+');
    await handle.truncate((sizes[2] ?? 0) - 1);
    await handle.close();
    await expect(keysIn(directory)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });
});
