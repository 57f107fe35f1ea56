import { describe, expect, it } from 'vitest';
import { openStore } from './open.ts';
import { S3_SERVERS, startS3 } from './server.ts';

const BODY = new Uint8Array(5 << 20).fill(1);

describe.each(S3_SERVERS)('%s on a disk that is full', (name) => {
  it('says so, keeps what it has, and takes more once there is room', async () => {
    const server = await startS3({ server: name, megabytes: 40 });
    try {
      const store = await openStore(server);
      const kept: string[] = [];
      const fill = async () => {
        for (let i = 0; i < 12; i++) {
          expect(await store.putIfAbsent(`a/${i}`, BODY, { n: String(i) })).toBe('created');
          kept.push(`a/${i}`);
        }
      };
      const start = performance.now();
      await expect(fill()).rejects.toMatchObject({
        code: 'LAKE_FULL',
        transient: false,
        message: expect.stringMatching(/^The object store at http:\S+ has no room left \(writing object 'a\/\d+' /),
        remedy: expect.stringContaining('Make room'),
      });
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(kept.length).toBeGreaterThan(2);

      const found: string[] = [];
      for await (const { key } of store.list('a/')) found.push(key);
      expect(found).toEqual(kept.toSorted());
      for (const key of kept) expect((await store.get(key)).length).toBe(BODY.length);

      server.grow(80);
      expect(await store.putIfAbsent('a/after', BODY, {})).toBe('created');
      for (const key of kept) expect((await store.head(key))?.size).toBe(BODY.length);
    } finally {
      await server.stop();
    }
  });

  it('says so of an upload in parts too, and leaves none of them', async () => {
    const server = await startS3({ server: name, megabytes: 60 });
    try {
      const store = await openStore(server);
      async function* body() {
        for (let i = 0; i < 20; i++) yield BODY;
      }
      await expect(store.put('a', body(), {})).rejects.toMatchObject({ code: 'LAKE_FULL' });
      expect(await store.head('a')).toBe(undefined);
      expect(await store.put('b', BODY, {})).toMatchObject({ size: BODY.length });
    } finally {
      await server.stop();
    }
  });
});
