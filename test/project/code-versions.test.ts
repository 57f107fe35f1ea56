import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeVersionsOf } from '../../src/project/code-versions.ts';
import { temporaryProject, type Files, type TemporaryProject } from './temporary-project.ts';

const FILES = {
  'package-lock.json': JSON.stringify({ packages: { 'node_modules/zod': { version: '4.1.0' } } }),
  'src/deepest.ts': 'export const factor = 2;\nexport const unrelated = 1;\n',
  'src/deep.ts': "import { factor } from './deepest.ts';\nexport const deep = (x: number): number => x * factor;\n",
  'src/near.ts': "import { deep } from './deep.ts';\nexport function near(x: number): number {\n  return deep(x);\n}\n",
  'src/assets.ts': `
import { asset, assets, type Row } from 'spindle';
import { z } from 'zod';
import { near } from './near.ts';
export interface Noted { readonly row: Row }
export const Play = z.object({ id: z.string() });
export const Track = z.object({ name: z.string() });
export const plays = asset('plays', { config: Play }).run(() => near(1));
export const tracks = asset('tracks', { config: Track }).run(() => 'tracks');
export const report = asset('report', { deps: { plays } }).run(async ({ plays }) => String((await plays) as unknown));
const page = asset('page', { deps: { report } }).run(({ report }) => report);
export { page as website };
export const countries = ['de', 'fr'].map((country) => asset(\`countries/\${country}\`).run(() => country));
export const pinned = asset('pinned', { codeVersion: 'v1' }).run(() => 1);
`,
  'src/project.ts': `
import { asset, defineProject } from 'spindle';
import { countries, pinned, plays, report, tracks, website } from './assets.ts';
const hidden = asset('hidden').run(() => 1);
export const project = defineProject({ name: 'temporary', assets: [plays, tracks, report, website, ...countries, pinned, hidden], environments: { local: {} } });
`,
} satisfies Files;

async function versions({ load }: TemporaryProject): Promise<Record<string, string>> {
  return Object.fromEntries(await codeVersionsOf(await load()));
}

/** The keys whose version changes when, in one file, `from` becomes `to`. */
async function changedBy(file: keyof typeof FILES, from: string, to: string): Promise<string[]> {
  const project = temporaryProject(FILES);
  const before = await versions(project);
  expect(FILES[file]).toContain(from);
  project.write({ [file]: FILES[file].replace(from, to) });
  const after = await versions(project);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  return Object.keys(after).filter((key) => after[key] !== before[key]);
}

/** An asset that no module exports has the whole project's code. */
const HIDDEN = 'hidden';

describe('code versions', () => {
  it('has one for each asset, sorted by key, with the version that the asset itself names', async () => {
    const found = await versions(temporaryProject(FILES));
    expect(Object.keys(found)).toEqual(['countries/de', 'countries/fr', 'hidden', 'page', 'pinned', 'plays', 'report', 'tracks']);
    expect(found['pinned']).toBe('v1');
    expect(new Set([found['plays'], found['tracks'], found['report'], found['page'], found['countries/de']]).size).toBe(5);
  });

  it('changes with a function three imports away, for the assets that use it', async () => {
    expect(await changedBy('src/deepest.ts', 'factor = 2', 'factor = 3')).toEqual([HIDDEN, 'plays']);
  });

  it('ignores comments, layout, types and exports that the asset does not use', async () => {
    expect(await changedBy('src/deep.ts', 'export const', '/** Doubles. */\nexport   const')).toEqual([]);
    expect(await changedBy('src/deep.ts', 'x: number): number', 'x: any): any')).toEqual([]);
    expect(await changedBy('src/deepest.ts', 'unrelated = 1', 'unrelated = [console.log].map(String)')).not.toContain('plays');
  });

  it('changes with the schema that an asset uses, and not with that of another asset in the module', async () => {
    expect(await changedBy('src/assets.ts', '{ name: z.string() }', '{ name: z.int() }')).toEqual([HIDDEN, 'tracks']);
  });

  it("leaves an upstream's code to the upstream, whose data carries the change", async () => {
    expect(await changedBy('src/assets.ts', 'near(1)', 'near(2)')).toEqual([HIDDEN, 'plays']);
  });

  it('finds assets behind another export name and in a list', async () => {
    expect(await changedBy('src/assets.ts', '=> report)', '=> `${report}!`)')).toEqual([HIDDEN, 'page']);
    expect(await changedBy('src/assets.ts', '=> country)', '=> country + 1)')).toEqual(['countries/de', 'countries/fr', HIDDEN]);
  });

  const RENAMING = `
import { asset, assets, onCron, references, source, table, value } from 'spindle';
import * as spindle from 'spindle';
import { z } from 'zod';
const owners = ['anna'];
const text = (name: string) => value(z.string().describe(name));
export const feed = source('feed', { description: 'raw', store: value(z.int()) });
export const plays = asset('plays', { store: text('plays'), deps: { feed }, config: z.object({ size: z.int() }) }).run(() => 'plays');
export const tracks = asset('tracks', { owners, store: text('tracks') }).run(() => 'tracks');
export const report = asset('report', { deps: { plays, other: tracks } }).run(({ plays }) => plays);
export const { good, bad } = assets({ outputs: { good: { key: 'good', store: text('good') }, bad: { key: 'bad', store: text('bad') } } })
  .run(() => ({ good: 'a', bad: 'b' }));
export const spaced = spindle.asset('spaced').run(() => ((asset: (name: string) => string) => asset('inner'))(String));
const Count = z.object({ n: z.int(), at: z.iso.datetime() });
export const users = asset('users', { store: table('a.users', Count) }).run(() => []);
export const counts = asset('counts', { store: table('a.counts', Count, { key: ['n'] }) }).run(() => []);
`;
  const renaming = (assets: string): Files => ({
    'src/assets.ts': assets,
    'src/project.ts': `
import { defineProject } from 'spindle';
import * as all from './assets.ts';
export const project = defineProject({ name: 'temporary', assets: Object.values(all), environments: { local: {} } });
`,
  });
  /** Pairs each asset's version by its place in the module, as its key may change. */
  const changedPlaces = async (from: string, to: string): Promise<string[]> => {
    const project = temporaryProject(renaming(RENAMING));
    const byPlace = async () => {
      const loaded = await project.load();
      const found = await codeVersionsOf(loaded);
      const exports = loaded.modules.find(({ path }) => path.endsWith('assets.ts'))?.exports as Readonly<Record<string, { key: string }>>;
      return new Map(Object.entries(exports).map(([name, { key }]) => [name, found.get(key)]));
    };
    const before = await byPlace();
    expect(RENAMING).toContain(from);
    project.write(renaming(RENAMING.replace(from, to)));
    const after = await byPlace();
    expect([...after.values()].every((version) => version !== undefined)).toBe(true);
    // A source has no code.
    return [...after.keys()].filter((name) => name !== 'feed' && after.get(name) !== before.get(name));
  };

  it.each([
    ['a key with formerly', "asset('plays', {", "asset('raw/plays', { formerly: ['plays'],"],
    ['the key of a source', "source('feed'", "source('raw/feed'"],
    ['the key of one of several outputs', "key: 'good'", "key: 'best'"],
    ['a key where all of spindle is imported', "spindle.asset('spaced')", "spindle.asset('wide', { 'formerly': ['spaced'] })"],
    ['a description', "description: 'raw'", "description: 'as it came'"],
    ['how a source is observed', "description: 'raw',", 'observe: async () => owners.join(),'],
    ['owners', "['anna']", "['anna', 'ben'].map(String)"],
    ['owners, left out', 'owners, store', 'store'],
    ['tags, retry and pool', "asset('spaced')", "asset('spaced', { tags: { a: 'b' }, retry: { attempts: 3 }, pool: 'one' })"],
    ['automation and freshness', 'deps: { feed },', "automation: onCron('0 * * * *'), deps: { feed }, freshness: { within: '1h' },"],
    ['what dbt is told of a table', "{ key: ['n'] }", "{ key: ['n'], references: { n: references(users, 'n') }, loadedAt: 'at' }"],
    ['what dbt is told of a table without options', "'a.users', Count)", "'a.users', Count, { loadedAt: 'at' })"],
  ])('does not change with %s', async (_, from, to) => {
    expect(await changedPlaces(from, to)).toEqual([]);
  });

  it.each([
    ['the store', "text('plays')", "text('songs')", ['plays']],
    ['the config schema', 'size: z.int()', 'size: z.number()', ['plays']],
    ["a dependency's name", 'other: tracks', 'others: tracks', ['report']],
    ['dependencies that change places', 'plays, other: tracks', 'plays: tracks, other: plays', ['report']],
    ['the function', "=> 'tracks'", "=> 'songs'", ['tracks']],
    ["a source's schema", "'raw', store: value(z.int())", "'raw', store: value(z.string())", ['plays']],
    ['what several outputs store', "text('good')", "text('best')", ['bad', 'good']],
    ['the key of a table', "{ key: ['n'] }", "{ key: ['n', 'at'] }", ['counts']],
    ["a function's own parameter called like a declaration", "asset('inner')", "asset('outer')", ['spaced']],
    ['what a spread brings that is no name', 'owners, store', "...{ description: 'x' }, owners, store", ['tracks']],
  ])('changes with %s', async (_, from, to, changed) => {
    expect(await changedPlaces(from, to)).toEqual(changed);
  });

  it('changes with the locked version of a package that the asset uses', async () => {
    expect(await changedBy('package-lock.json', '4.1.0', '4.2.0')).toEqual([HIDDEN, 'plays', 'tracks']);
  });

  it('is the same in another folder', async () => {
    expect(await versions(temporaryProject(FILES))).toEqual(await versions(temporaryProject(FILES)));
  });

  it('is kept in the cache until a source changes', async () => {
    const project = temporaryProject(FILES);
    const file = join(project.root, '.spindle/cache/code-versions.json');
    const computed = await versions(project);
    const { contentKey } = JSON.parse(readFileSync(file, 'utf8')) as { contentKey: string };
    project.write({ '.spindle/cache/code-versions.json': JSON.stringify({ contentKey, versions: { plays: 'from the cache' } }) });
    utimesSync(join(project.root, 'src/deep.ts'), 0, 0);
    expect(await versions(project)).toEqual({ plays: 'from the cache' });
    project.write({ 'src/deep.ts': `${FILES['src/deep.ts']}// changed\n` });
    expect(await versions(project)).toEqual(computed);
  });
});
