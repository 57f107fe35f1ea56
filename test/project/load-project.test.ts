import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runModule, temporaryProject } from './temporary-project.ts';

const PROJECT = `
import { asset, defineProject } from 'spindle';
import { z } from 'zod';
import { size } from './size.ts';
export const plays = asset('plays', { config: z.object({ size: z.int() }) }).run((): number => size);
export const project = defineProject({ name: 'temporary', assets: [plays], environments: { local: {} } });
`;
const FILES = { 'src/project.ts': PROJECT, 'src/size.ts': 'export const size: number = 3;\n' };

const dist = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../dist', path)).href);
/** Loads the project of the working folder with the built framework, and prints the files that the process mapped or read as modules. */
const LOAD = `
import { findProject } from ${dist('project/find-project.js')};
import { loadProject } from ${dist('project/load-project.js')};
const { project } = await loadProject(findProject(process.cwd()));
const natives = process.report.getReport().sharedObjects.filter((path) => path.includes('rolldown'));
console.log(JSON.stringify({ assets: project.assets.map(({ key }) => key), rolldown: natives.length > 0 }));
`;

describe('loading a project', () => {
  it('loads TypeScript from a folder without node_modules, with spindle and zod from the running copy', async () => {
    const { load } = temporaryProject(FILES);
    const { project, modules } = await load();
    expect(project.name).toBe('temporary');
    expect(project.assets.map(({ key }) => key)).toEqual(['plays']);
    expect(modules.map(({ path }) => path.split('/').at(-1))).toEqual(['project.ts', 'size.ts']);
  });

  it('loads an unchanged project without the bundler, and bundles again after an edit', async () => {
    const { root, write } = temporaryProject(FILES);
    expect(JSON.parse(await runModule(LOAD, root))).toEqual({ assets: ['plays'], rolldown: true });
    expect(JSON.parse(await runModule(LOAD, root))).toEqual({ assets: ['plays'], rolldown: false });
    const later = new Date(Date.now() + 10_000);
    utimesSync(join(root, 'src/size.ts'), later, later);
    expect(JSON.parse(await runModule(LOAD, root)), 'another time, the same content').toEqual({ assets: ['plays'], rolldown: false });
    write({ 'src/size.ts': 'export const size: number = 4;\n' });
    expect(JSON.parse(await runModule(LOAD, root))).toEqual({ assets: ['plays'], rolldown: true });
  });

  it('sees each of several edits of the same length in one process', async () => {
    const { load, write } = temporaryProject(FILES);
    for (const size of ['3', '4', '5']) {
      write({ 'src/size.ts': `export const size: number = ${size};\n` });
      const { project } = await load();
      expect(project.assets[0]?.definition.run?.({}, {})).toBe(Number(size));
    }
  });

  it('keeps a few bundles, and serves processes that load at the same time', async () => {
    const { root, write, load } = temporaryProject(FILES);
    for (let size = 0; size < 7; size++) {
      write({ 'src/size.ts': `export const size: number = ${size};\n` });
      await load();
    }
    const cache = join(root, '.spindle/cache');
    expect(readdirSync(cache).filter((name) => name.endsWith('.mjs'))).toHaveLength(4);
    write({ 'src/size.ts': 'export const size: number = 99;\n' });
    const outputs = await Promise.all([1, 2, 3].map(() => runModule(LOAD, root)));
    expect(outputs.map((output) => (JSON.parse(output) as { assets: string[] }).assets)).toEqual([['plays'], ['plays'], ['plays']]);
    expect(readdirSync(cache).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('takes the default export, and bundles JSON, path aliases and import.meta of the source', async () => {
    const { root, load } = temporaryProject({
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      'src/sizes.json': '{ "size": 5 }',
      'src/place.ts': 'export const place: readonly string[] = [import.meta.url, import.meta.dirname];',
      'src/project.ts': `
        import { defineProject } from 'spindle';
        import sizes from './sizes.json' with { type: 'json' };
        import { place } from '@/place.ts';
        export default { ...defineProject({ name: place.join(' ') + sizes.size, assets: [], environments: {} }) };`,
    });
    const { project } = await load();
    expect(project.name).toBe(`${pathToFileURL(join(root, 'src/place.ts')).href} ${join(root, 'src')}5`);
  });
});

describe('a project that does not load', () => {
  it('says what the module exports where there is no project', async () => {
    const { load } = temporaryProject({ 'src/project.ts': 'export const size = 3; export function make() {}' });
    await expect(load()).rejects.toMatchObject({
      code: 'PROJECT_INVALID',
      message: expect.stringContaining('src/project.ts exports no project; it exports make (function), size (number).'),
    });
  });

  it('shows file, line, column and the source of a syntax error', async () => {
    const { load } = temporaryProject({
      'src/project.ts': "import './broken.ts';",
      'src/broken.ts': 'const fine = 1;\nexport const size = ;\n',
    });
    await expect(load()).rejects.toMatchObject({
      code: 'PROJECT_BUILD_FAILED',
      issues: [expect.stringMatching(/^src\/broken\.ts:2:21: Unexpected token\n(.*\n)*.*export const size = ;/)],
    });
  });

  it('names a file and an export that do not exist', async () => {
    const { load, write } = temporaryProject({ 'src/project.ts': "import { size } from './size.ts';\nconsole.log(size);" });
    await expect(load()).rejects.toMatchObject({
      code: 'PROJECT_BUILD_FAILED',
      issues: [expect.stringMatching(/^src\/project\.ts:1:22: .*\.\/size\.ts/)],
    });
    write({ 'src/size.ts': 'export const sise = 3;' });
    await expect(load()).rejects.toMatchObject({
      code: 'PROJECT_BUILD_FAILED',
      issues: [expect.stringMatching(/^src\/project\.ts:1:10: .*size/)],
    });
  });

  it('names a package that is not installed and the command that installs it', async () => {
    const { load, write } = temporaryProject({ 'src/project.ts': "import pad from '@no-such/pad/left';\nexport const project = pad;" });
    const missing = {
      code: 'DEPENDENCY_NOT_INSTALLED',
      message: expect.stringContaining('"@no-such/pad/left"'),
      remedy: 'Run: npm install @no-such/pad',
    };
    await expect(load()).rejects.toMatchObject(missing);
    write({ 'src/project.ts': "export const project = await import('@no-such/pad/left');" });
    await expect(load()).rejects.toMatchObject(missing);
  });

  it('names the entries of spindle where one does not exist', async () => {
    const { load } = temporaryProject({ 'src/project.ts': "import 'spindle/driver';" });
    await expect(load()).rejects.toMatchObject({
      code: 'PROJECT_BUILD_FAILED',
      issues: ['src/project.ts: there is no "spindle/driver"'],
      remedy: expect.stringContaining('spindle/drivers'),
    });
  });

  it("shows the stack in the user's own files where the module throws", async () => {
    const { root } = temporaryProject({
      'src/project.ts': "import { parse } from './parse.ts';\nexport const project: unknown = parse('x');",
      'src/parse.ts':
        '// one\ninterface Two { three: number }\nexport function parse(text: string): Two {\n  return JSON.parse(text) as Two;\n}\n',
    });
    const failing = `
      import { findProject } from ${dist('project/find-project.js')};
      import { loadProject } from ${dist('project/load-project.js')};
      process.setSourceMapsEnabled(true);
      loadProject(findProject(process.cwd())).catch(({ code, issues }) => console.log(JSON.stringify({ code, issues })));`;
    const { code, issues } = JSON.parse(await runModule(failing, root)) as { code: string; issues: string[] };
    expect(code).toBe('PROJECT_INVALID');
    expect(issues[0]).toContain(join(root, 'src/parse.ts:4:'));
    expect(issues[1]).toContain(join(root, 'src/project.ts:2:'));
  });
});
