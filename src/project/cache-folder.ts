import { accessSync, constants, existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SpindleError } from '../runtime/errors.ts';
import { hashOf } from './source-files.ts';

const NOT_WRITABLE: readonly unknown[] = ['EACCES', 'EROFS', 'EPERM'];

/** Where bundles and code versions are written, made if need be: everything in it can be made again. In the project, or where that is read-only in the folder for temporary files. */
export function cacheFolder(root: string): string {
  const folder = projectCacheFolder(root);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && NOT_WRITABLE.includes(error.code))) throw error;
    return temporaryCacheFolder(root);
  }
}

/** Where to look for what was kept, the likeliest first: a read-only project may come with a cache. */
export function cacheFolders(root: string): readonly string[] {
  return [...new Set([cacheFolder(root), projectCacheFolder(root)])];
}

function projectCacheFolder(root: string): string {
  return join(root, '.spindle', 'cache');
}

/** A bundle finds its packages from where it lies, so each node_modules that the project sees is linked, in the same order, above the cache. */
function temporaryCacheFolder(root: string): string {
  const user = process.getuid?.() ?? 'user';
  const modules = ancestors(root).flatMap((folder) => (existsSync(join(folder, 'node_modules')) ? [join(folder, 'node_modules')] : []));
  // By the links too: one that is there already is right.
  const own = join(tmpdir(), `spindle-${user}-${hashOf(root, ...modules).slice(0, 16)}`);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  refuseForeign(own);
  let folder = own;
  for (const target of modules) {
    folder = join(folder, 'project');
    mkdirSync(folder, { recursive: true });
    link(target, join(folder, 'node_modules'));
  }
  const cache = projectCacheFolder(folder);
  mkdirSync(cache, { recursive: true });
  return cache;
}

/** What lies in the folder is executed: nobody else may have made it or write to it. */
function refuseForeign(folder: string): void {
  const stat = lstatSync(folder);
  const user = process.getuid?.();
  if (stat.isDirectory() && (user === undefined || (stat.uid === user && (stat.mode & 0o022) === 0))) return;
  throw new SpindleError('PROJECT_INVALID', `The project's folder is read-only, and ${folder} belongs to another user.`, {
    remedy: 'Make the .spindle folder of the project writable, or set TMPDIR to a folder of your own.',
  });
}

/** Another process may have made the link in the meantime. */
function link(target: string, path: string): void {
  try {
    symlinkSync(target, path, 'junction');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** From the file system's root down to the folder itself. */
function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [...ancestors(parent), folder];
}
