import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { newBucketName, openStore, type StoreOptions } from './open.ts';
import { startProxy, type Exchange, type Fault } from './proxy.ts';
import { S3_SERVERS, startS3, type S3Server } from './server.ts';

const LARGE = new Uint8Array(Uint32Array.from({ length: 1 << 20 }, (_, i) => Math.imul(i, 2_654_435_761)).buffer);

/** The first so many requests that match. */
function first(
  count: number,
  fault: Fault,
  matches: (exchange: Exchange) => boolean = () => true,
): (exchange: Exchange) => Fault | undefined {
  let left = count;
  return (exchange) => (matches(exchange) && left-- > 0 ? fault : undefined);
}
const isPut = ({ method }: Exchange) => method === 'PUT';
const isGet = ({ method }: Exchange) => method === 'GET';

describe.each(S3_SERVERS)('%s behind a network that fails', (name) => {
  let server: S3Server;
  beforeAll(async () => (server = await startS3({ server: name })));
  afterAll(() => server.stop());

  /** A store that reaches the server through a proxy, and one that reaches it directly. */
  async function throughProxy(inject: (exchange: Exchange) => Fault | undefined, options: StoreOptions = {}) {
    const direct = await openStore(server);
    const proxy = await startProxy(server, inject);
    const store = await openStore(server, { bucket: direct.bucket.name, endpoint: proxy.endpoint, ...options });
    return { direct, proxy, store };
  }

  it.each([
    ['503 SlowDown', { kind: 'answer', status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' }],
    ['500 InternalError', { kind: 'answer', status: 500, code: 'InternalError' }],
    ['a proxy without an upstream', { kind: 'answer', status: 502, message: '<html>Bad Gateway</html>' }],
    ['409 ConditionalRequestConflict', { kind: 'answer', status: 409, code: 'ConditionalRequestConflict' }],
    ['a cut connection', { kind: 'cut-before' }],
  ] as const)('tries again after %s', async (_, fault) => {
    const { direct, proxy, store } = await throughProxy(first(3, fault));
    expect(await store.putIfAbsent('a', Buffer.from('x'), { n: '1' })).toBe('created');
    expect(await direct.head('a')).toMatchObject({ size: 1, metadata: { n: '1' } });
    expect(proxy.seen.filter(isPut).length).toBeGreaterThan(1);
  });

  it('tries again for as long as it is patient, then says that the server is busy', async () => {
    const busy: Fault = { kind: 'answer', status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' };
    const { proxy, store } = await throughProxy(() => busy, { patience: 700 });
    const start = performance.now();
    await expect(store.get('a')).rejects.toMatchObject({
      code: 'LAKE_UNREACHABLE',
      transient: true,
      message: expect.stringContaining("is busy or broken (reading object 'a'"),
    });
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(proxy.seen.length).toBeGreaterThan(2);
    expect(proxy.seen.length).toBeLessThan(12);
  });

  it('does not try again what will not change', async () => {
    const { proxy, store } = await throughProxy(() => ({ kind: 'answer', status: 400, code: 'InvalidArgument', message: 'No.' }));
    await expect(store.put('a', Buffer.from('x'), {})).rejects.toMatchObject({
      code: 'LAKE_REFUSED',
      transient: false,
      message: expect.stringContaining('400 InvalidArgument: No'),
    });
    expect(proxy.seen.length).toBe(1);
  });

  it.each([
    ['XMinioStorageFull', 507, 'Full.'],
    ['QuotaExceeded', 403, 'Full.'],
    ['XMinioAdminBucketQuotaExceeded', 400, 'Full.'],
    ['InsufficientStorage', 507, 'Full.'],
    ['InternalError', 500, 'We encountered an internal error: cause(no space left on device)'],
  ])('takes %s for a full store, and does not try again', async (code, status, message) => {
    const { proxy, store } = await throughProxy(({ method }) => (method === 'PUT' ? { kind: 'answer', status, code, message } : undefined));
    for (const write of [store.put, store.putIfAbsent])
      await expect(write('a', LARGE, {})).rejects.toMatchObject({
        code: 'LAKE_FULL',
        transient: false,
        message: expect.stringContaining(code),
      });
    expect(proxy.seen.filter(isPut).length).toBe(2);
  });

  it('stops waiting when it is told to', async () => {
    const abort = new AbortController();
    const { store } = await throughProxy(
      () => {
        abort.abort(new Error('interrupted'));
        return { kind: 'cut-before' };
      },
      { patience: 60_000, signal: abort.signal },
    );
    const start = performance.now();
    await expect(store.put('a', Buffer.from('x'), {})).rejects.toMatchObject({ message: 'interrupted' });
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('finds its own object where the answer to a creation was lost', async () => {
    const { direct, store } = await throughProxy(first(1, { kind: 'cut-after' }, isPut));
    expect(await store.putIfAbsent('a', LARGE, { n: '1' })).toBe('exists');
    expect(await direct.head('a')).toMatchObject({ size: LARGE.length, metadata: { n: '1' } });
  });

  it('finds what others created, or why it is refused, where each of its writes is cut', async () => {
    const { direct, proxy, store } = await throughProxy((exchange) => (isPut(exchange) ? { kind: 'cut-before' } : undefined));
    await direct.put('a', LARGE, { by: 'another' });
    expect(await store.putIfAbsent('a', LARGE, {})).toBe('exists');
    const refused = await openStore(server, { bucket: direct.bucket.name, endpoint: proxy.endpoint, secretKey: 'wrong-wrong-wrong' });
    for (const write of [refused.put, refused.putIfAbsent])
      await expect(write('a', LARGE, {})).rejects.toMatchObject({ code: 'LAKE_REFUSED', place: { field: 'SPINDLE_S3_SECRET_KEY' } });
  });

  it('writes once more where the answer to a write was lost', async () => {
    const { direct, store } = await throughProxy(first(2, { kind: 'cut-after' }, isPut));
    expect(await store.put('a', LARGE, { n: '1' })).toMatchObject({ size: LARGE.length });
    expect(await direct.head('a')).toMatchObject({ size: LARGE.length, metadata: { n: '1' } });
  });

  it('takes an upload in parts for done where the answer to its completion was lost', async () => {
    const completes = ({ method, url }: Exchange) => method === 'POST' && url.includes('uploadId');
    const { direct, store } = await throughProxy(first(1, { kind: 'cut-after' }, completes));
    async function* body() {
      for (let i = 0; i < 6; i++) yield LARGE;
    }
    expect(await store.put('a', body(), { n: '1' })).toMatchObject({ size: 6 * LARGE.length });
    expect(await direct.head('a')).toMatchObject({ size: 6 * LARGE.length, metadata: { n: '1' } });
  });

  it('leaves no parts behind where an upload fails', async () => {
    const full: Fault = { kind: 'answer', status: 507, code: 'XMinioStorageFull' };
    const { proxy, store } = await throughProxy(({ url }) => (url.includes('partNumber=2') ? full : undefined));
    async function* body() {
      for (let i = 0; i < 12; i++) yield LARGE;
    }
    await expect(store.put('a', body(), {})).rejects.toMatchObject({ code: 'LAKE_FULL' });
    expect(proxy.seen.at(-1)).toMatchObject({ method: 'DELETE', url: expect.stringContaining('uploadId=') });
    expect(await store.head('a')).toBe(undefined);
  });

  it('reads on where the connection broke, as often as it takes', async () => {
    const { direct, proxy, store } = await throughProxy((exchange) =>
      isGet(exchange) ? { kind: 'cut-within', bytes: 700_000 } : undefined,
    );
    await direct.put('a', LARGE, {});
    const read: Uint8Array[] = [];
    for await (const piece of store.read('a', { range: { from: 3 } })) read.push(new Uint8Array(piece));
    expect(Buffer.compare(Buffer.concat(read), LARGE.subarray(3))).toBe(0);
    expect(proxy.seen.length).toBeGreaterThanOrEqual(Math.ceil(LARGE.length / 700_000)); // a cut may take with it what is on the way
  });

  it('reads again what it reads at once', async () => {
    const { direct, store } = await throughProxy(first(2, { kind: 'cut-within', bytes: 1_000 }, isGet));
    await direct.put('a', LARGE, {});
    expect(Buffer.compare(await store.get('a'), LARGE)).toBe(0);
  });

  it('does not put two objects together where it reads on', async () => {
    const { direct, store } = await throughProxy(first(1, { kind: 'cut-within', bytes: 1_000_000 }, isGet));
    await direct.put('a', LARGE, {});
    const reading = (async () => {
      let replaced = false;
      for await (const piece of store.read('a')) {
        if (replaced || piece.length === 0) continue;
        await direct.put('a', new Uint8Array(LARGE.length), {});
        replaced = true;
      }
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'OBJECT_UNREADABLE',
      transient: true,
      message: expect.stringContaining("'a' was replaced"),
    });
  });

  it('gives up where the server takes a request and is silent', async () => {
    const { store } = await throughProxy(() => ({ kind: 'stall' }), { patience: 300, timeouts: { connect: 300, idle: 300 } });
    await expect(store.put('a', LARGE, {})).rejects.toMatchObject({ code: 'LAKE_UNREACHABLE', transient: true });
  });

  it('ends what is under way when it is closed', async () => {
    const { proxy, store } = await throughProxy(() => ({ kind: 'stall' }), { patience: 60_000 });
    const work = [store.put('a', LARGE, {}), store.get('a'), store.putIfAbsent('b', LARGE, {})].map((promise) => promise.catch(String));
    await expect.poll(() => proxy.seen.length).toBe(3);
    await store.close();
    expect(await Promise.all(work)).toEqual(work.map(() => 'Error: The lake was closed.'));
    await expect.poll(() => proxy.open()).toBe(0);
    expect(proxy.seen.length).toBe(3);
  });

  it('hears why it is refused, though the server does not read on', async () => {
    const { store } = await throughProxy(({ method }) =>
      method === 'PUT' ? { kind: 'refuse', status: 403, code: 'AccessDenied', message: 'You may only read.' } : undefined,
    );
    const body = new Uint8Array(32 << 20);
    for (const write of [store.put, store.putIfAbsent])
      await expect(write('a', body, {})).rejects.toMatchObject({
        code: 'LAKE_REFUSED',
        message: expect.stringContaining('You may only read'),
      });
  });

  it('waits for a slow reader longer than for a silent server', async () => {
    const { direct, proxy, store } = await throughProxy(() => undefined, { timeouts: { connect: 200, idle: 200 } });
    const body = new Uint8Array(64 << 20).fill(7);
    await direct.put('a', body, {});
    let size = 0;
    for await (const piece of store.read('a')) {
      if (size === 0) await sleep(700); // longer than the server may be silent
      size += piece.length;
    }
    expect(size).toBe(body.length);
    expect(proxy.seen.length).toBe(1);
  });
});

describe.each(S3_SERVERS)('%s that is killed', (name) => {
  it('in the middle of a write, and started again, has the object whole', async () => {
    const server = await startS3({ server: name });
    try {
      const bucket = newBucketName();
      const direct = await openStore(server, { bucket });
      await direct.bucket.create();
      const body = Buffer.concat(Array.from({ length: 24 }, () => LARGE));
      const store = await openStore(server, { bucket, patience: 20_000 });
      for (const key of ['a/1', 'a/2', 'a/3']) {
        let done = false;
        const written = store.putIfAbsent(key, body, { n: key }).finally(() => (done = true));
        await sleep(Math.random() * 60); // wherever the write is then
        await server.kill();
        expect(done).toBe(false);
        await server.restart();
        expect(['created', 'exists']).toContain(await written);
        expect(await store.head(key)).toMatchObject({ size: body.length, metadata: { n: key } });
        expect(Buffer.compare(await store.get(key), body)).toBe(0);
      }
    } finally {
      await server.stop();
    }
  });

  it('is unreachable until it is back', async () => {
    const server = await startS3({ server: name });
    try {
      const store = await openStore(server, { patience: 300 });
      await store.put('a', Buffer.from('x'), {});
      await server.kill();
      await expect(store.head('a')).rejects.toMatchObject({ code: 'LAKE_UNREACHABLE', transient: true });
      await server.restart();
      expect(await store.head('a')).toMatchObject({ size: 1 });
    } finally {
      await server.stop();
    }
  });
});
