import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../../src/drivers/disk/lock.ts';
import { currentProcess, formatIdentity, hasEnded, parseIdentity } from '../../../src/drivers/disk/process-identity.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('acquireLock', () => {
  it('lets one at a time in, whoever waits', async () => {
    const directory = await temporaryFolder();
    let inside = 0;
    const turns = Array.from({ length: 5 }, async () => {
      const lock = await acquireLock(directory, 'x', 10_000);
      expect(lock.held).toBe(true);
      expect(++inside).toBe(1);
      await readdir(directory);
      inside -= 1;
      if (lock.held) await lock.release();
    });
    await Promise.all(turns);
    expect(await readdir(directory)).toEqual([]);
  });

  it('gives up when its patience ends, and says who holds the lock', async () => {
    const directory = await temporaryFolder();
    await acquireLock(directory, 'x', 0);
    expect(await acquireLock(directory, 'x', 30)).toMatchObject({ held: false, owner: { pid: process.pid } });
    expect(await acquireLock(directory, 'y', 0)).toMatchObject({ held: true });
  });

  it('steps back before a living rival and removes the files of dead ones', async () => {
    const directory = await temporaryFolder();
    const me = currentProcess();
    const dead = `x.lock+${formatIdentity({ ...me, pid: 999_999_999 })}`;
    const rival = `x.lock+${formatIdentity({ pid: 1, host: 'elsewhere', started: '0' })}`;
    await writeFile(join(directory, dead), '');
    await writeFile(join(directory, rival), '');
    expect(await acquireLock(directory, 'x', 0)).toMatchObject({ held: false, owner: { host: 'elsewhere' } });
    expect(await readdir(directory)).toContain(rival);
    expect((await readdir(directory)).filter((name) => name.includes(`+${process.pid}+`))).toEqual([]);
  });
});

describe('the identity of a process', () => {
  it('goes through a file name and back, whatever the host is called', () => {
    for (const host of ['plain', 'a.b-c', 'ä +/x']) {
      const identity = { pid: 42, host, started: '7' };
      const name = formatIdentity(identity);
      expect(name).not.toContain('/');
      expect(parseIdentity(`${name}+more.body`)).toEqual(identity);
    }
    expect(parseIdentity('something else')).toBe(undefined);
  });

  it('has not ended while the process runs, nor where it cannot be seen', () => {
    const me = currentProcess();
    expect(hasEnded(me)).toBe(false);
    expect(hasEnded({ ...me, pid: 999_999_999 })).toBe(true);
    expect(hasEnded({ ...me, pid: 999_999_999, host: 'elsewhere' })).toBe(false);
  });
});
