import type { Connection } from './connection.ts';
import { Refusal } from './refusal.ts';
import { headersOf } from './response.ts';

/** Whether the key has an object, by one attempt; asked by a GET of one byte, since the answer to a HEAD does not say why it is refused. */
export async function isThere(connection: Connection, key: string): Promise<boolean> {
  try {
    await headersOf(await connection.attempt({ method: 'GET', key, headers: { range: 'bytes=0-0' } }));
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 416) return true; // it is empty
    if (error.code === 'NoSuchKey') return false;
    throw error;
  }
}
