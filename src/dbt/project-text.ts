import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { DbtProjectSettings } from './project-settings.ts';
import { withoutComments } from './sql-words.ts';

/** The SQL of a dbt project, to be looked through without dbt: comments are taken out. */
export interface ProjectText {
  /** The file together with the macros of the project and its packages that it calls, and those that they call; undefined where there is no such file. `path` is relative to the project's folder. */
  withMacros(path: string): Promise<string | undefined>;
  /** The paths of singular tests, and of fixtures of unit tests, by their name: that of the file. */
  readonly tests: ReadonlyMap<string, string>;
  /** Every YAML file of the project. */
  yamlFiles(): Promise<readonly string[]>;
}

/** Reads the macros of the project in `dir`. */
export async function openProjectText(dir: string, settings: DbtProjectSettings): Promise<ProjectText> {
  const macroFolders = [...settings.macroPaths, ...settings.testPaths.map((path) => `${path}/generic`), 'dbt_packages'];
  const macroFiles = await filesBelow(dir, macroFolders, ['.sql']);
  const macros = macrosIn(await Promise.all(macroFiles.map((path) => readFile(join(dir, path), 'utf8'))));
  const testFiles = await filesBelow(dir, settings.testPaths, ['.sql', '.csv']);
  const read = async (path: string): Promise<string | undefined> => {
    const text = await readOptional(join(dir, path));
    return text === undefined ? undefined : expand(withoutComments(text), macros, settings.vars);
  };
  // A file is looked through for each of many columns.
  const texts = new Map<string, Promise<string | undefined>>();
  return {
    withMacros(path) {
      const text = texts.get(path) ?? read(path);
      texts.set(path, text);
      return text;
    },
    tests: new Map(testFiles.map((path) => [basename(path, extname(path)), path])),
    yamlFiles: async () => {
      const found = await filesBelow(dir, [...settings.modelPaths, ...settings.testPaths, ...settings.macroPaths], ['.yml', '.yaml']);
      return Promise.all(found.map((path) => readFile(join(dir, path), 'utf8')));
    },
  };
}

/** The texts of macros by name; of several with one name, all of them. */
function macrosIn(files: readonly string[]): ReadonlyMap<string, string> {
  const macros = new Map<string, string>();
  for (const file of files)
    for (const [, name = '', body = ''] of withoutComments(file).matchAll(/\{%-?\s*macro\s+(\w+)\s*(\([\s\S]*?)\{%-?\s*endmacro\s*-?%\}/g))
      macros.set(name, `${macros.get(name) ?? ''}\n${body}`);
  return macros;
}

/** The text with those of the macros that it calls, directly or by way of others, behind it. A macro that dispatches calls those of every adapter. */
function expand(text: string, macros: ReadonlyMap<string, string>, vars: string): string {
  const called = new Set<string>();
  const parts = [text];
  for (const part of parts) {
    const names = new Set(part.match(/\w+/g));
    for (const [name, body] of macros) {
      const isCalled = names.has(name) || [...names].some((word) => name.endsWith(`__${word}`));
      if (!isCalled || called.has(name)) continue;
      called.add(name);
      parts.push(body);
    }
  }
  const whole = parts.join('\n');
  return /\bvar\s*\(/.test(whole) ? `${whole}\n${vars}` : whole;
}

async function filesBelow(dir: string, folders: readonly string[], endings: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(dir, folder), { recursive: true, withFileTypes: true }).catch(nothingThere);
      return entries
        .filter((entry) => entry.isFile() && endings.includes(extname(entry.name)))
        .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, '/').length));
    }),
  );
  return [...new Set(found.flat())].toSorted();
}

function nothingThere(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

async function readOptional(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
