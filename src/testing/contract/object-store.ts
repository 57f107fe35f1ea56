import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import { withOpened, type Opened, type TestFramework } from './test-framework.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array) => new TextDecoder().decode(body);

/** What every object store does, whatever is behind it. `open` gives an empty one. */
export function objectStoreContract(
  { describe, it, expect }: TestFramework,
  { open }: { readonly open: () => Promise<Opened<ObjectStore>> },
): void {
  const withStore = (test: (store: ObjectStore, opened: Opened<ObjectStore>) => Promise<void>) => () => withOpened(open, test);

  async function keysOf(store: ObjectStore, prefix: string, after?: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of store.list(prefix, after === undefined ? {} : { after })) keys.push(key);
    return keys;
  }

  describe('creating', () => {
    it(
      'keeps body and metadata',
      withStore(async (store) => {
        expect(await store.putIfAbsent('a/b.json', bytes('hello'), { last: '41', note: 'x y' })).toBe('created');
        expect(await store.head('a/b.json')).toMatchObject({ key: 'a/b.json', size: 5, metadata: { last: '41', note: 'x y' } });
        expect(text(await store.get('a/b.json'))).toBe('hello');
      }),
    );
    it(
      'says that the key exists and leaves the object alone',
      withStore(async (store) => {
        await store.putIfAbsent('a', bytes('first'), { by: '1' });
        expect(await store.putIfAbsent('a', bytes('second'), { by: '2' })).toBe('exists');
        expect(text(await store.get('a'))).toBe('first');
        expect(await store.head('a')).toMatchObject({ metadata: { by: '1' } });
      }),
    );
    it(
      'lets exactly one of many that race win, whose body and metadata are kept together',
      withStore(async (store) => {
        const racers = Array.from({ length: 12 }, (_, i) => String(i));
        const outcomes = await Promise.all(racers.map((i) => store.putIfAbsent('race/key', bytes(`body ${i}`), { racer: i })));
        expect(outcomes.filter((outcome) => outcome === 'created').length).toBe(1);
        const winner = String(outcomes.indexOf('created'));
        expect(text(await store.get('race/key'))).toBe(`body ${winner}`);
        expect(await store.head('race/key')).toMatchObject({ metadata: { racer: winner } });
      }),
    );
    it(
      'keeps an empty body',
      withStore(async (store) => {
        await store.putIfAbsent('empty', bytes(''), {});
        expect((await store.get('empty')).length).toBe(0);
        expect(await store.head('empty')).toMatchObject({ size: 0 });
      }),
    );
  });

  describe('replacing', () => {
    it(
      'changes body, metadata and etag',
      withStore(async (store) => {
        const first = await store.put('k', bytes('one'), { n: '1' });
        const second = await store.put('k', bytes('two!'), { n: '2' });
        expect(first.etag === second.etag).toBe(false);
        expect(await store.head('k')).toMatchObject({ size: 4, etag: second.etag, metadata: { n: '2' } });
        expect(text(await store.get('k'))).toBe('two!');
      }),
    );
    it(
      'by many at once ends with one of them, whole',
      withStore(async (store) => {
        await Promise.all(Array.from({ length: 8 }, (_, i) => store.put('k', bytes(`body ${i}`.repeat(i + 1)), { racer: String(i) })));
        const racer = Number((await store.head('k'))?.metadata['racer']);
        expect(text(await store.get('k'))).toBe(`body ${racer}`.repeat(racer + 1));
      }),
    );
    it(
      'with the same content keeps the etag, also that of a listing',
      withStore(async (store) => {
        const first = await store.put('k', bytes('same'), {});
        const second = await store.put('k', bytes('same'), {});
        expect(second.etag).toBe(first.etag);
        for await (const { etag, size } of store.list('')) expect({ etag, size }).toEqual({ etag: first.etag, size: 4 });
      }),
    );
  });

  describe('reading', () => {
    it(
      'gives half-open ranges, cut at the end of the object',
      withStore(async (store) => {
        await store.put('k', bytes('0123456789'), {});
        expect(text(await store.get('k', { from: 2, to: 5 }))).toBe('234');
        expect(text(await store.get('k', { from: 7 }))).toBe('789');
        expect(text(await store.get('k', { from: 8, to: 99 }))).toBe('89');
      }),
    );
    it(
      'what is not there is OBJECT_NOT_FOUND, and its head undefined',
      withStore(async (store) => {
        await expect(store.get('no/such')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
        expect(await store.head('no/such')).toBe(undefined);
      }),
    );
  });

  describe('listing', () => {
    const keys = ['a', 'b-1', 'b/1', 'b/1-x/2', 'b/10', 'b/2/x', 'b/2/y', 'b0', 'bc/z', 'c d', 'date=2024-01-01/h=01', 'zz'];
    it(
      'goes through keys in ascending byte order, in whatever order they were written',
      withStore(async (store) => {
        for (const key of keys.toReversed()) await store.putIfAbsent(key, bytes(key), {});
        expect(await keysOf(store, '')).toEqual(keys.toSorted());
        expect(await keysOf(store, 'b')).toEqual(['b-1', 'b/1', 'b/1-x/2', 'b/10', 'b/2/x', 'b/2/y', 'b0', 'bc/z']);
        expect(await keysOf(store, 'b/1')).toEqual(['b/1', 'b/1-x/2', 'b/10']);
        expect(await keysOf(store, 'b/2/')).toEqual(['b/2/x', 'b/2/y']);
        expect(await keysOf(store, 'none/')).toEqual([]);
      }),
    );
    it(
      'starts behind a key, whether or not it exists',
      withStore(async (store) => {
        for (const key of keys) await store.putIfAbsent(key, bytes(key), {});
        expect(await keysOf(store, 'b', 'b/1')).toEqual(['b/1-x/2', 'b/10', 'b/2/x', 'b/2/y', 'b0', 'bc/z']);
        expect(await keysOf(store, 'b', 'b/2/x')).toEqual(['b/2/y', 'b0', 'bc/z']);
        expect(await keysOf(store, 'b/', 'b/1z')).toEqual(['b/2/x', 'b/2/y']);
        expect(await keysOf(store, '', 'zzz')).toEqual([]);
      }),
    );
  });

  describe('listing a part', () => {
    it(
      'ends after as many objects as were asked for',
      withStore(async (store) => {
        for (const key of ['a', 'b', 'c/1', 'c/2']) await store.putIfAbsent(key, bytes(key), {});
        const limited = async (limit: number, after = '') => {
          const found: string[] = [];
          for await (const { key } of store.list('', { limit, after })) found.push(key);
          return found;
        };
        expect(await limited(3)).toEqual(['a', 'b', 'c/1']);
        expect(await limited(1, 'b')).toEqual(['c/1']);
        expect(await limited(9)).toEqual(['a', 'b', 'c/1', 'c/2']);
      }),
    );
  });

  describe('deleting', () => {
    it(
      'takes the object away, and the key can be created again',
      withStore(async (store) => {
        await store.put('d/k', bytes('old'), {});
        await store.delete('d/k');
        expect(await store.head('d/k')).toBe(undefined);
        expect(await keysOf(store, '')).toEqual([]);
        expect(await store.putIfAbsent('d/k', bytes('new'), {})).toBe('created');
        expect(text(await store.get('d/k'))).toBe('new');
      }),
    );
    it(
      'what is not there does nothing',
      withStore(async (store) => {
        await store.delete('d/none');
        expect(await keysOf(store, '')).toEqual([]);
      }),
    );
  });

  describe('keys', () => {
    for (const key of ['', '/a', 'a/', 'a//b', '../a', 'a/../b', './a', 'a\\b', 'a\nb', 'ä', 'x'.repeat(300)]) {
      it(
        `refuse ${JSON.stringify(key.slice(0, 20))}`,
        withStore(async (store) => {
          await expect(store.put(key, bytes('x'), {})).rejects.toMatchObject({ code: 'VALUE_INVALID' });
        }),
      );
    }
  });

  describe('a store that is opened again', () => {
    it(
      'holds its objects',
      withStore(async (store, opened) => {
        if (opened.reopen === undefined) return;
        await store.putIfAbsent('a/b', bytes('kept'), { n: '1' });
        const again = await opened.reopen();
        expect(text(await again.get('a/b'))).toBe('kept');
        expect(await again.putIfAbsent('a/b', bytes('other'), {})).toBe('exists');
      }),
    );
  });
}
