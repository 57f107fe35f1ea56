import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../src/drivers/run-store/postgres/migrate.ts';
import { emptyState } from '../../../src/runtime/plan/record.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { observed, openAt } from './open.ts';
import { postgresServer } from './server.ts';

const server = postgresServer();
const VERSION = 'select version from spindle.schema_version order by version';

/** A connection on whose search path the schema of the store is, where that was made already. */
async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('set search_path to spindle');
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('a run store of an older version', () => {
  it('is brought to the new schema with all that it holds', async () => {
    const url = await server.createDatabase();
    const at = '2024-01-01T00:00:00.000Z';
    const title = { project: 'music', environment: 'local', selection: '*' };
    const log: readonly RunEvent[] = [
      { type: 'run.started', run: 'r', at, ...title, seed: 1, steps: 1 },
      observed('a', 'v1'),
      { type: 'run.finished', run: 'r', at, status: 'succeeded', milliseconds: 0 },
    ];
    const summary = { run: 'r', status: 'succeeded', ...title, startedAt: at, finishedAt: at, materialized: 0, skipped: 0, failed: 0 };
    await connected(url, async (client) => {
      await client.query(
        'create schema spindle; create table schema_version (version integer not null); insert into schema_version values (1)',
      );
      await client.query(MIGRATIONS[0]);
      for (const event of log) {
        const values = [event.run, event.type, 'asset' in event ? event.asset : null, event.at, JSON.stringify(event)];
        await client.query('insert into event (run, type, asset, at, json) values ($1, $2, $3, $4, $5)', values);
      }
      await client.query("insert into run values ('r', 1, 'succeeded', $1, '{}', $2)", [at, JSON.stringify(summary)]);
      await client.query("insert into state values ('observed', 'a', '', '', $1)", [JSON.stringify(log[1])]);
    });
    const store = await openAt(url);
    expect(await store.events({})).toEqual(log);
    expect(await store.runs()).toEqual([summary]);
    expect(await store.state()).toEqual({ ...emptyState, observed: [log[1]] });
    await store.append([observed('a', 'v2'), { type: 'partitions.added', run: 'r', at, name: 'user', keys: ['abe'] }]);
    expect(await store.claim({ name: 'a', part: '', whole: true, run: 'r' })).toBe(undefined);
    expect(await store.state()).toEqual({ ...emptyState, observed: [observed('a', 'v2')], dynamicKeys: { user: ['abe'] } });
    await store.close();
    expect(await server.query(url, VERSION)).toEqual(MIGRATIONS.map((_, i) => ({ version: i + 1 })));
  });

  it('is brought there once, however many open it at once', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 10 }, () => openAt(url)));
    expect(await server.query(url, VERSION)).toEqual(MIGRATIONS.map((_, i) => ({ version: i + 1 })));
    await Promise.all(stores.map((store) => store.close()));
  });

  it('is waited for by who opens it while another process brings it there', async () => {
    const url = await server.createDatabase();
    const opening = await connected(url, async (client) => {
      await client.query("begin; select pg_advisory_xact_lock(hashtextextended('spindle schema spindle', 0))");
      await client.query('create schema spindle; create table schema_version (version integer not null)');
      const opened = openAt(url);
      const waiting = "select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'";
      await expect.poll(async () => (await server.query(url, waiting)).length).toBe(1);
      for (const [i, sql] of MIGRATIONS.entries()) await client.query(`${sql}; insert into schema_version values (${i + 1})`);
      await client.query('commit');
      return { opened };
    });
    const store = await opening.opened;
    expect(await store.runs()).toEqual([]);
    await store.close();
  });
});

describe('a run store of a newer version', () => {
  it('is refused, and left as it is', async () => {
    const url = await server.createDatabase();
    await (await openAt(url)).close();
    await server.query(url, 'insert into spindle.schema_version values (99)');
    await expect(openAt(url)).rejects.toMatchObject({ code: 'RUN_STORE_VERSION', message: expect.stringContaining('version 99') });
    expect(
      await server.query(url, "select from pg_stat_activity where application_name = 'spindle' and datname = current_database()"),
    ).toEqual([]);
  });
});

describe('a user without rights', () => {
  it('may use a schema that was made for it, and is told where there is none', async () => {
    const url = await server.createDatabase();
    await server.query(url, "create role guest login password 'guest-word'");
    const guest = url.replace(/\/\/.*@/, '//guest:guest-word@');
    await expect(openAt(guest)).rejects.toMatchObject({
      code: 'RUN_STORE_UNREACHABLE',
      transient: false,
      message: expect.stringContaining('permission denied'),
    });
    await server.query(url, 'create schema spindle authorization guest');
    const store = await openAt(guest);
    await store.append([observed('a', 'v1')]);
    await store.close();
  });
});
