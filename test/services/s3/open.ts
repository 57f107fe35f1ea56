import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { openMinioStore, type MinioStore, type MinioStoreOptions } from '../../../src/drivers/object-store/minio.ts';
import type { S3Server } from './server.ts';

export type StoreOptions = Partial<MinioStoreOptions>;

export const newBucketName = (): string => `lake-${randomBytes(8).toString('hex')}`;

/** The driver's options for a bucket that does not exist yet. */
export function optionsFor({ endpoint, accessKey, secretKey }: S3Server, options: StoreOptions = {}): MinioStoreOptions {
  return {
    endpoint,
    accessKey,
    secretKey,
    bucket: newBucketName(),
    region: 'us-east-1',
    pathStyle: true,
    prefix: '',
    patience: 2_000,
    timeouts: { connect: 2_000, idle: 5_000 },
    signal: new AbortController().signal,
    ...options,
  };
}

/** A store on a server, closed when the test ends; its bucket is made unless one is named. */
export async function openStore(server: S3Server, options: StoreOptions = {}): Promise<MinioStore> {
  const store = await openMinioStore(optionsFor(server, options));
  onTestFinished(() => store.close());
  if (options.bucket === undefined) await store.bucket.create();
  return store;
}
