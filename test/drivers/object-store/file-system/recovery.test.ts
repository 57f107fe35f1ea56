import { readdirSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileSystemStore } from '../../../../src/drivers/object-store/file-system.ts';
import { noFaults } from '../../../../src/runtime/resource/faults.ts';
import type { ObjectStore } from '../../../../src/runtime/resource/object-store.ts';
import { prepareChild } from '../../crash/run-child.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const runChild = prepareChild();
const open = (directory: string) => openFileSystemStore({ directory, faults: noFaults });

/** A folder as a process leaves it that died after its sidecar got its name and before its body did. */
async function claimedOnly(owner: string): Promise<string> {
  const directory = await temporaryFolder();
  const store = await open(directory);
  await store.putIfAbsent('a/b', Buffer.from('hello'), { n: '1' });
  const sidecar = await readFile(join(directory, '.meta/a/b.json'), 'utf8');
  const { body } = JSON.parse(sidecar) as { body: string };
  const left = body.replace(/^\d+/, owner);
  await rename(join(directory, 'a/b'), join(directory, '.tmp', left));
  await writeFile(join(directory, '.meta/a/b.json'), sidecar.replace(body, left));
  await writeFile(join(directory, '.tmp', left.replace('.body', '.json')), sidecar.replace(body, left));
  return directory;
}

describe('an object store whose process was killed', () => {
  it('in the middle of a body has no such object, and the next opener removes what is left', async () => {
    const directory = await temporaryFolder();
    const end = await runChild('put', directory, { point: 'land.torn-put', hit: 3 });
    expect(end).toMatchObject({ signal: 'SIGKILL', acknowledged: ['0', '1'] });
    expect((await readdir(join(directory, '.tmp'))).length).toBe(1);
    const store = await open(directory);
    expect(await readdir(join(directory, '.tmp'))).toEqual([]);
    expect(await store.head('chain/2')).toBe(undefined);
    for (const n of [0, 1]) expect(Buffer.compare(await store.get(`chain/${n}`), Buffer.alloc(10_000, n))).toBe(0);
    expect((await runChild('put', directory)).code).toBe(0);
    expect(await store.head('chain/4')).toMatchObject({ size: 10_000, metadata: { n: '4' } });
  });

  it('between the sidecar and the body has the object, whoever looks first', async () => {
    const lookers: readonly ((store: ObjectStore) => Promise<unknown>)[] = [
      (store) => store.head('a/b'),
      (store) => store.get('a/b'),
      (store) => store.list('')[Symbol.asyncIterator]().next(),
      (store) => store.putIfAbsent('a/b', Buffer.from('other'), {}),
    ];
    for (const look of lookers) {
      const directory = await claimedOnly(String(process.pid));
      const store = await open(directory);
      await look(store);
      expect(await readFile(join(directory, 'a/b'), 'utf8')).toBe('hello');
      expect(Buffer.from(await store.get('a/b')).toString()).toBe('hello');
    }
  });

  it('between the sidecar and the body is finished by the next opener', async () => {
    const directory = await claimedOnly('999999999');
    await open(directory);
    expect(await readFile(join(directory, 'a/b'), 'utf8')).toBe('hello');
    expect(await readdir(join(directory, '.tmp'))).toEqual([]);
  });

  it('leaves the temporary files of living processes and of other hosts alone', async () => {
    const directory = await temporaryFolder();
    await open(directory);
    const files = ['1+0+elsewhere+x.body', await liveName(directory)];
    for (const file of files) await writeFile(join(directory, '.tmp', file), 'x');
    await open(directory);
    expect((await readdir(join(directory, '.tmp'))).toSorted()).toEqual(files.toSorted());
  });

  it('in the middle of a deletion has no such object, and the next opener finishes it', async () => {
    const directory = await temporaryFolder();
    const store = await open(directory);
    await store.put('a/b', Buffer.from('hello'), {});
    const tombstone = JSON.stringify({ key: 'a/b', deleted: true });
    await writeFile(join(directory, '.meta/a/b.json'), tombstone);
    await writeFile(join(directory, '.tmp', `999999999+1+${encodeURIComponent(hostname())}+x.json`), tombstone);
    expect(await store.head('a/b')).toBe(undefined);
    await open(directory);
    expect(await readdir(join(directory, 'a'))).toEqual([]);
    expect(await readdir(join(directory, '.tmp'))).toEqual([]);
    await writeFile(join(directory, '.meta/a/b.json'), tombstone);
    expect(await store.putIfAbsent('a/b', Buffer.from('again'), {})).toBe('created');
    expect(Buffer.from(await store.get('a/b')).toString()).toBe('again');
  });
});

/** The name of a body that this process stages. */
async function liveName(directory: string): Promise<string> {
  let name = '';
  const store = await openFileSystemStore({
    directory,
    faults: () => {
      name = readdirSync(join(directory, '.tmp')).find((file) => file.endsWith('.body')) ?? '';
    },
  });
  await store.put('probe', Buffer.from('xx'), {});
  await store.delete('probe');
  return name;
}
