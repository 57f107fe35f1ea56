import { SpindleError } from '../../../runtime/errors.ts';
import type { ObjectInfo } from '../../../runtime/resource/object-store.ts';
import { isObjectKey } from '../object-key.ts';
import { abortable } from './abortable.ts';
import type { Connection } from './connection.ts';
import { etagOf, textOfBody } from './response.ts';
import { elements, textOf } from './xml.ts';

/** What S3 gives of a listing at once, at most. */
const PAGE = 1000;

export interface Listing {
  readonly prefix: string;
  readonly after: string;
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/** Objects in ascending byte order of their keys, a page in memory at a time. */
export async function* listObjects(connection: Connection, { prefix, after, limit, signal }: Listing): AsyncGenerator<ObjectInfo> {
  let token: string | undefined;
  for (let left = limit; left > 0;) {
    const page = await abortable(listPage(connection, { prefix, after, token, size: Math.min(PAGE, left) }), signal);
    const objects = page.objects.filter(({ key }) => isObjectKey(key)); // others may put there what Spindle cannot name, such as `folder/`
    yield* objects;
    left -= objects.length;
    ({ token } = page);
    if (token === undefined) return;
  }
}

interface Page {
  readonly objects: readonly ObjectInfo[];
  /** Of the next one. */
  readonly token: string | undefined;
}

interface PageRequest {
  readonly prefix: string;
  readonly after: string;
  readonly token: string | undefined;
  readonly size: number;
}

function listPage(connection: Connection, { prefix, after, token, size }: PageRequest): Promise<Page> {
  const parameters = {
    'list-type': '2',
    'max-keys': String(size),
    prefix,
    ...(after !== '' && { 'start-after': after }),
    ...(token !== undefined && { 'continuation-token': token }),
  };
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${escapeQuery(value)}`);
  return connection.ask({
    request: { method: 'GET', query: query.join('&') },
    operation: { doing: 'listing the objects', right: 's3:ListBucket' },
    read: async (response) => parsePage(await textOfBody(response), connection),
  });
}

/** As the signature wants it. */
function escapeQuery(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function parsePage(xml: string, { place }: Connection): Page {
  if (!xml.includes('<ListBucketResult')) {
    throw new SpindleError(
      'LAKE_UNREACHABLE',
      `What answers at ${place.endpoint} is no object store: a listing of the bucket "${place.bucket}" is none.`,
      {
        field: 'SPINDLE_S3_ENDPOINT',
        remedy: 'Correct SPINDLE_S3_ENDPOINT: MinIO answers on another port than its console.',
      },
    );
  }
  const objects = elements(xml, 'Contents').map((content) => ({
    key: textOf(content, 'Key') ?? '',
    size: Number(textOf(content, 'Size')),
    etag: etagOf(textOf(content, 'ETag')),
  }));
  return { objects, token: textOf(xml, 'IsTruncated') === 'true' ? textOf(xml, 'NextContinuationToken') : undefined };
}
