import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const NOT_READ = new Set(['target', 'logs', 'dbt_packages']);
const READ = new Set(['.sql', '.yml', '.yaml', '.csv', '.py', '.md']);

/** The sha256 of everything that dbt reads of the project in `dir`, by relative path and content: equal as long as its manifest is. */
export async function hashProjectFiles(dir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of (await filesOf(dir, '')).toSorted()) {
    const content = await readFile(join(dir, path));
    hash.update(`${path}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

async function filesOf(dir: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(dir, folder), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.') || path === 'README.md') return [];
      if (entry.isDirectory()) return NOT_READ.has(path) ? [] : filesOf(dir, path);
      return READ.has(extname(entry.name)) ? [path] : [];
    }),
  );
  return found.flat();
}
