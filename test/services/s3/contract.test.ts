import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMinioStore } from '../../../src/drivers/object-store/minio.ts';
import { objectStoreContract } from '../../../src/testing/contract/object-store.ts';
import { optionsFor } from './open.ts';
import { S3_SERVERS, startS3, type S3Server } from './server.ts';

describe.each(S3_SERVERS)('%s', (name) => {
  let server: S3Server;
  beforeAll(async () => (server = await startS3({ server: name })));
  afterAll(() => server.stop());

  describe.each([
    ['a bucket', ''],
    ['a folder of a bucket', 'deep/in it'],
  ])('%s', (_, prefix) => {
    objectStoreContract(
      { describe, it, expect },
      {
        async open() {
          const options = optionsFor(server, { prefix });
          const value = await openMinioStore(options);
          await value.bucket.create();
          return { value, reopen: () => openMinioStore(options), close: () => value.close() };
        },
      },
    );
  });
});
