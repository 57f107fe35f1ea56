import { setTimeout } from 'node:timers/promises';
import type { Client } from 'pg';
import { isSpindleError } from '../../../runtime/errors.ts';
import { storeError, unreachable } from './connection-error.ts';
import { loadPg } from './load-pg.ts';

/** Milliseconds for a connection to be made. */
const CONNECT_TIMEOUT = 5_000;

/**
 * What holds for the session. A host that is gone is noticed within about a minute and its locks are freed; so is a process that stands still in the
 * middle of a transaction. A session that is merely idle is never ended, whatever the server's own defaults. Settings that a server does not know are left out.
 */
const SETTINGS = {
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '60000',
  idle_in_transaction_session_timeout: '15000',
  idle_session_timeout: '0',
  statement_timeout: '0',
  lock_timeout: '0',
};
const SET = `select set_config(wanted.name, wanted.value, false)
  from unnest($1::text[], $2::text[]) as wanted (name, value) join pg_settings using (name)`;

export interface ConnectOptions {
  readonly url: string;
  readonly schema: string;
}

/** A connection that was made, and where to: host, port and database. */
export interface Connected {
  readonly client: Client;
  readonly place: string;
}

/** Where the words of the URL differ between programs, they mean what they mean to Postgres' own: `sslmode=require` encrypts without a look at the certificate. */
function asPostgresReadsIt(url: string): string {
  return /[?&]sslmode=/.test(url) && !url.includes('uselibpqcompat=') ? `${url}&uselibpqcompat=true` : url;
}

/** Connects and prepares the session; RUN_STORE_UNREACHABLE within seconds. */
export async function connect({ url, schema }: ConnectOptions): Promise<Connected> {
  const client = await createClient(url);
  const place = `at ${client.host}:${client.port}, database ${client.database}`;
  client.on('error', () => {}); // a query that goes on rejects with it; a session that is idle sees the end of the connection
  try {
    await client.connect();
  } catch (error) {
    throw unreachable(error, place);
  }
  try {
    const settings = { ...SETTINGS, search_path: client.escapeIdentifier(schema) };
    await client.query(SET, [Object.keys(settings), Object.values(settings)]);
  } catch (error) {
    await disconnect(client);
    throw storeError(error, place);
  }
  return { client, place };
}

async function createClient(url: string): Promise<Client> {
  const { Client } = await loadPg();
  try {
    return new Client({
      connectionString: asPostgresReadsIt(url),
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
      fallback_application_name: 'spindle',
    });
  } catch (error) {
    if (isSpindleError(error)) throw error;
    throw unreachable(error, 'of SPINDLE_POSTGRES_URL');
  }
}

/** Ends the connection; one that is gone, or does not answer, is left to the system. */
export async function disconnect(client: Client): Promise<void> {
  await Promise.race([client.end().catch(() => {}), setTimeout(CONNECT_TIMEOUT, undefined, { ref: false })]);
}
