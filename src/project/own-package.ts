import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The running copy of this package: `src/project` and `dist/project` both lie two folders below it. */
export interface OwnPackage {
  readonly root: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

export function readOwnPackage(): OwnPackage {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const { version, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Omit<OwnPackage, 'root'>;
  return { root, version, exports };
}

/** The file URL of `spindle` or `spindle/<entry>` in the running copy; undefined for an entry that it does not have. */
export function ownEntryUrl(own: OwnPackage, specifier: string): string | undefined {
  const entry = own.exports[`.${specifier.slice('spindle'.length)}`];
  const path = typeof entry === 'string' ? entry : entry?.['default'];
  return path === undefined ? undefined : pathToFileURL(join(own.root, path)).href;
}
