import { describe, expect, it } from 'vitest';
import { typeCheck } from './type-check.ts';

interface Mistake {
  /** The name of its file in `messages`. */
  readonly name: string;
  readonly program: string;
  /** What the message must name: the user's own words. */
  readonly words: readonly string[];
}

/** The mistakes that people make most, each in a program of its own. */
const MISTAKES: readonly Mistake[] = [
  { name: 'misspelled-input', program: `asset('a', { deps: { size } }).run(({ sise }) => sise);`, words: ['sise', 'size'] },
  { name: 'missing-column', program: `asset('a', { store: hours }).run(() => [{ hour: '2026-01-01T00:00Z' }]);`, words: ['plays'] },
  {
    name: 'missing-column-later',
    program: `asset('a', { store: hours, deps: { size } }).run(async ({ size }) => [size].map((n) => ({ hour: '', play: n })));`,
    words: ['plays'],
  },
  {
    name: 'wrong-column-type',
    program: `asset('a', { store: hours }).run(async () => [{ hour: '', plays: '1' }]);`,
    words: ['string', 'number'],
  },
  {
    name: 'wrong-column-type-in-a-generator',
    program: `asset('a', { store: hours }).run(function* () { yield { hour: '', plays: '1' }; });`,
    words: ['plays'],
  },
  { name: 'missing-resource', program: `await materialize([tracks, bronze], { resources: { lake } });`, words: ['warehouse'] },
  {
    name: 'provider-of-another-type',
    program: `defineProject({ name: 'p', assets: [bronze], environments: { local: { warehouse: { open: async () => lake } } } });`,
    words: ['ObjectStore', 'Warehouse'],
  },
  { name: 'key-that-is-no-column', program: `table('silver.hours', Hour, { key: ['houre'] });`, words: ['houre', 'hour'] },
  { name: 'partition-of-an-unpartitioned-asset', program: `asset('a').run((_, { partition }) => partition);`, words: ['partition'] },
  { name: 'given-row-of-another-type', program: `given(bronze, [{ hour: '', plays: 'many' }]);`, words: ['string', 'number'] },
  {
    name: 'output-of-an-asset-outside-of-the-run',
    program: `const run = await materialize([size], { resources: {} });\nawait run.output(tracks);`,
    words: ['catalogue/tracks'],
  },
  { name: 'asset-without-its-function', program: `asset('a', { deps: { raw: asset('raw') } });`, words: ['raw'] },
  { name: 'window-over-an-unpartitioned-asset', program: `window(size, { from: -1, to: 0 });`, words: ['size'] },
  {
    name: 'topic-into-a-table',
    program: `asset('a', { store: table('bronze.hours', Hour), deps: { stream } }).run(({ stream }) => stream);`,
    words: ['TopicHandle', 'ObjectsHandle'],
  },
  { name: 'config-of-another-type', program: `configure(tracks, { size: 'many' });`, words: ['string', 'number'] },
  { name: 'misspelled-option', program: `asset('a', { store: hours, dependencies: { size } });`, words: ['dependencies'] },
  { name: 'duration-without-a-unit', program: `asset('a', { timeout: '10' });`, words: ['"10"', 'm', 'h'] },
];

const PREAMBLE = `import { asset, configure, defineProject, given, materialize, table, topic, value, window, type ObjectStore } from 'spindle';
import { z } from 'zod';
const Hour = z.object({ hour: z.iso.datetime(), plays: z.int() });
const hours = table('silver.hours', Hour);
const size = asset('size').run(() => 3);
const tracks = asset('catalogue/tracks', { store: value(z.array(z.string())), config: z.object({ size: z.int() }) }).run(() => []);
const stream = asset('stream/hours', { store: topic('hours', Hour) }).run(() => []);
const bronze = asset('bronze/hours', { store: hours }).run(() => []);
declare const lake: ObjectStore;
`;

/** Names of types that no user wrote or can look up. */
const INTERNAL = /\b(Flat|UnionToIntersection|NeedsOf\w*|Opened|ConfigIn|ConfigOf|InOf|OutOf|StoreNeeds|RowsOrValue|OutputOptions)</;

// A user's project: strict, and no more.
const plain = { exactOptionalPropertyTypes: false, noUncheckedIndexedAccess: false };
const programs = MISTAKES.map(({ name, program }) => [`${name}.ts`, `${PREAMBLE}${program}\nexport {};\n`] as const);
const diagnostics = typeCheck(new Map(programs), plain);

describe('the message of the compiler', () => {
  it.each(MISTAKES)('for $name names what is wrong and is short', async ({ name, program, words }) => {
    const [found, ...others] = diagnostics.filter(({ file }) => file === `${name}.ts`);
    expect(others).toEqual([]);
    const message = found?.message ?? 'It compiles.';
    for (const word of words) expect(message).toContain(word);
    expect(message).not.toMatch(INTERNAL);
    expect(message.split('\n').length).toBeLessThanOrEqual(12);
    expect(message.length).toBeLessThanOrEqual(1400);
    await expect(`${program}\n\n${message}\n`).toMatchFileSnapshot(`messages/${name}.txt`);
  });
});
