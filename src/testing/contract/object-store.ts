import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import { listingContract } from './object-store/listing.ts';
import { bytes, keysOf, text } from './object-store/objects.ts';
import { readingContract } from './object-store/reading.ts';
import { writingContract } from './object-store/writing.ts';
import { withOpened, type Opened, type TestFramework } from './test-framework.ts';

/** What every object store does, whatever is behind it. `open` gives an empty one. */
export function objectStoreContract(framework: TestFramework, opening: { readonly open: () => Promise<Opened<ObjectStore>> }): void {
  const { describe, it, expect } = framework;
  const { open } = opening;
  const withStore = (test: (store: ObjectStore, opened: Opened<ObjectStore>) => Promise<void>) => () => withOpened(open, test);

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

  readingContract(framework, opening);
  writingContract(framework, opening);
  listingContract(framework, opening);
}
