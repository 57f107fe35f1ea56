import type { ObjectStore } from '../../../runtime/resource/object-store.ts';
import { withOpened, type Opened, type TestFramework } from '../test-framework.ts';
import { bytes, largeBody, readText, text } from './objects.ts';

/** How objects are read, whole, in part and in pieces. */
export function readingContract(
  { describe, it, expect }: TestFramework,
  { open }: { readonly open: () => Promise<Opened<ObjectStore>> },
): void {
  const withStore = (test: (store: ObjectStore) => Promise<void>) => () => withOpened(open, test);

  const large = largeBody();

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
      'gives nothing for an empty range, and for one behind the end',
      withStore(async (store) => {
        await store.put('k', bytes('0123456789'), {});
        for (const range of [{ from: 0, to: 0 }, { from: 3, to: 3 }, { from: 10 }, { from: 12, to: 20 }]) {
          expect((await store.get('k', range)).length).toBe(0);
          expect(await readText(store, 'k', range)).toBe('');
        }
      }),
    );
    it(
      'gives the same in pieces',
      withStore(async (store) => {
        await store.put('empty', bytes(''), {});
        expect(await readText(store, 'empty')).toBe('');
        await store.put('k', large, {});
        expect(await readText(store, 'k', { from: 5, to: 9 })).toBe(text(large.slice(5, 9)));
        let offset = 0;
        for await (const piece of store.read('k')) {
          expect(Buffer.compare(piece, large.slice(offset, offset + piece.length))).toBe(0);
          offset += piece.length;
        }
        expect(offset).toBe(large.length);
      }),
    );
    it(
      'in pieces may be left early, and ends when it is told to',
      withStore(async (store) => {
        await store.put('k', large, {});
        for (let i = 0; i < 40; i++)
          for await (const piece of store.read('k')) {
            expect(piece.length > 0).toBe(true);
            break;
          }
        const abort = new AbortController();
        const reason = new Error('enough');
        const reading = (async () => {
          for await (const piece of store.read('k', { signal: abort.signal })) if (piece.length > 0) abort.abort(reason);
        })();
        await expect(reading).rejects.toMatchObject({ message: 'enough' });
        expect((await store.get('k', { from: 0, to: 3 })).length).toBe(3);
      }),
    );
    it(
      'in pieces gives all of one write, though the object is replaced meanwhile',
      withStore(async (store) => {
        await store.put('k', large, {});
        const read: Uint8Array[] = [];
        for await (const piece of store.read('k')) {
          if (read.length === 0) await store.put('k', new Uint8Array(large.length), {});
          read.push(piece);
        }
        expect(Buffer.compare(Buffer.concat(read), large)).toBe(0);
      }),
    );
    it(
      'what is not there is OBJECT_NOT_FOUND, and its head undefined',
      withStore(async (store) => {
        for (const range of [{ from: 0 }, { from: 2, to: 2 }, { from: 2, to: 5 }]) {
          await expect(store.get('no/such', range)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
          await expect(readText(store, 'no/such', range)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
        }
        expect(await store.head('no/such')).toBe(undefined);
      }),
    );
  });
}
