import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { noFaults, type FaultPoint } from '../../../src/runtime/resource/faults.ts';
import type { ObjectStore } from '../../../src/runtime/resource/object-store.ts';
import { objectStoreContract } from '../../../src/testing/contract/object-store.ts';
import { temporaryFolder } from '../temporary-folder.ts';

objectStoreContract(
  { describe, it, expect },
  {
    async open() {
      const directory = await temporaryFolder();
      const open = () => openFileSystemStore({ directory, faults: noFaults });
      return { value: await open(), reopen: open, close: async () => {} };
    },
  },
);

async function keysOf(store: ObjectStore, prefix = '', after = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, { after })) keys.push(key);
  return keys;
}

describe('the file system as object store', () => {
  it('keeps an object as a plain file at its key, which other programs can read', async () => {
    const directory = await temporaryFolder();
    const store = await openFileSystemStore({ directory, faults: noFaults });
    await store.putIfAbsent('lake/day=1/x.json', Buffer.from('{}'), {});
    expect(store.localPath?.('lake/day=1/x.json')).toBe(join(directory, 'lake/day=1/x.json'));
    expect(await readFile(join(directory, 'lake/day=1/x.json'), 'utf8')).toBe('{}');
    expect(await readdir(join(directory, '.tmp'))).toEqual([]);
  });

  it('lists any set of keys as the memory store does', async () => {
    const name = fc.stringMatching(/^[a-c/. =-]{1,8}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(name, { maxLength: 12 }), name, name, async (names, prefix, after) => {
        const files = await openFileSystemStore({ directory: await temporaryFolder(), faults: noFaults });
        const memory = createMemoryObjectStore();
        for (const key of names) {
          // what is no key, or both a file and a folder, is refused and belongs to neither
          const taken = await files.putIfAbsent(key, Buffer.from(key), {}).catch(() => 'refused');
          if (taken === 'created') await memory.putIfAbsent(key, Buffer.from(key), {});
        }
        expect(await keysOf(files, prefix, after)).toEqual(await keysOf(memory, prefix, after));
        expect(await keysOf(files)).toEqual(await keysOf(memory));
      }),
      { numRuns: 25 },
    );
  });

  it('refuses a key that would be a file and a folder at once, and those of its own files', async () => {
    const store = await openFileSystemStore({ directory: await temporaryFolder(), faults: noFaults });
    await store.put('a/b', Buffer.from('x'), {});
    for (const key of ['a', 'a/b/c', '.meta/a', '.tmp/x']) {
      await expect(store.putIfAbsent(key, Buffer.from('x'), {})).rejects.toMatchObject({
        code: 'VALUE_INVALID',
        message: expect.stringContaining(key),
      });
    }
    expect(await keysOf(store)).toEqual(['a/b']);
  });

  it('says STORE_CORRUPT, naming file and sidecar, where somebody removed or changed the file', async () => {
    const directory = await temporaryFolder();
    const store = await openFileSystemStore({ directory, faults: noFaults });
    await store.put('a/b', Buffer.from('hello'), {});
    const problem = {
      code: 'STORE_CORRUPT',
      message: expect.stringContaining(join(directory, 'a/b')),
      remedy: expect.stringContaining('.meta/a/b.json'),
    };
    await writeFile(join(directory, 'a/b'), 'hello and more');
    await expect(store.get('a/b')).rejects.toMatchObject(problem);
    await rm(join(directory, 'a/b'));
    await expect(store.get('a/b')).rejects.toMatchObject(problem);
  });

  it('says DISK_FULL where the disk is full and leaves nothing behind', async () => {
    const directory = await temporaryFolder();
    const faults = (point: FaultPoint) => {
      if (point === 'land.torn-put') throw Object.assign(new Error('write'), { code: 'ENOSPC' });
    };
    const store = await openFileSystemStore({ directory, faults });
    await expect(store.putIfAbsent('a/b', Buffer.from('hello'), {})).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining("'a/b'"),
    });
    await expect(store.put('a/b', Buffer.from('hello'), {})).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await store.head('a/b')).toBe(undefined);
    expect(await readdir(join(directory, '.tmp'))).toEqual([]);
  });

  it('lets two stores over one folder create, replace and delete one key at the same time, each change whole', async () => {
    const directory = await temporaryFolder();
    const stores = await Promise.all([1, 2].map(() => openFileSystemStore({ directory, faults: noFaults })));
    await Promise.all(
      stores.flatMap((store, s) =>
        Array.from({ length: 6 }, async (_, i) => {
          const body = Buffer.from(`${s}-${i}`.repeat(i + 1));
          if (i % 3 === 0) await store.putIfAbsent('k', body, {});
          else if (i % 3 === 1) await store.put('k', body, {});
          else await store.delete('k');
        }),
      ),
    );
    await stores[0]?.put('k', Buffer.from('last'), { n: '1' });
    expect(Buffer.from((await stores[1]?.get('k')) ?? []).toString()).toBe('last');
    expect((await readdir(join(directory, '.tmp'))).filter((name) => !name.includes('.lock+'))).toEqual([]);
  });
});
