import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** Whether Node would find the package, in this version, from the folder; a range is taken for met. */
function isLocked(name: string, wanted: string, from: string): boolean {
  const found = packages[`${from}node_modules/${name}`];
  if (found !== undefined) return found.version === wanted || /^[\^~]/.test(wanted);
  return from !== '' && isLocked(name, wanted, from.slice(0, from.lastIndexOf('node_modules/')));
}

it('the lock file has the bindings of every platform: npm ci refuses one that lacks any', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).flatMap(([name, wanted]) => (isLocked(name, wanted, path === '' ? '' : `${path}/`) ? [] : [name])),
  );
  expect(missing).toEqual([]);
});

it('no dependency has an install script', () => {
  const scripts = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(scripts.map(([path]) => path)).toEqual([]);
});
