import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../../src/drivers/object-store/memory.ts';
import { fetchObjects } from '../../../../src/drivers/warehouse/duckdb/fetch-objects.ts';
import { openStaging } from '../../../../src/drivers/warehouse/staging.ts';
import type { ObjectStore } from '../../../../src/runtime/resource/object-store.ts';
import { loadOf } from '../../../../src/testing/contract/warehouse/fixture.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

async function lakeOf(count: number) {
  const lake = createMemoryObjectStore();
  const objects = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const { key, size, etag } = await lake.put(`k/${i}`, Buffer.from(`body ${i}`), {});
      return { key, size, etag, rows: 0, rejected: 0, rejectedFrom: size };
    }),
  );
  const folder = await temporaryFolder();
  return { lake, objects, folder, staging: await openStaging(folder) };
}

describe('fetching objects', () => {
  it('copies each to a file, in the order of the objects, and removes the copies when told to', async () => {
    const { lake, objects, folder, staging } = await lakeOf(30);
    const { paths, discard } = await fetchObjects(staging, loadOf(lake, objects), objects);
    expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(objects.map((_, i) => `body ${i}`));
    await discard();
    expect(await readdir(folder)).toEqual([]);
  });

  it('copies several at once, but not all', async () => {
    const { lake, objects, staging } = await lakeOf(30);
    let [reading, most] = [0, 0];
    let allAtOnce = () => {};
    const eight = new Promise<void>((resolve) => (allAtOnce = resolve));
    const counting: ObjectStore = {
      ...lake,
      async *read(key) {
        most = Math.max(most, ++reading);
        if (reading === 8) allAtOnce();
        await eight;
        yield* lake.read(key);
        reading--;
      },
    };
    await fetchObjects(staging, loadOf(counting, objects), objects);
    expect(most).toBe(8);
  });

  it('ends all where one fails, with its error, and leaves no file', async () => {
    const { lake, objects, folder, staging } = await lakeOf(30);
    const ended: string[] = [];
    const failing: ObjectStore = {
      ...lake,
      async *read(key, { signal } = {}) {
        if (key === 'k/5') throw new Error('lost');
        if (signal?.aborted === false) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended.push(key);
        yield* lake.read(key, signal === undefined ? {} : { signal });
      },
    };
    await expect(fetchObjects(staging, loadOf(failing, objects), objects)).rejects.toMatchObject({ message: 'lost' });
    expect(ended.length).toBe(7);
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends when the load is told to', async () => {
    const { lake, objects, folder, staging } = await lakeOf(30);
    const load = loadOf(lake, objects, { signal: AbortSignal.abort(new Error('interrupted')) });
    await expect(fetchObjects(staging, load, objects)).rejects.toMatchObject({ message: 'interrupted' });
    expect(await readdir(folder)).toEqual([]);
  });
});
