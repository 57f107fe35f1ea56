import { createHash } from 'node:crypto';
import dns from 'node:dns';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readFile } from 'node:fs/promises';
import { connect } from '../../../src/drivers/object-store/minio/connection.ts';
import { headersOf } from '../../../src/drivers/object-store/minio/response.ts';
import type { ObjectStore } from '../../../src/runtime/resource/object-store.ts';
import { newBucketName, openStore, optionsFor } from './open.ts';
import { startProxy } from './proxy.ts';
import { S3_SERVERS, startS3, type S3Server } from './server.ts';

async function keysOf(
  store: ObjectStore,
  prefix: string,
  options: { readonly after?: string; readonly limit?: number } = {},
): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, options)) keys.push(key);
  return keys;
}

/** Runs the work for each, so many at a time. */
async function forEach<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** The most memory that this process holds beside its heap and in it while the work is done, beyond what it held before. */
async function memoryOf(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage();
  const held = () => {
    const { external, heapUsed } = process.memoryUsage();
    return external + heapUsed - before.external - before.heapUsed;
  };
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, held())), 5);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return most;
}

describe.each(S3_SERVERS)('objects on %s', (name) => {
  let server: S3Server;
  beforeAll(async () => (server = await startS3({ server: name })));
  afterAll(() => server.stop());

  it('are listed page by page, in order, from any key on', async () => {
    const store = await openStore(server);
    const keys = Array.from({ length: 2_345 }, (_, i) => `chain/p${i % 3}/${String(i).padStart(20, '0')}.ndjson.gz`);
    await forEach(keys, 16, (key) => store.putIfAbsent(key, Buffer.from('x'), {}));
    const sorted = keys.toSorted();
    const proxy = await startProxy(server, () => undefined);
    const counted = await openStore(server, { bucket: store.bucket.name, endpoint: proxy.endpoint });

    expect(await keysOf(counted, '')).toEqual(sorted);
    expect(proxy.seen.length).toBe(3);
    expect(await keysOf(store, 'chain/p1/')).toEqual(sorted.filter((key) => key.startsWith('chain/p1/')));
    for (const index of [0, 999, 1000, 1001, 2344])
      expect(await keysOf(store, '', { after: sorted[index] ?? '' })).toEqual(sorted.slice(index + 1));
    for (const limit of [1, 999, 1000, 1001, 2000, 5000]) expect(await keysOf(store, '', { limit })).toEqual(sorted.slice(0, limit));
    expect(await keysOf(counted, '', { limit: 7, after: sorted[1_100] ?? '' })).toEqual(sorted.slice(1_101, 1_108));
    expect(proxy.seen.at(-1)?.url).toContain('max-keys=7');

    for await (const _ of counted.list('')) break; // leaves the rest unasked for
    expect(proxy.seen.length).toBe(5);
  });

  it('are listed without what others put there under keys that no object store of Spindle can have', async () => {
    const options = optionsFor(server);
    const store = await openStore(server, { bucket: options.bucket });
    await store.bucket.create();
    const connection = await connect(options);
    for (const key of ['a/', 'a/b/', 'ä']) {
      const operation = { doing: 'writing', key, right: 'any' };
      await connection.ask({ request: { method: 'PUT', key, body: Buffer.alloc(0) }, operation, read: headersOf });
    }
    connection.close();
    await store.put('a/b/c', Buffer.from('x'), {});
    expect(await keysOf(store, '')).toEqual(['a/b/c']);
    expect(await keysOf(store, '', { limit: 1 })).toEqual(['a/b/c']);
  });

  it('stop being listed when that is told to end', async () => {
    const store = await openStore(server);
    await forEach(
      Array.from({ length: 1_100 }, (_, i) => `k${i}`),
      16,
      (key) => store.put(key, Buffer.from('x'), {}),
    );
    const abort = new AbortController();
    const listing = (async () => {
      for await (const { key } of store.list('', { signal: abort.signal })) if (key !== '') abort.abort(new Error('enough'));
    })();
    await expect(listing).rejects.toMatchObject({ message: 'enough' });
  });

  it('are created once, whoever races from wherever', async () => {
    const { bucket } = await openStore(server);
    const first = await openStore(server, { bucket: bucket.name });
    const others = await Promise.all(Array.from({ length: 3 }, () => openStore(server, { bucket: bucket.name })));
    const stores = [first, ...others];
    for (let round = 0; round < 25; round++) {
      // of all sizes: a server may refuse before it has read the body
      const racers = Array.from({ length: 16 }, (_, i) => ({
        store: stores[i % stores.length] ?? first,
        body: Buffer.alloc(1 << ((i * 3) % 21), i),
      }));
      const key = `race/${round}`;
      const outcomes = await Promise.all(racers.map(({ store, body }, i) => store.putIfAbsent(key, body, { racer: String(i) })));
      expect(outcomes.filter((outcome) => outcome === 'created').length).toBe(1);
      const winner = outcomes.indexOf('created');
      const head = await first.head(key);
      expect(head).toMatchObject({ size: racers[winner]?.body.length, metadata: { racer: String(winner) } });
      expect(Buffer.compare(await first.get(key), racers[winner]?.body ?? new Uint8Array())).toBe(0);
    }
  });

  it('that exist are recognized also where the server cuts the connection before it has read the body', async () => {
    const store = await openStore(server);
    const large = new Uint8Array(32 << 20).fill(1);
    expect(await store.putIfAbsent('a', large, { n: '1' })).toBe('created');
    for (let i = 0; i < 8; i++) expect(await store.putIfAbsent('a', large, { n: '2' })).toBe('exists');
    expect((await store.head('a'))?.metadata).toEqual({ n: '1' });
  });

  it('larger than memory go both ways in pieces', async () => {
    const store = await openStore(server);
    const piece = Buffer.alloc(1 << 20, 'spindle ');
    const pieces = 300;
    const [written, read] = [createHash('sha256'), createHash('sha256')];
    async function* body() {
      for (let i = 0; i < pieces; i++) {
        piece.writeUInt32BE(i);
        written.update(piece);
        yield piece;
      }
    }
    expect(
      await memoryOf(async () => {
        expect(await store.put('large', body(), { n: '1' })).toMatchObject({ size: pieces << 20 });
      }),
    ).toBeLessThan(100 << 20);
    expect(
      await memoryOf(async () => {
        for await (const part of store.read('large')) read.update(part);
      }),
    ).toBeLessThan(100 << 20);
    expect(read.digest('hex')).toBe(written.digest('hex'));
    expect(await store.head('large')).toMatchObject({ size: pieces << 20, metadata: { n: '1' } });
  });

  it('that were deleted are gone where versions are kept, and can be written again', async () => {
    const store = await openStore(server);
    await store.bucket.enableVersioning();
    expect(await store.putIfAbsent('a', Buffer.from('one'), {})).toBe('created');
    expect(await store.putIfAbsent('a', Buffer.from('two'), {})).toBe('exists');
    await store.delete('a');
    expect(await store.head('a')).toBe(undefined);
    await expect(store.get('a')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    expect(await keysOf(store, '')).toEqual([]);
    // versitygw 1.8 takes the marker of a deletion for an object, so that only a write can bring the key back.
    expect(await store.putIfAbsent('a', Buffer.from('three'), {})).toBe(name === 'versitygw' ? 'exists' : 'created');
    await store.put('a', Buffer.from('four'), {});
    expect(await keysOf(store, '')).toEqual(['a']);
    expect(Buffer.from(await store.get('a')).toString()).toBe('four');
  });

  it('are reached by connections that are used again', async () => {
    const store = await openStore(server);
    const proxied = await startProxy(server, () => undefined);
    const counted = await openStore(server, { bucket: store.bucket.name, endpoint: proxied.endpoint });
    for (let i = 0; i < 20; i++) {
      await counted.put(`k${i}`, Buffer.from('x'), {});
      await counted.head(`k${i}`);
      await counted.get(`k${i}`);
      await counted.head('none');
    }
    expect(proxied.connections()).toBe(1);
    await counted.close();
    await expect.poll(() => proxied.open()).toBe(0);
  });
});

describe.each(S3_SERVERS)('%s with TLS', (name) => {
  let server: S3Server;
  beforeAll(async () => (server = await startS3({ server: name, tls: true })));
  afterAll(() => server.stop());

  it('is trusted where its authority is', async () => {
    const authority = await readFile(server.certificate, 'utf8');
    const { bucket } = await openStore(server, { bucket: 'secret', authority });
    await bucket.create();
    const store = await openStore(server, { bucket: 'secret', authority });
    expect(await store.putIfAbsent('a', new Uint8Array(3 << 20).fill(7), { n: '1' })).toBe('created');
    expect(await store.putIfAbsent('a', new Uint8Array(3 << 20).fill(8), { n: '2' })).toBe('exists');
    expect((await store.get('a')).at(-1)).toBe(7);
    expect(await keysOf(store, '')).toEqual(['a']);
  });

  it('is not trusted otherwise', async () => {
    const store = await openStore(server, { bucket: newBucketName() });
    await expect(store.head('a')).rejects.toMatchObject({
      code: 'LAKE_UNREACHABLE',
      transient: false,
      message: expect.stringMatching(/self-signed certificate/),
      place: { field: 'SPINDLE_S3_CA' },
    });
  });

  it('says that it is another protocol where only one side speaks TLS', async () => {
    const plain = await openStore(server, { bucket: newBucketName(), endpoint: server.endpoint.replace('https', 'http') });
    await expect(plain.get('a')).rejects.toMatchObject({ code: 'LAKE_UNREACHABLE' });
    const without = await startS3({ server: name });
    try {
      const store = await openStore(without, { bucket: newBucketName(), endpoint: without.endpoint.replace('http', 'https') });
      await expect(store.get('a')).rejects.toMatchObject({
        code: 'LAKE_UNREACHABLE',
        transient: false,
        message: expect.stringContaining('No encrypted connection'),
      });
    } finally {
      await without.stop();
    }
  });
});

describe.each(S3_SERVERS)('%s with buckets as hosts', (name) => {
  afterEach(() => vi.restoreAllMocks());

  it('is reached by the name of the bucket', async () => {
    const lookup = dns.lookup;
    const asked = new Set<string>();
    // No name server here knows the names of the test.
    vi.spyOn(dns, 'lookup').mockImplementation(((host: string, ...rest: never[]) => {
      asked.add(host);
      return (lookup as (...args: unknown[]) => void)('127.0.0.1', ...rest);
    }) as never);
    const server = await startS3({ server: name, domain: 'spindle.test' });
    try {
      const store = await openStore(server, { bucket: 'lake', pathStyle: false });
      await store.bucket.create();
      expect(await store.putIfAbsent('a/b c', Buffer.from('x'), { n: '1' })).toBe('created');
      expect(await store.head('a/b c')).toMatchObject({ metadata: { n: '1' } });
      expect(await keysOf(store, 'a/')).toEqual(['a/b c']);
      expect(asked).toContain('lake.spindle.test');
      expect(asked).not.toContain('spindle.test');
    } finally {
      await server.stop();
    }
  });
});
