import { setTimeout } from 'node:timers/promises';
import type { Client } from 'pg';
import { isLost } from './connection-error.ts';
import type { Session } from './session.ts';

/** Milliseconds between two looks at a transaction whose end is not known yet. */
const POLL = 100;

const BEGIN = 'begin isolation level read committed';
/** 128 locks for all names, so that no transaction holds more of the server's. Taken in order: two transactions never wait for each other in a circle. */
const LOCK = `
  select txid_current() as id, (
    select count(pg_advisory_xact_lock(hashtext(current_schema()), bucket))
    from (select distinct hashtext(name) & 127 as bucket from unnest($1::text[]) as name order by bucket) as sorted
  )`;

/** Waits until no other transaction holds one of the names, and holds them until the end of this one, whose id it gives. What is read after it is what the others left. */
export async function lock(client: Client, names: Iterable<string>): Promise<string> {
  const { rows } = await client.query<{ id: string }>(LOCK, [[...names]]);
  return rows[0]?.id ?? '';
}

/**
 * Runs work as one transaction that holds the names from its beginning, and does so exactly once: where the connection is lost while it is committed,
 * the server is asked what became of it before it is done again.
 */
export function transaction<T>(session: Session, names: Iterable<string>, work: (client: Client) => Promise<T>): Promise<T> {
  let sent: { readonly id: string; readonly result: T } | undefined;
  return session.run(async (client) => {
    if (sent !== undefined && (await isCommitted(client, sent.id))) return sent.result;
    sent = undefined;
    await client.query(BEGIN);
    try {
      const id = await lock(client, names);
      const result = await work(client);
      sent = { id, result };
      await client.query('commit');
      return result;
    } catch (error) {
      if (!isLost(error)) {
        sent = undefined;
        await client.query('rollback').catch(() => {}); // a connection that cannot is lost: the server rolls back
      }
      throw error;
    }
  });
}

async function isCommitted(client: Client, id: string): Promise<boolean> {
  for (;;) {
    const { rows } = await client.query<{ status: string | null }>('select txid_status($1) as status', [id]);
    if (rows[0]?.status !== 'in progress') return rows[0]?.status === 'committed';
    await setTimeout(POLL); // the server has not noticed yet that nobody waits for it
  }
}
