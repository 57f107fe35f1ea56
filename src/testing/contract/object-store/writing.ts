import type { ObjectStore } from '../../../runtime/resource/object-store.ts';
import { withOpened, type Opened, type TestFramework } from '../test-framework.ts';
import { bytes, keysOf, largeBody, text } from './objects.ts';

/** What is written beside the body, and bodies that come in pieces. */
export function writingContract(
  { describe, it, expect }: TestFramework,
  { open }: { readonly open: () => Promise<Opened<ObjectStore>> },
): void {
  const withStore = (test: (store: ObjectStore) => Promise<void>) => () => withOpened(open, test);

  const large = largeBody();

  describe('writing in pieces', () => {
    it(
      'keeps them as one object',
      withStore(async (store) => {
        async function* body() {
          for (let i = 0; i < 3; i++) yield large;
          yield bytes('end');
        }
        const { size, etag } = await store.put('k', body(), { n: '1' });
        expect(await store.head('k')).toMatchObject({ size: 3 * large.length + 3, etag, metadata: { n: '1' } });
        expect(size).toBe(3 * large.length + 3);
        expect(Buffer.compare(await store.get('k'), Buffer.concat([large, large, large, bytes('end')]))).toBe(0);
      }),
    );
    it(
      'keeps few or none as it does a whole body',
      withStore(async (store) => {
        async function* body(...parts: string[]) {
          for (const part of parts) yield bytes(part);
        }
        await store.put('few', body('a', '', 'b'), {});
        expect(text(await store.get('few'))).toBe('ab');
        await store.put('none', body(), {});
        expect(await store.head('none')).toMatchObject({ size: 0 });
      }),
    );
    it(
      'leaves the object as it was where the pieces end with an error',
      withStore(async (store) => {
        await store.put('k', bytes('before'), {});
        async function* body() {
          for (let i = 0; i < 3; i++) yield large;
          throw new Error('no more');
        }
        await expect(store.put('k', body(), {})).rejects.toMatchObject({ message: 'no more' });
        await expect(store.put('new', body(), {})).rejects.toMatchObject({ message: 'no more' });
        expect(text(await store.get('k'))).toBe('before');
        expect(await keysOf(store, '')).toEqual(['k']);
      }),
    );
  });

  describe('metadata', () => {
    it(
      'come back as they were, their names in lower case',
      withStore(async (store) => {
        const metadata = {
          'Spindle-Last': '41',
          'content-type': 'mine',
          'if-match': 'x',
          under_score: 'a  b',
          'dot.ted': '=?UTF-8?Q?=41?=',
          list: 'a, b; c="d" \\ %20 <&>',
          all: Array.from({ length: 94 }, (_, i) => String.fromCodePoint(0x21 + i)).join(''),
          empty: '',
        };
        const lower = Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
        await store.putIfAbsent('created', bytes('x'), metadata);
        await store.put('put', bytes('x'), metadata);
        for (const key of ['created', 'put']) expect((await store.head(key))?.metadata).toEqual(lower);
        await store.put('put', bytes('x'), {});
        expect((await store.head('put'))?.metadata).toEqual({});
      }),
    );
    const refused: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      'a name with a space': { 'a b': '1' },
      'an empty name': { '': '1' },
      'a name twice': { a: '1', A: '2' },
      'a value that is no ASCII': { a: 'ä' },
      'a line break': { a: '1\n2' },
      'spaces around a value': { a: ' 1' },
      'more than 2 KB': { a: 'x'.repeat(2048) },
    };
    for (const [title, metadata] of Object.entries(refused)) {
      it(
        `refuse ${title}`,
        withStore(async (store) => {
          await expect(store.put('k', bytes('x'), metadata)).rejects.toMatchObject({ code: 'VALUE_INVALID' });
          await expect(store.putIfAbsent('k', bytes('x'), metadata)).rejects.toMatchObject({ code: 'VALUE_INVALID' });
          expect(await store.head('k')).toBe(undefined);
        }),
      );
    }
  });
}
