import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLines, type Line } from '../../../src/runtime/store/lines.ts';

/** Pieces that end at the given places. */
async function* cut(bytes: Uint8Array, places: readonly number[]): AsyncIterable<Uint8Array> {
  let start = 0;
  for (const end of [...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]) {
    // as a lake may give them: views of one buffer that is used again
    yield new Uint8Array(bytes.subarray(start, end));
    start = end;
  }
}

async function linesOf(bytes: Uint8Array, { at = [], longest = 1_000 }: { at?: readonly number[]; longest?: number } = {}) {
  const lines: (Omit<Line, 'bytes'> & { readonly text: string | undefined })[] = [];
  for await (const some of splitLines(cut(bytes, at), longest))
    for (const { number, size, bytes: line } of some) lines.push({ number, size, text: line && Buffer.from(line).toString('latin1') });
  return lines;
}

const textsOf = async (text: string) => (await linesOf(Buffer.from(text))).map((line) => line.text);

describe('the lines of a text in pieces', () => {
  it('are the same with the same numbers, wherever the pieces end, and whatever ends a line', async () => {
    const line = fc
      .uint8Array({ maxLength: 12 })
      .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 10 || byte === 13 ? 65 : byte))));
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          lines: fc.array(fc.record({ line, end: fc.constantFrom('\n', '\r\n') }), { maxLength: 12 }),
          last: line,
          mark: fc.boolean(),
          at: fc.array(fc.nat(), { maxLength: 12 }),
        }),
        async ({ lines, last, mark, at }) => {
          const bytes = Buffer.concat([
            ...(mark ? [Buffer.from('\ufeff')] : []),
            ...lines.flatMap((one) => [one.line, Buffer.from(one.end)]),
            last,
          ]);
          const wanted = [...lines.map((one) => one.line), ...(last.length > 0 || (mark && lines.length === 0) ? [last] : [])];
          expect(await linesOf(bytes, { at })).toEqual(
            wanted.map((one, index) => ({ number: index + 1, size: one.length, text: one.toString('latin1') })),
          );
        },
      ),
      { examples: [[{ lines: [{ line: Buffer.from('a'), end: '\r\n' }], last: Buffer.from('b'), mark: true, at: [1, 2, 4, 5] }]] },
    );
  });

  it('count also where they are empty', async () => {
    expect(await textsOf('a\n\n\r\nb')).toEqual(['a', '', '', 'b']);
    expect(await textsOf('')).toEqual([]);
    expect(await textsOf('\n')).toEqual(['']);
  });

  it('end at no other character', async () => {
    expect(await textsOf('a\rb\u2028c\u0085d')).toEqual([Buffer.from('a\rb\u2028c\u0085d').toString('latin1')]);
  });

  it('keep a mark that stands anywhere else', async () => {
    expect(await textsOf('a\n\ufeffb')).toEqual(['a', Buffer.from('\ufeffb').toString('latin1')]);
  });

  it('are told by their size alone where they are too long, without being held, and the next one is whole', async () => {
    const bytes = Buffer.from(`abc\n${'x'.repeat(11)}\r\n0123456789\r\n${'y'.repeat(500)}`);
    for (const at of [[], Array.from({ length: 50 }, (_, index) => index * 11)])
      expect(await linesOf(bytes, { at, longest: 10 })).toEqual([
        { number: 1, size: 3, text: 'abc' },
        { number: 2, size: 11, text: undefined },
        { number: 3, size: 10, text: '0123456789' },
        { number: 4, size: 500, text: undefined },
      ]);
  });
});
