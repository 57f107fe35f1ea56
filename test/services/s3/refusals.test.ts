import { createServer as createHttpServer } from 'node:http';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openMinioStore, type MinioStore } from '../../../src/drivers/object-store/minio.ts';
import { newBucketName, openStore, optionsFor, type StoreOptions } from './open.ts';
import { S3_SERVERS, startS3, type S3Server } from './server.ts';

const LARGE = new Uint8Array(16 << 20).fill(1);

/** Each thing that a store does, by itself. */
const OPERATIONS: Readonly<Record<string, (store: MinioStore) => Promise<unknown>>> = {
  writing: (store) => store.put('a/b', Buffer.from('x'), {}),
  'writing much': (store) => store.put('a/b', LARGE, {}),
  creating: (store) => store.putIfAbsent('a/b', LARGE, {}),
  'writing in pieces': (store) =>
    store.put(
      'a/b',
      (async function* () {
        for (let i = 0; i < 2; i++) yield LARGE;
      })(),
      {},
    ),
  head: (store) => store.head('a/b'),
  reading: (store) => store.get('a/b'),
  'reading in pieces': async (store) => {
    for await (const _ of store.read('a/b'));
  },
  'reading nothing': (store) => store.get('a/b', { from: 1, to: 1 }),
  listing: async (store) => {
    for await (const _ of store.list('a/'));
  },
  deleting: (store) => store.delete('a/b'),
};
const each = Object.entries(OPERATIONS);

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return error;
  }
}

describe.each(S3_SERVERS)('%s', (name) => {
  let server: S3Server;
  let bucket: string;
  beforeAll(async () => {
    server = await startS3({ server: name });
    bucket = newBucketName();
    const store = await openMinioStore(optionsFor(server, { bucket }));
    await store.bucket.create();
    await store.close();
  });
  afterAll(() => server.stop());
  afterEach(() => vi.useRealTimers());

  const openWrong = (options: StoreOptions) => openStore(server, { bucket, ...options });

  it.each(each)('says that there is no bucket, and how to make it: %s', async (_, operate) => {
    const error = await failure(operate(await openWrong({ bucket: 'no-such-bucket' })));
    expect(error).toMatchObject({
      code: 'BUCKET_MISSING',
      transient: false,
      message: expect.stringContaining(`There is no bucket "no-such-bucket" at ${server.endpoint}`),
      remedy: expect.stringContaining('spindle lake init'),
      place: { field: 'SPINDLE_S3_BUCKET' },
    });
  });

  it.each(each)('says that the access key is unknown: %s', async (_, operate) => {
    const error = await failure(operate(await openWrong({ accessKey: 'nobody0123456789' })));
    expect(error).toMatchObject({ code: 'LAKE_REFUSED', transient: false, place: { field: 'SPINDLE_S3_ACCESS_KEY' } });
    expect(inspect(error, { depth: 9 })).not.toContain('nobody0123456789');
  });

  it.each(each)('says that the secret key is wrong, and tells no secret: %s', async (_, operate) => {
    const error = await failure(operate(await openWrong({ secretKey: 'wrong-wrong-wrong' })));
    expect(error).toMatchObject({ code: 'LAKE_REFUSED', transient: false, place: { field: 'SPINDLE_S3_SECRET_KEY' } });
    for (const secret of ['wrong-wrong-wrong', server.accessKey, server.secretKey, 'AWS4-HMAC']) {
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    }
  });

  // The date that a request is signed with is this process's: the server's answer to a wrong one is its own.
  it.each(each)('says that the clocks differ, and by how much: %s', async (_, operate) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    const error = await failure(operate(await openWrong({})));
    expect(error).toMatchObject({
      code: 'CLOCK_SKEW',
      transient: false,
      message: expect.stringContaining('differ by 60 min'),
    });
  });

  it('names what was done, and to which object', async () => {
    const store = await openWrong({ secretKey: 'wrong-wrong-wrong' });
    expect(await failure(store.get('a/b'))).toMatchObject({
      message: expect.stringContaining(`reading object 'a/b' in the bucket "${bucket}"`),
    });
    expect(await failure(store.put('a/b', LARGE, {}))).toMatchObject({ message: expect.stringContaining("writing object 'a/b'") });
    expect(await failure(store.delete('a/b'))).toMatchObject({ message: expect.stringContaining("deleting object 'a/b'") });
  });
});

describe('a server with users', () => {
  let server: S3Server;
  beforeAll(async () => (server = await startS3({ server: 'versitygw' })));
  afterAll(() => server.stop());

  it.each(each)('says what this user may not do, and the right that it takes: %s', async (_, operate) => {
    const { bucket } = await openStore(server);
    const store = await openStore(server, { bucket: bucket.name, ...(await server.createUser()) });
    const error = await failure(operate(store));
    expect(error).toMatchObject({
      code: 'LAKE_REFUSED',
      transient: false,
      message: expect.stringMatching(/^This user may not do that \(.*AccessDenied/),
      remedy: expect.stringMatching(/s3:(Put|Get|List|Delete)/),
    });
  });

  it.each(each)('says that the region is another: %s', async (_, operate) => {
    const { bucket } = await openStore(server);
    const error = await failure(operate(await openStore(server, { bucket: bucket.name, region: 'eu-west-1' })));
    expect(error).toMatchObject({
      code: 'LAKE_REFUSED',
      message: expect.stringContaining('not in the region "eu-west-1"'),
      place: { field: 'SPINDLE_S3_REGION' },
    });
  });

  it('says that a path cannot be both an object and a folder', async () => {
    const store = await openStore(server);
    await store.put('a/b', Buffer.from('x'), {});
    for (const key of ['a', 'a/b/c']) {
      const clash = { code: 'VALUE_INVALID', message: expect.stringContaining(`object '${key}'`) };
      await expect(store.put(key, Buffer.from('x'), {})).rejects.toMatchObject(clash);
      await expect(store.putIfAbsent(key, Buffer.from('x'), {})).rejects.toMatchObject(clash);
    }
  });
});

describe('what is no object store', () => {
  async function listen(listening: Server): Promise<{ endpoint: string }> {
    listening.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    onTestFinished(() => void listening.close());
    return { endpoint: `http://127.0.0.1:${(listening.address() as AddressInfo).port}` };
  }
  const keys = { accessKey: 'someone', secretKey: 'something' };
  const storeAt = (endpoint: string, options: StoreOptions = {}) =>
    openStore({ endpoint, ...keys } as S3Server, { bucket: 'lake', patience: 500, timeouts: { connect: 300, idle: 300 }, ...options });

  it.each(each)('is unreachable where nothing listens, and stays so within seconds: %s', async (_, operate) => {
    const start = performance.now();
    const { endpoint } = await listen(createServer());
    const closed = `http://127.0.0.1:1`;
    expect(endpoint).not.toBe(closed);
    const error = await failure(operate(await storeAt(closed)));
    expect(error).toMatchObject({
      code: 'LAKE_UNREACHABLE',
      transient: true,
      message: expect.stringContaining(`The object store at ${closed} does not answer: connect ECONNREFUSED`),
      remedy: expect.stringContaining('SPINDLE_S3_ENDPOINT'),
    });
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('is unreachable where it takes the connection and says nothing', async () => {
    const { endpoint } = await listen(createServer());
    for (const operate of [OPERATIONS['head'], OPERATIONS['writing'], OPERATIONS['listing']]) {
      const error = await failure(operate?.(await storeAt(endpoint)) as Promise<unknown>);
      expect(error).toMatchObject({
        code: 'LAKE_UNREACHABLE',
        transient: true,
        message: expect.stringContaining('nothing was heard for 0.3 s'),
      });
    }
  });

  it('is unreachable where it takes the connection and does not begin to speak TLS', async () => {
    const { endpoint } = await listen(createServer());
    const error = await failure((await storeAt(endpoint.replace('http', 'https'), { timeouts: { connect: 300, idle: 60_000 } })).head('a'));
    expect(error).toMatchObject({
      code: 'LAKE_UNREACHABLE',
      transient: true,
      message: expect.stringContaining('no connection within 0.3 s'),
    });
  });

  it('is unreachable where its name means nothing', async () => {
    const error = await failure((await storeAt('http://no-such-host.invalid:9000')).head('a'));
    expect(error).toMatchObject({ code: 'LAKE_UNREACHABLE', transient: true, message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
  });

  it('is told from one where it is a web server', async () => {
    for (const status of [200, 404]) {
      const page = createHttpServer((_, response) => response.writeHead(status).end('<html><body>Welcome to the console</body></html>'));
      const { endpoint } = await listen(page);
      for (const title of ['listing', 'reading', 'head']) {
        if (status === 200 && title !== 'listing') continue;
        const error = await failure(OPERATIONS[title]?.(await storeAt(endpoint)) as Promise<unknown>);
        expect(error).toMatchObject({
          code: 'LAKE_UNREACHABLE',
          transient: false,
          message: expect.stringContaining('is no object store'),
          place: { field: 'SPINDLE_S3_ENDPOINT' },
        });
      }
    }
  });

  it('is told from one where it speaks another protocol', async () => {
    const { endpoint } = await listen(createServer((socket) => socket.end('+OK POP3 ready\r\n').on('error', () => {})));
    const error = await failure((await storeAt(endpoint)).get('a'));
    expect(error).toMatchObject({ code: 'LAKE_UNREACHABLE', transient: false, message: expect.stringContaining('is no object store') });
  });
});
