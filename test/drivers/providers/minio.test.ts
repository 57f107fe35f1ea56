import { describe, expect, it } from 'vitest';
import { minio } from '../../../src/drivers/providers/minio.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { MinioSettings } from '../../../src/drivers/providers/minio.ts';

const GIVEN = {
  SPINDLE_S3_ENDPOINT: 'http://127.0.0.1:9000',
  SPINDLE_S3_BUCKET: 'lake',
  SPINDLE_S3_ACCESS_KEY: 'someone',
  SPINDLE_S3_SECRET_KEY: 'something',
};

const parse = (variables: Readonly<Record<string, string>>, settings?: MinioSettings) => minio(settings).variables?.safeParse(variables);

describe('the variables of minio()', () => {
  it('are the server, the bucket and the credentials; the rest has defaults', () => {
    expect(parse(GIVEN)?.data).toEqual({ ...GIVEN, SPINDLE_S3_REGION: 'us-east-1', SPINDLE_S3_PATH_STYLE: true });
    expect(parse({ ...GIVEN, SPINDLE_S3_PATH_STYLE: 'false' })?.data).toMatchObject({ SPINDLE_S3_PATH_STYLE: false });
    for (const name of Object.keys(GIVEN)) {
      const rest = Object.fromEntries(Object.entries(GIVEN).filter(([other]) => other !== name));
      expect(parse(rest)?.error?.issues).toMatchObject([{ path: [name] }]);
    }
  });

  it('need no bucket where the project names one, and may name another', () => {
    const { SPINDLE_S3_BUCKET: _, ...rest } = GIVEN;
    expect(parse(rest, { bucket: 'music' })?.data).toMatchObject({ SPINDLE_S3_BUCKET: 'music' });
    expect(parse(GIVEN, { bucket: 'music' })?.data).toMatchObject({ SPINDLE_S3_BUCKET: 'lake' });
  });

  it.each(['127.0.0.1:9000', 's3://lake', 'http://host/path', 'http://me:secret@host', 'http://host?x=1', ''])(
    'refuse the endpoint "%s"',
    (endpoint) => {
      expect(parse({ ...GIVEN, SPINDLE_S3_ENDPOINT: endpoint })?.success).toBe(false);
    },
  );

  it.each(['http://localhost:9000', 'https://s3.amazonaws.com', 'http://[::1]:9000', 'https://minio.example.com/'])(
    'take the endpoint "%s"',
    (endpoint) => {
      expect(parse({ ...GIVEN, SPINDLE_S3_ENDPOINT: endpoint })?.success).toBe(true);
    },
  );

  it.each(['No', 'ab', 'under_score', '-a-b', 'a..b', '10.0.0.1', 'x'.repeat(64)])('refuse the bucket "%s"', (bucket) => {
    expect(parse({ ...GIVEN, SPINDLE_S3_BUCKET: bucket })?.success).toBe(false);
  });
});

describe('minio()', () => {
  const context = {
    directory: '/none',
    root: '/none',
    signal: new AbortController().signal,
    faults: noFaults,
    notify: () => {},
    open: async () => {},
  };

  it('asks nothing of the server when it is opened', async () => {
    const provider = minio({ prefix: 'music' });
    const variables = { ...GIVEN, SPINDLE_S3_REGION: 'us-east-1', SPINDLE_S3_PATH_STYLE: true, SPINDLE_S3_ENDPOINT: 'http://127.0.0.1:1' };
    const store = await provider.open({ ...context, variables });
    expect(store.bucket).toMatchObject({ name: 'lake', endpoint: 'http://127.0.0.1:1' });
    await provider.close?.(store);
  });

  it('says which file it cannot read', async () => {
    const variables = { ...GIVEN, SPINDLE_S3_CA: '/no/such/file' };
    await expect(minio().open({ ...context, variables })).rejects.toMatchObject({
      code: 'VARIABLES_INVALID',
      message: expect.stringContaining('/no/such/file'),
      place: { field: 'SPINDLE_S3_CA' },
    });
  });
});
