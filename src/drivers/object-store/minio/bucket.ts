import { createHash } from 'node:crypto';
import { SpindleError } from '../../../runtime/errors.ts';
import type { Bucket, BucketState } from '../../../runtime/resource/object-store.ts';
import type { Connection } from './connection.ts';
import { findRules, withRules } from './lifecycle.ts';
import type { Refusal } from './refusal.ts';
import { headersOf, textOfBody } from './response.ts';
import { textOf } from './xml.ts';

const DEFAULT_REGION = 'us-east-1';
const VERSIONED =
  '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>';

/** The bucket of a store, whose objects lie in the folder (with its slash; empty for the whole bucket). */
export function openBucket(connection: Connection, folder: string): Bucket {
  const { bucket: name, endpoint, region } = connection.place;
  const md5 = (body: string) => createHash('md5').update(body).digest('base64');

  const read = <Other extends string>(query: string, right: string, recognize: (refusal: Refusal) => Other | undefined) =>
    connection.ask<string>({
      request: { method: 'GET', query },
      operation: { doing: `reading the ${query}`, right },
      read: textOfBody,
      recognize,
    });
  const write = (query: string, right: string, body: string) =>
    connection.ask<'set' | 'unsupported'>({
      request: { method: 'PUT', query, headers: { 'content-md5': md5(body) }, body: Buffer.from(body) },
      operation: { doing: `setting the ${query}`, right },
      async read(response) {
        await headersOf(response);
        return 'set';
      },
      recognize: (refusal) => (isUnsupported(refusal) ? 'unsupported' : undefined),
    });
  const readLifecycle = () =>
    read('lifecycle', 's3:GetLifecycleConfiguration', (refusal) => {
      if (refusal.code === 'NoSuchLifecycleConfiguration') return '';
      return isUnsupported(refusal) ? 'unsupported' : undefined;
    });

  return {
    name,
    endpoint,
    async state() {
      const versioning = await read('versioning', 's3:GetBucketVersioning', (refusal) => {
        if (refusal.code === 'NoSuchBucket') return 'missing';
        return isUnsupported(refusal) ? 'unsupported' : undefined;
      });
      if (versioning === 'missing') return { exists: false, versioning: 'off', lifecycle: 'none' };
      const lifecycle = await readLifecycle();
      return {
        exists: true,
        versioning: versioning === 'unsupported' ? versioning : textOf(versioning, 'Status') === 'Enabled' ? 'on' : 'off',
        lifecycle: lifecycle === 'unsupported' ? lifecycle : (findRules(lifecycle, folder) ?? 'none'),
      } satisfies BucketState;
    },
    async create() {
      const body = region === DEFAULT_REGION ? '' : locationOf(region);
      await connection.ask({
        request: { method: 'PUT', body: Buffer.from(body) },
        operation: { doing: 'making', right: 's3:CreateBucket' },
        read: headersOf,
        recognize(refusal) {
          if (refusal.code === 'BucketAlreadyOwnedByYou') return {};
          if (refusal.code !== 'BucketAlreadyExists') return undefined;
          throw new SpindleError('LAKE_REFUSED', `The bucket "${name}" at ${endpoint} belongs to somebody else.`, {
            field: 'SPINDLE_S3_BUCKET',
            remedy: 'Choose another name in SPINDLE_S3_BUCKET.',
            cause: refusal,
          });
        },
      });
    },
    enableVersioning: () => write('versioning', 's3:PutBucketVersioning', VERSIONED),
    async setLifecycle(rules) {
      const lifecycle = await readLifecycle();
      return lifecycle === 'unsupported'
        ? lifecycle
        : write('lifecycle', 's3:PutLifecycleConfiguration', withRules(lifecycle, folder, rules));
    },
  };
}

/** Whether the server knows no such thing at all. */
function isUnsupported({ status, code }: Refusal): boolean {
  return status === 501 || status === 405 || /NotImplemented|NotConfigured|MethodNotAllowed/.test(code);
}

function locationOf(region: string): string {
  return `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
}
