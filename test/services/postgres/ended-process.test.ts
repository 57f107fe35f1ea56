import { describe, expect, it } from 'vitest';
import { bundledChild } from '../../drivers/bundled-child.ts';
import { kill, startHolder } from './holder.ts';
import { openAt } from './open.ts';
import { postgresServer } from './server.ts';

const server = postgresServer();
const file = bundledChild(new URL('holding-child.ts', import.meta.url));
const claim = { name: 'a', part: '', whole: true, run: 'other' };

/** Resolves when the server has noticed that the sessions of the stores of a database have ended, but for so many. */
const sessions = (url: string, left: number) =>
  expect
    .poll(async () => {
      const sql = "select from pg_stat_activity where datname = current_database() and application_name = 'spindle'";
      return (await server.query(url, sql)).length;
    })
    .toBe(left);

describe('a process that was killed', () => {
  it('holds its claims until then, also where it stands still, and no longer', async () => {
    const url = await server.createDatabase();
    const holder = await startHolder(file, url, 'r1');
    expect(await holder.ask('claim a')).toBe('given');
    const store = await openAt(url);
    expect(await store.claim(claim)).toEqual({ ...claim, run: 'r1', process: holder.identity });
    holder.child.kill('SIGSTOP');
    expect(await store.claim(claim)).toMatchObject({ run: 'r1' });
    await kill(holder);
    await expect.poll(() => store.claim(claim)).toBe(undefined);
    await store.close();
  });

  it('leaves a run that the next opener ends as failed, once, at the time of its last event', async () => {
    const url = await server.createDatabase();
    const holder = await startHolder(file, url, 'r1');
    expect(await holder.ask('claim a')).toBe('given');
    const before = await openAt(url);
    expect(await before.runs()).toMatchObject([{ run: 'r1', status: 'running' }]);
    await before.close();
    await kill(holder);
    await sessions(url, 0);
    const stores = await Promise.all([openAt(url), openAt(url), openAt(url)]);
    for (const store of stores) {
      expect(await store.runs()).toMatchObject([{ run: 'r1', status: 'failed', finishedAt: '2024-01-01T00:00:05.000Z' }]);
      expect(await store.events({ types: ['run.finished'] })).toMatchObject([{ died: true, milliseconds: 5_000 }]);
    }
    expect(await server.query(url, 'select from spindle.claim')).toEqual([]);
    for (const store of stores) await store.close();
  });

  it('ends its own part of a run and no other', async () => {
    const url = await server.createDatabase();
    const dead = await startHolder(file, url, 'shared', 'dead');
    const alive = await startHolder(file, url, 'shared', 'alive');
    expect(await dead.ask('claim a')).toBe('given');
    expect(await alive.ask('claim b')).toBe('given');
    await kill(dead);
    await sessions(url, 1);
    const store = await openAt(url);
    expect(await store.runs()).toMatchObject([{ status: 'running', parts: { dead: { status: 'failed' }, alive: { status: 'running' } } }]);
    expect(await store.claim(claim)).toBe(undefined);
    expect(await store.claim({ ...claim, name: 'b' })).toMatchObject({ run: 'shared/alive' });
    expect(await alive.ask('claim a')).toBe('other');
    await store.close();
  });

  it('is told from one of another host by its lock alone', async () => {
    const url = await server.createDatabase();
    const elsewhere = '1+5+elsewhere.example';
    const store = await openAt(url);
    expect(await store.claim({ ...claim, run: 'r1', process: elsewhere })).toBe(undefined);
    const lock = `select pg_advisory_lock_shared(hashtextextended('spindle process ${elsewhere}', 0)), pg_sleep(600)`;
    const living = server.query(url, lock).catch(() => 'ended');
    const key = "select from pg_locks where locktype = 'advisory' and objsubid = 1 and mode = 'ShareLock' and granted";
    await expect.poll(async () => (await server.query(url, key)).length).toBe(2);
    expect(await store.claim(claim)).toMatchObject({ run: 'r1', process: elsewhere });
    await server.query(
      url,
      "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(600)' and pid <> pg_backend_pid()",
    );
    expect(await living).toBe('ended');
    await expect.poll(() => store.claim(claim)).toBe(undefined);
    await store.close();
  });
});
