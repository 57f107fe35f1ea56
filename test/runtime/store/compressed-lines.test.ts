import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompressedLines } from '../../../src/runtime/store/compressed-lines.ts';

const linesIn = (body: Uint8Array): string[] => gunzipSync(body).toString().split('\n').slice(0, -1);

/** Text that hardly compresses. */
const noise = (characters: number, seed = 1): string => {
  let state = seed;
  let text = '';
  while (text.length < characters) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    text += state.toString(36);
  }
  return text.slice(0, characters);
};

describe('compressed lines', () => {
  it('hold nothing, or a few lines, without a stream', async () => {
    const none = new CompressedLines('gzip');
    expect([none.lines, none.bytes, none.held]).toEqual([0, 0, 0]);
    expect(linesIn(await none.finish())).toEqual([]);
    const few = new CompressedLines('gzip');
    for (const line of ['a', '', 'ü€😀']) few.add(line);
    expect([few.lines, few.bytes]).toEqual([3, 2 + 1 + 10]);
    expect(linesIn(await few.finish())).toEqual(['a', '', 'ü€😀']);
  });

  it('give back every line in its order, whatever their lengths, and whether one waits between them or not', async () => {
    const length = fc.oneof(
      { weight: 5, arbitrary: fc.nat(400) },
      fc.integer({ min: 80_000, max: 100_000 }),
      fc.integer({ min: 250_000, max: 600_000 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(length, fc.boolean(), fc.constantFrom('x', 'ü', '€')), { maxLength: 40 }), async (lines) => {
        const gathered = new CompressedLines('gzip');
        const all = lines.map(([characters, , character], index) => `${index}${character.repeat(characters)}`);
        for (const [index, line] of all.entries()) {
          gathered.add(line);
          if (lines[index]?.[1] === true) await gathered.settled();
        }
        expect(gathered.bytes).toBe(all.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0));
        expect(linesIn(await gathered.finish())).toEqual(all);
      }),
      { numRuns: 40 },
    );
  });

  it('hold what is compressed and a few pieces, however much was added', async () => {
    const gathered = new CompressedLines('gzip');
    const line = JSON.stringify({ id: 7, song: 'a song', text: 'x'.repeat(300) });
    for (let index = 0; index < 100_000; index++) {
      gathered.add(line);
      if (index % 1_000 === 0) await gathered.settled();
    }
    expect(gathered.bytes).toBeGreaterThan(30 << 20);
    expect(gathered.held).toBeLessThan(3 << 20);
    gathered.discard();
  });

  it('count what they hold of lines that do not compress', async () => {
    const gathered = new CompressedLines('gzip');
    for (let index = 0; index < 40; index++) {
      gathered.add(noise(100_000, index + 1));
      await gathered.settled();
    }
    expect(gathered.held).toBeGreaterThan(1 << 20);
    expect(gathered.held).toBeLessThan(gathered.bytes + (2 << 20));
    const body = await gathered.finish();
    expect(linesIn(body).length).toBe(40);
  });

  it('reject what is asked for after they were let go of, and do not wait for ever', async () => {
    const gathered = new CompressedLines('gzip');
    for (let index = 0; index < 30; index++) gathered.add(noise(100_000, index + 1));
    gathered.discard();
    await expect(gathered.finish()).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_STREAM/) });
  });
});
