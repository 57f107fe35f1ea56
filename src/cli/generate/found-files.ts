import { isUtf8 } from 'node:buffer';
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { SpindleError } from '../../runtime/errors.ts';
import type { OwnedFiles } from './generators.ts';

/**
 * The texts of the files in these places, and of those that are owned, by path. A link counts as a file without a text: it is not followed. EXPORT_INVALID where
 * a path leads out of the project's folder, or a folder stands in the place of a file.
 */
export function findFiles(root: string, paths: readonly string[], owns: readonly OwnedFiles[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const path of [...paths, ...owns.flatMap((owned) => ownedPaths(root, owned))]) {
    requireInside(root, path);
    const text = found.has(path) ? undefined : readText(join(root, path), path);
    if (text !== undefined) found.set(path, text);
  }
  return found;
}

function ownedPaths(root: string, { folder, ending, deep }: OwnedFiles): readonly string[] {
  requireInside(root, posix.join(folder, 'x'));
  const absolute = join(root, folder);
  if (lstatSync(absolute, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(absolute, { recursive: deep, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
}

function readText(absolute: string, path: string): string | undefined {
  const stat = lstatSync(absolute, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isDirectory()) throw new SpindleError('EXPORT_INVALID', `${path} is to be written, and is a folder.`);
  if (!stat.isFile()) return '';
  const bytes = readFileSync(absolute);
  // What is no UTF-8 differs from every text, also from one with a replacement character.
  return isUtf8(bytes) ? bytes.toString() : `${bytes.toString()}\uFFFD`;
}

/** The path is written as one inside of the project's folder, its folders are folders, and no link on the way to it leads out. */
function requireInside(root: string, path: string): void {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part))) throw outside(root, path);
  const top = realpathSync(root);
  let folder = top;
  for (const part of parts.slice(0, -1)) {
    folder = join(folder, part);
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isSymbolicLink()) {
      if (!existsSync(folder)) throw outside(root, path);
      folder = realpathSync(folder);
      if (!isWithin(top, folder)) throw outside(root, path);
    }
    if (!statSync(folder).isDirectory()) {
      throw new SpindleError('EXPORT_INVALID', `${path} cannot be written: ${part} is no folder.`);
    }
  }
}

function outside(root: string, path: string): SpindleError {
  return new SpindleError('EXPORT_INVALID', `${path} leads out of the project's folder ${root}: nothing was written.`, {
    remedy: 'Choose a folder inside of the project, which is no link to one outside.',
  });
}

const isWithin = (root: string, folder: string): boolean => folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep);
