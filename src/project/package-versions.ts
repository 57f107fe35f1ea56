import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isBuiltinSpecifier, isOwnSpecifier, packageNameOf } from './specifier.ts';

/** `name@version` of the packages that code imports, sorted; the version is the lock file's, else that of the installed package. */
export type NameVersions = (specifiers: readonly string[]) => readonly string[];

/**
 * Node's own modules carry no version, and neither does `spindle`: an upgrade of the framework is no change of the user's code, and would
 * otherwise ask for a rebuild of every table.
 */
export function readPackageVersions(root: string): NameVersions {
  const locked = readLock(join(root, 'package-lock.json'));
  return (specifiers) => {
    const names = specifiers.filter((specifier) => !isBuiltinSpecifier(specifier) && !isOwnSpecifier(specifier)).map(packageNameOf);
    return [...new Set(names)]
      .toSorted()
      .map((name) => `${name}@${locked[`node_modules/${name}`]?.version ?? installedVersion(root, name)}`);
  };
}

/** The keys are paths such as `node_modules/zod` (npm's lock file, version 2 and 3). */
function readLock(path: string): Readonly<Record<string, { readonly version?: string } | undefined>> {
  if (!existsSync(path)) return {};
  const { packages = {} } = JSON.parse(readFileSync(path, 'utf8')) as { packages?: Record<string, { version?: string }> };
  return packages;
}

function installedVersion(folder: string, name: string): string {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  const parent = dirname(folder);
  return parent === folder ? 'unknown' : installedVersion(parent, name);
}
