import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect, disconnect } from '../../../src/drivers/run-store/postgres/connect.ts';
import { bundledChild } from '../../drivers/bundled-child.ts';
import { startHolder } from './holder.ts';
import { observed, openAt } from './open.ts';
import { postgresServer } from './server.ts';

const server = postgresServer();
const file = bundledChild(new URL('holding-child.ts', import.meta.url));
const claim = { name: 'a', part: '', whole: true, run: 'r1' };
const OTHERS = "datname = $1 and application_name = 'spindle'";
const databaseOf = (url: string) => new URL(url).pathname.slice(1);

/** Ends the sessions of the stores of a database; gives how many there were. */
const cut = async (url: string, condition = 'true') =>
  (
    await server.query(server.url(), `select pg_terminate_backend(pid) from pg_stat_activity where ${OTHERS} and ${condition}`, [
      databaseOf(url),
    ])
  ).length;

/** Resolves when a session of a store of the database waits for something of this kind. */
const waitsFor = (url: string, event: string) =>
  expect
    .poll(
      async () =>
        (await server.query(server.url(), `select from pg_stat_activity where ${OTHERS} and wait_event = $2`, [databaseOf(url), event]))
          .length,
    )
    .toBe(1);

async function session(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const setting = async (sql: string): Promise<void> => {
  await server.query(server.url(), sql);
  await server.query(server.url(), 'select pg_reload_conf()');
};

/** Has each commit wait for a standby that there is not, until it is forgotten: in the end at the latest, or no later test could commit. */
async function awaitStandby(url: string): Promise<{ forget(): Promise<void> }> {
  const probe = await session(url);
  await probe.query('create table probe ()');
  const { rows } = await probe.query<{ pid: number }>('select pg_backend_pid() as pid');
  let forgotten = false;
  const forget = async () => {
    forgotten = true;
    await setting('alter system reset synchronous_standby_names');
  };
  onTestFinished(forget);
  await setting("alter system set synchronous_standby_names = 'nobody'");
  // the server's checkpointer tells the sessions, when it comes to it: commits are made until one waits
  const commits = async () => {
    while (!forgotten) await probe.query('insert into probe default values');
  };
  commits().catch(() => {}); // the session is ended in the end
  const waiting = 'select from pg_stat_activity where pid = $1 and wait_event = $2';
  await expect.poll(async () => (await server.query(server.url(), waiting, [rows[0]?.pid, 'SyncRep'])).length).toBe(1);
  return { forget };
}

describe('a connection', () => {
  it('lets the server notice within about a minute that its host is gone', async () => {
    const { client } = await connect({ url: server.url(), schema: 'spindle' });
    const { rows } = await client.query<{ setting: string }>(
      "select setting from pg_settings where name ~ '^tcp_keepalives_(idle|interval|count)$' order by name",
    );
    const [count, idle, interval] = rows.map(({ setting }) => Number(setting));
    expect([count, idle, interval]).toEqual([3, 30, 10]);
    expect((await client.query('show tcp_user_timeout')).rows).toEqual([{ tcp_user_timeout: '60000' }]);
    await disconnect(client);
  });

  it('is encrypted as the sslmode of the URL says', async () => {
    const { certificate } = await server.useTls();
    const url = (query: string) => server.url({ query });
    const encrypted = "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'spindle'";
    for (const [query, ssl] of [
      ['?sslmode=disable', false],
      ['?sslmode=require', true],
      [`?sslmode=verify-full&sslrootcert=${certificate}`, true],
    ] as const) {
      const store = await openAt(url(query));
      expect(await server.query(server.url(), encrypted)).toEqual([{ ssl }]);
      await store.close();
    }
    const self = { code: 'RUN_STORE_UNREACHABLE', transient: false, message: expect.stringContaining('self-signed certificate') };
    await expect(openAt(url('?sslmode=verify-full'))).rejects.toMatchObject(self);
  });
});

describe('a transaction that the server ends because of a deadlock', () => {
  it('is done again', async () => {
    const url = await server.createDatabase();
    const store = await openAt(url);
    const other = await session(url);
    await other.query('begin; lock table spindle.run in exclusive mode');
    const appended = store.append([observed('a', 'v1')]);
    await waitsFor(url, 'relation');
    await other.query('lock table spindle.event in exclusive mode'); // given to it since the store gives way
    await other.query('commit');
    await appended;
    expect(await store.events({})).toEqual([observed('a', 'v1')]);
    const deadlocks = 'select deadlocks::int from pg_stat_database where datname = current_database()';
    await expect.poll(() => server.query(url, deadlocks)).toEqual([{ deadlocks: 1 }]);
    await store.close();
  });
});

describe('a connection that the server cuts', () => {
  it('is made anew, and the claims that nobody took stand as before', async () => {
    const url = await server.createDatabase();
    const holder = await startHolder(file, url, 'r1');
    expect(await holder.ask('claim a')).toBe('given');
    const store = await openAt(url);
    expect(await cut(url)).toBe(2);
    const held = "select from pg_locks where locktype = 'advisory' and objsubid = 1 and mode = 'ShareLock' and granted";
    await expect.poll(async () => (await server.query(url, held)).length).toBe(2); // without a call
    expect(await store.claim({ ...claim, run: 'r2' })).toMatchObject({ run: 'r1' });
    expect(await holder.ask('claim b')).toBe('given');
    await store.close();
  });

  it('while it writes, writes once', async () => {
    const url = await server.createDatabase();
    const store = await openAt(url);
    const other = await session(url);
    await other.query('begin; lock table spindle.event in exclusive mode');
    const appended = Promise.all([store.append([observed('a', 'v1')]), store.append([observed('b', 'v1')])]);
    await waitsFor(url, 'relation');
    expect(await cut(url)).toBe(1);
    await other.query('rollback');
    await appended;
    expect(await store.events({})).toEqual([observed('a', 'v1'), observed('b', 'v1')]);
    await store.close();
  });

  it('while it waits to hear that its events are committed, does not write them again', async () => {
    const url = await server.createDatabase();
    const store = await openAt(url);
    const standby = await awaitStandby(url);
    const appended = store.append([observed('a', 'v1')]);
    await waitsFor(url, 'SyncRep'); // committed already, but for the standby that there is not
    expect(await cut(url)).toBe(1);
    await standby.forget();
    await appended;
    expect(await store.events({})).toEqual([observed('a', 'v1')]);
    await store.close();
  });

  it('for so long that another process takes a claim, gives the run no further one until it has given that back', async () => {
    const url = await server.createDatabase();
    const holder = await startHolder(file, url, 'r1');
    for (const name of ['a', 'b']) expect(await holder.ask(`claim ${name}`)).toBe('given');
    const [backend] = await server.query<{ pid: number }>(server.url(), `select pid from pg_stat_activity where ${OTHERS}`, [
      databaseOf(url),
    ]);
    const store = await openAt(url);
    await server.query(server.url(), `alter database ${databaseOf(url)} with allow_connections false`);
    expect(await cut(url, `pid = ${backend?.pid}`)).toBe(1);
    await expect.poll(() => store.claim({ ...claim, run: 'r2' })).toBe(undefined);
    await server.query(server.url(), `alter database ${databaseOf(url)} with allow_connections true`);
    expect(await holder.ask('claim c')).toMatch(/^RUN_STORE_UNREACHABLE true .*run r1 lost its claim of a meanwhile$/);
    expect(await store.claim({ ...claim, name: 'c', run: 'r2' })).toBe(undefined);
    expect(await store.claim({ ...claim, name: 'b', run: 'r2' })).toMatchObject({ run: 'r1' });
    expect(await holder.ask('release a')).toBe('released');
    expect(await store.claim({ ...claim, run: 'r3' })).toMatchObject({ run: 'r2' });
    expect(await holder.ask('claim d')).toBe('given');
    await store.close();
  });

  it('is waited for while the server starts again', async () => {
    const url = await server.createDatabase();
    const store = await openAt(url);
    await store.claim(claim);
    await store.append([observed('a', 'v1')]);
    await server.stop();
    const appended = store.append([observed('b', 'v1')]);
    await server.start();
    await appended;
    expect((await store.events({})).length).toBe(2);
    expect(await store.claim({ ...claim, run: 'r2' })).toMatchObject({ run: 'r1' });
    await store.close();
  });
});
