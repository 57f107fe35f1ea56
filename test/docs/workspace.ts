import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { root, type Block, type Page } from './page.ts';

/** A folder outside the repository in which `spindle`, zod and vitest are installed, as in a user's project; removed after the tests of the file. */
export function createWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-docs-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/spindle'));
  for (const name of ['zod', 'vitest', '@types']) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}

export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** The files of the page's project. A file that stands in several blocks consists of all of them. */
export function projectFiles({ blocks }: Page): Map<string, string> {
  const files = new Map<string, string>();
  for (const { file, text } of blocks) if (file !== undefined) files.set(file, `${files.get(file) ?? ''}${text}\n`);
  return files;
}

/**
 * The blocks of TypeScript that are no file of a project, as modules by their path: one for the page, and one for each block that stands alone. Every
 * line has the number that it has on the page.
 */
export function pageModules({ blocks }: Page): Map<string, string> {
  const code = blocks.filter(({ language, file }) => language === 'ts' && file === undefined);
  const together = code.filter(({ alone }) => !alone);
  const modules = new Map<string, string>();
  if (together.length > 0) modules.set('page.ts', moduleOf(together));
  for (const block of code) if (block.alone) modules.set(`line-${block.line}.ts`, moduleOf([block]));
  return modules;
}

function moduleOf(blocks: readonly Block[]): string {
  const imported = new Set<string>();
  let text = '';
  for (const block of blocks) {
    const line = text.split('\n').length;
    text += `${'\n'.repeat(block.line - line)}${withoutRepeatedImports(block.text, imported)}\n`;
  }
  return `${text}export {};\n`;
}

/** Blocks say what they import; those of one module must not say it twice. */
function withoutRepeatedImports(text: string, imported: Set<string>): string {
  return text.replaceAll(/^import \{ ([^}]+) \} from/gm, (_, names: string) => {
    const added = names.split(', ').filter((name) => !imported.has(name));
    for (const name of added) imported.add(name);
    return `import { ${added.join(', ')} } from`;
  });
}
