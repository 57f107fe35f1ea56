import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Every byte of the files under a folder, as text. */
export function textOf(folder: string): string {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => (statSync(path).isDirectory() ? textOf(path) : readFileSync(path, 'latin1')))
    .join('\n');
}
