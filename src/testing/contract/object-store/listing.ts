import type { ObjectStore } from '../../../runtime/resource/object-store.ts';
import { withOpened, type Opened, type TestFramework } from '../test-framework.ts';
import { bytes, keysOf, text } from './objects.ts';

/** How objects are listed, and which keys they may have. */
export function listingContract(
  { describe, it, expect }: TestFramework,
  { open }: { readonly open: () => Promise<Opened<ObjectStore>> },
): void {
  const withStore = (test: (store: ObjectStore) => Promise<void>) => () => withOpened(open, test);

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

  describe('keys', () => {
    it(
      'are kept as they are written, whatever they hold',
      withStore(async (store) => {
        const keys = [
          '007',
          '0x10',
          '1e3',
          '1_000',
          'a+b',
          'a%20b',
          'a&amp;b',
          'a\'b"c',
          '<x>',
          '#h?q=1&r',
          '~t',
          '*(p)!',
          'a,b;c:d@e$f',
          '[z]{w}^v`u|p',
        ];
        keys.push('null', 'true', '-', `long/${'n'.repeat(250)}`, Array.from({ length: 5 }, () => 'm'.repeat(200)).join('/'));
        for (const key of keys) await store.putIfAbsent(key, bytes(key), { key: key.slice(0, 99) });
        expect(await keysOf(store, '')).toEqual(keys.toSorted());
        for (const key of keys) {
          expect(await keysOf(store, key)).toEqual([key]);
          expect(text(await store.get(key))).toBe(key);
          expect(await store.head(key)).toMatchObject({ key, metadata: { key: key.slice(0, 99) } });
        }
        for (const key of keys) await store.delete(key);
        expect(await keysOf(store, '')).toEqual([]);
      }),
    );
    for (const key of ['', '/a', 'a/', 'a//b', '../a', 'a/../b', './a', 'a\\b', 'a\nb', 'ä', 'x'.repeat(300)]) {
      it(
        `refuse ${JSON.stringify(key.slice(0, 20))}`,
        withStore(async (store) => {
          await expect(store.put(key, bytes('x'), {})).rejects.toMatchObject({ code: 'VALUE_INVALID' });
        }),
      );
    }
  });
}
