import type { IncomingMessage } from 'node:http';
import { addAbortSignal } from 'node:stream';
import { SpindleError } from '../../../runtime/errors.ts';
import type { ByteRange, ObjectHead } from '../../../runtime/resource/object-store.ts';
import { objectNotFound } from '../object-key.ts';
import { abortable } from './abortable.ts';
import type { Ask, Connection } from './connection.ts';
import { explain, type Operation } from './explain.ts';
import { isThere } from './is-there.ts';
import { bytesOf, headersOf, headOf } from './response.ts';
import { isNetworkError } from './transient.ts';

/** Connections that break one after the other without a byte, after which reading is given up. */
const FRUITLESS = 5;

const reading = (key: string): Operation => ({ doing: 'reading', key, right: 's3:GetObject' });

/** Undefined where there is no object. */
export async function headObject(connection: Connection, key: string): Promise<ObjectHead | undefined> {
  return (
    (await connection.ask<ObjectHead | null>({
      request: { method: 'HEAD', key },
      operation: reading(key),
      read: async (response) => headOf(key, await headersOf(response)),
      // The answer has no body to tell a missing object from a missing bucket, or a wrong key from a wrong clock.
      recognize: async ({ status, code }) => ((code === '' || status === 404) && !(await isThere(connection, key)) ? null : undefined),
    })) ?? undefined
  );
}

function rangeHeader({ from, to }: ByteRange): Readonly<Record<string, string>> {
  return from === 0 && to === undefined ? {} : { range: `bytes=${from}-${to === undefined ? '' : to - 1}` };
}

export async function getObject(connection: Connection, key: string, range: ByteRange): Promise<Uint8Array> {
  if (isEmpty(range)) return nothing(connection, key);
  return connection.ask<Uint8Array>({
    request: { method: 'GET', key, headers: rangeHeader(range) },
    operation: reading(key),
    async read(response) {
      checkRange(response, key, range);
      return bytesOf(response);
    },
    recognize: ({ status }) => (status === 416 ? new Uint8Array() : undefined),
  });
}

const isEmpty = ({ from, to }: ByteRange): boolean => to !== undefined && to <= from;

/** An empty range cannot be asked for: only whether the object is there. */
async function nothing(connection: Connection, key: string): Promise<Uint8Array> {
  if ((await headObject(connection, key)) === undefined) throw objectNotFound(key);
  return new Uint8Array();
}

/** A server that knows no ranges would give other bytes than were asked for. */
function checkRange(response: IncomingMessage, key: string, { from }: ByteRange): void {
  if (from === 0 || response.headers['content-range']?.startsWith(`bytes ${from}-`)) return;
  response.destroy();
  throw new SpindleError('LAKE_REFUSED', `The object store does not give a part of object '${key}': it answers with another range.`, {
    remedy: 'Look whether a proxy before it takes the header Range away.',
  });
}

/**
 * The bytes as they come. Where the connection breaks it is read on from there, as long as the object is the same; as often as it takes while bytes
 * come.
 */
export async function* readObject(
  connection: Connection,
  key: string,
  { range, signal }: { readonly range: ByteRange; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  if (isEmpty(range)) await nothing(connection, key);
  let from = range.from;
  let etag: string | undefined;
  for (let fruitless = 0; !isEmpty({ ...range, from });) {
    const response = await abortable(connection.ask(opening(key, { ...range, from }, etag)), signal, (late) => late?.destroy());
    if (response === null) return;
    etag ??= response.headers.etag;
    try {
      if (signal !== undefined) addAbortSignal(signal, response);
      for await (const piece of response as AsyncIterable<Buffer>) {
        from += piece.length;
        fruitless = 0;
        yield piece;
      }
      return;
    } catch (error) {
      signal?.throwIfAborted();
      fruitless += 1;
      if (!isNetworkError(error) || fruitless >= FRUITLESS) throw explain(error, reading(key), connection.place);
    } finally {
      response.destroy();
    }
  }
}

/** Asks for the bytes, of the object with this etag only where one is given; null where the object ends before them. */
function opening(key: string, range: ByteRange, etag: string | undefined): Ask<IncomingMessage | null> {
  return {
    request: { method: 'GET', key, headers: { ...rangeHeader(range), ...(etag !== undefined && { 'if-match': etag }) } },
    operation: reading(key),
    async read(response) {
      checkRange(response, key, range);
      return response;
    },
    recognize({ status }) {
      if (status !== 412) return status === 416 ? null : undefined;
      throw new SpindleError('OBJECT_UNREADABLE', `object '${key}' was replaced while it was read`, {
        remedy: 'Run the same command again.',
        transient: true,
      });
    },
  };
}
