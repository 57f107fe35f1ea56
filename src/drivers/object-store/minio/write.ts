import type { ObjectInfo } from '../../../runtime/resource/object-store.ts';
import { checkMetadata } from '../object-metadata.ts';
import type { Connection } from './connection.ts';
import type { Operation } from './explain.ts';
import { isThere } from './is-there.ts';
import { headersOf, infoOf, metadataHeaders } from './response.ts';

export interface NewObject {
  /** With the prefix of the store. */
  readonly key: string;
  readonly body: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
}

export const writing = (key: string): Operation => ({ doing: 'writing', key, right: 's3:PutObject' });

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

/** Creates or replaces the object by one request. */
export function putObject(connection: Connection, { key, body, metadata }: NewObject): Promise<ObjectInfo> {
  const headers = metadataHeaders(checkMetadata(key, metadata));
  return connection.ask({
    request: { method: 'PUT', key, headers, body: bufferOf(body) },
    operation: writing(key),
    read: async (response) => infoOf(key, body.length, await headersOf(response)),
    async lookAfter() {
      await isThere(connection, key); // or else why the server refuses
      return undefined;
    },
  });
}

/**
 * Creates the object unless the key has one. An attempt whose answer was lost may have created it: then the next one finds it there, as if another
 * had been faster.
 */
export async function createObject(connection: Connection, { key, body, metadata }: NewObject): Promise<'created' | 'exists'> {
  const headers = { ...metadataHeaders(checkMetadata(key, metadata)), 'if-none-match': '*' };
  return connection.ask<'created' | 'exists'>({
    request: { method: 'PUT', key, headers, body: bufferOf(body) },
    operation: writing(key),
    async read(response) {
      await headersOf(response);
      return 'created';
    },
    recognize: (refusal) => (refusal.status === 412 ? 'exists' : undefined),
    lookAfter: async () => ((await isThere(connection, key)) ? 'exists' : undefined),
  });
}
