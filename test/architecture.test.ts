import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Module {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** What it imports: a package, or a path from the root. */
  readonly imports: readonly string[];
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function modulesIn(folder: string): Module[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      // Examples in comments import as a user does.
      const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      const imports = [...code.matchAll(IMPORT)].map(([, named = '', dynamic = '']) => named || dynamic);
      return {
        path: fromRoot(file),
        text,
        imports: imports.map((name) => (name.startsWith('.') ? fromRoot(join(dirname(file), name)) : name)),
      };
    });
}

const fromRoot = (file: string): string => relative(root, file).split(sep).join('/');
const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
const isFile = (name: string): boolean => name.startsWith('src/');

const sources = modulesIn('src');
const everything = [...sources, ...modulesIn('test'), ...modulesIn('bench')];

/** The imports of the modules in a folder that are not allowed, as `from → to`. */
function forbidden(folder: string, allows: (imported: string, from: string) => boolean): string[] {
  const modules = sources.filter(({ path }) => path.startsWith(`${folder}/`));
  return modules.flatMap(({ path, imports }) =>
    imports.filter((imported) => !allows(imported, path)).map((imported) => `${path} → ${imported}`),
  );
}

const within =
  (...folders: string[]) =>
  (path: string): boolean =>
    folders.some((folder) => path.startsWith(`${folder}/`));

describe('the rooms of src', () => {
  it('finds the imports that it judges', () => {
    expect(sources.length).toBeGreaterThan(50);
    const main = sources.find(({ path }) => path === 'src/cli/run.ts');
    expect(main?.imports).toEqual(expect.arrayContaining(['src/runtime/errors.ts', 'src/cli/parse-arguments.ts']));
  });

  it('keeps the runtime below everything, with three packages and no file system', () => {
    const packages = [
      'zod',
      'graphology',
      'croner',
      'node:buffer',
      'node:crypto',
      'node:events',
      'node:zlib',
      'node:util',
      'node:stream',
      'node:stream/promises',
      'node:timers/promises',
    ];
    expect(forbidden('src/runtime', (name) => (isFile(name) ? within('src/runtime')(name) : packages.includes(name)))).toEqual([]);
  });

  it('keeps time, chance and the process out of the runtime', () => {
    const code = sources.filter(({ path }) => path.startsWith('src/runtime/'));
    const found = code.filter(({ text }) =>
      /\bprocess\.|\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)/.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$|'[^'\n]*'|`[^`]*`/gm, '')),
    );
    // The one clock that is not a test's.
    expect(found.map(({ path }) => path).filter((path) => path !== 'src/runtime/run/system-clock.ts')).toEqual([]);
  });

  for (const room of ['drivers', 'dbt', 'codegen', 'project', 'command']) {
    it(`lets ${room} stand on the runtime alone`, () => {
      const allows = within(`src/${room}`, 'src/runtime');
      expect(forbidden(`src/${room}`, (name) => (isFile(name) ? allows(name) : packageOf(name) !== 'spindle'))).toEqual([]);
    });
  }

  it('lets testing stand on the runtime and the memory drivers', () => {
    const allows = within('src/testing', 'src/runtime');
    const isMemory = (name: string) => /^src\/drivers\/[a-z-]+\/memory(\/.*)?(\.ts)?$/.test(name);
    expect(
      forbidden('src/testing', (name) =>
        isFile(name) ? allows(name) || isMemory(name) : !['spindle', 'vitest'].includes(packageOf(name)),
      ),
    ).toEqual([]);
  });

  it('writes the pipeline as a user would: spindle, zod and faker, drivers in environments.ts only', () => {
    const pure = ['node:crypto', 'node:timers/promises'];
    const packages = ['spindle', 'zod', '@faker-js/faker'];
    const allows = (name: string, from: string) => {
      if (isFile(name)) return within('src/assets')(name);
      if (name === 'spindle/drivers') return from === 'src/assets/environments.ts';
      return pure.includes(name) || packages.includes(packageOf(name));
    };
    expect(forbidden('src/assets', allows)).toEqual([]);
  });

  it('imports the pipeline from nowhere else', () => {
    const importers = sources.filter(({ path, imports }) => !path.startsWith('src/assets/') && imports.some(within('src/assets')));
    expect(importers.map(({ path }) => path)).toEqual([]);
  });
});

describe('the files', () => {
  it('have at most 300 lines', () => {
    const long = everything
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  it('are named after what they hold', () => {
    const vague = everything.filter(({ path }) =>
      path.split(/[/.]/).some((part) => /^(utils?|helpers?|common|misc|shared|lib)$/.test(part)),
    );
    expect(vague.map(({ path }) => path)).toEqual([]);
    expect(everything.map(({ path }) => path).filter((path) => !/^[a-z0-9./-]+$/.test(path))).toEqual([]);
  });
});
