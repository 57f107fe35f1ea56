import type { ByteRange, ObjectInfo, ObjectStore } from '../../runtime/resource/object-store.ts';
import { openBucket } from './minio/bucket.ts';
import { connect, type ConnectionOptions } from './minio/connection.ts';
import { listObjects } from './minio/list.ts';
import { getObject, headObject, readObject } from './minio/read.ts';
import { uploadObject } from './minio/upload.ts';
import { createObject, putObject } from './minio/write.ts';
import { headersOf } from './minio/response.ts';
import { checkObjectKey } from './object-key.ts';

export interface MinioStoreOptions extends ConnectionOptions {
  /** What every key begins with in the bucket, without the slash behind it; empty for the whole bucket. */
  readonly prefix: string;
}

export type MinioStore = ObjectStore & Required<Pick<ObjectStore, 'bucket'>> & { close(): Promise<void> };

/** Objects on an S3 server. Opening asks nothing of it: a bucket that is missing can be made. */
export async function openMinioStore({ prefix, ...options }: MinioStoreOptions): Promise<MinioStore> {
  const connection = await connect(options);
  const folder = prefix === '' ? '' : `${prefix}/`;

  /** The key in the bucket. */
  function locate(key: string): string {
    checkObjectKey(key);
    if (folder !== '') checkObjectKey(folder + key);
    return folder + key;
  }
  const own = <T extends ObjectInfo>(info: T): T => ({ ...info, key: info.key.slice(folder.length) });
  const everything: ByteRange = { from: 0 };

  return {
    putIfAbsent: async (key, body, metadata) => createObject(connection, { key: locate(key), body, metadata }),
    async put(key, body, metadata) {
      const object = { key: locate(key), metadata };
      return own(
        body instanceof Uint8Array ? await putObject(connection, { ...object, body }) : await uploadObject(connection, { ...object, body }),
      );
    },
    async head(key) {
      const head = await headObject(connection, locate(key));
      return head && own(head);
    },
    get: async (key, range = everything) => getObject(connection, locate(key), range),
    async *read(key, { range = everything, signal } = {}) {
      yield* readObject(connection, locate(key), { range, signal });
    },
    async *list(prefix, { after = '', limit = Infinity, signal } = {}) {
      const listing = { prefix: folder + prefix, after: after === '' ? '' : folder + after, limit, signal };
      for await (const info of listObjects(connection, listing)) yield own(info);
    },
    async delete(key) {
      await connection.ask({
        request: { method: 'DELETE', key: locate(key) },
        operation: { doing: 'deleting', key: locate(key), right: 's3:DeleteObject' },
        read: headersOf,
        recognize: ({ code }) => (code === 'NoSuchKey' ? {} : undefined),
      });
    },
    bucket: openBucket(connection, folder),
    async close() {
      connection.close();
    },
  };
}
