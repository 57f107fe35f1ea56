import { createHash } from 'node:crypto';
import type { ObjectInfo } from '../../../runtime/resource/object-store.ts';
import { checkMetadata } from '../object-metadata.ts';
import type { Connection } from './connection.ts';
import { Refusal } from './refusal.ts';
import { etagOf, headersOf, metadataHeaders, textOfBody } from './response.ts';
import { putObject, writing } from './write.ts';
import { textOf } from './xml.ts';

/** Of a part; all but the last must have the same size. S3 takes 10,000 of them: 156 GiB. */
const PART_BYTES = 16 << 20;

export interface ObjectInPieces {
  readonly key: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Part {
  /** Valid until the next part is asked for. */
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/** Puts pieces together to parts, one in memory at a time; one, maybe empty, where there are few bytes. */
async function* partsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Part, void> {
  const buffer = Buffer.allocUnsafeSlow(PART_BYTES);
  let filled = 0;
  for await (const piece of body) {
    for (let from = 0; from < piece.length;) {
      if (filled === PART_BYTES) {
        yield { bytes: buffer, isLast: false };
        filled = 0;
      }
      const taken = piece.subarray(from, from + PART_BYTES - filled);
      buffer.set(taken, filled);
      filled += taken.length;
      from += taken.length;
    }
  }
  yield { bytes: buffer.subarray(0, filled), isLast: true };
}

/** Creates or replaces the object: by one request where it is small, in parts otherwise, which become an object once all are there. */
export async function uploadObject(connection: Connection, { key, body, metadata }: ObjectInPieces): Promise<ObjectInfo> {
  checkMetadata(key, metadata);
  let upload: Upload | undefined;
  try {
    for await (const { bytes, isLast } of partsOf(body)) {
      if (upload === undefined && isLast) return await putObject(connection, { key, body: bytes, metadata });
      upload ??= await beginUpload(connection, key, metadata);
      await upload.add(bytes);
    }
    return await (upload as Upload).complete();
  } catch (error) {
    // Where the parts cannot be removed either, the lifecycle of the bucket does it.
    await Promise.allSettled([upload?.abandon()]);
    throw error;
  }
}

interface Upload {
  add(part: Buffer): Promise<void>;
  complete(): Promise<ObjectInfo>;
  abandon(): Promise<void>;
}

async function beginUpload(connection: Connection, key: string, metadata: Readonly<Record<string, string>>): Promise<Upload> {
  const operation = writing(key);
  const headers = metadataHeaders(checkMetadata(key, metadata));
  const started = await connection.ask({ request: { method: 'POST', key, query: 'uploads', headers }, operation, read: textOfBody });
  const uploadId = `uploadId=${encodeURIComponent(textOf(started, 'UploadId') ?? '')}`;
  const etags: string[] = [];
  let size = 0;
  return {
    async add(part) {
      const { etag } = await connection.ask({
        request: { method: 'PUT', key, query: `partNumber=${etags.length + 1}&${uploadId}`, body: part },
        operation,
        read: headersOf,
      });
      etags.push(etagOf(etag));
      size += part.length;
    },
    complete() {
      const parts = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>"${etag}"</ETag></Part>`);
      const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
      return connection.ask<ObjectInfo>({
        request: { method: 'POST', key, query: uploadId, body },
        operation,
        async read(response) {
          const text = await textOfBody(response);
          // It begins to answer before it knows whether it succeeds.
          if (text.includes('<Error>')) throw new Refusal(response, text);
          return { key, size, etag: etagOf(textOf(text, 'ETag')) };
        },
        lookAfter: async () => {
          const etag = await etagNow(connection, key);
          return etag === etagOfParts(etags) ? { key, size, etag } : undefined;
        },
      });
    },
    async abandon() {
      await connection.ask({ request: { method: 'DELETE', key, query: uploadId }, operation, read: headersOf });
    },
  };
}

/** What S3 makes of the etags of parts. */
function etagOfParts(etags: readonly string[]): string {
  return `${createHash('md5').update(etags.join(''), 'hex').digest('hex')}-${etags.length}`;
}

async function etagNow(connection: Connection, key: string): Promise<string | undefined> {
  try {
    return etagOf((await headersOf(await connection.attempt({ method: 'HEAD', key }))).etag);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined;
    throw error;
  }
}
