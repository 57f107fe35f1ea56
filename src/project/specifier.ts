import { isBuiltin } from 'node:module';
import { isAbsolute } from 'node:path';

/** True where an import names a package, and not a file: relative, absolute, a URL or a virtual module. */
export function isPackageSpecifier(specifier: string): boolean {
  return !specifier.startsWith('.') && !specifier.startsWith('\0') && !isAbsolute(specifier) && !/^[a-z]+:/.test(specifier);
}

export function isBuiltinSpecifier(specifier: string): boolean {
  return isBuiltin(specifier);
}

export function isOwnSpecifier(specifier: string): boolean {
  return specifier === 'spindle' || specifier.startsWith('spindle/');
}

/** `@scope/name` of `@scope/name/file`, `name` of `name/file`. */
export function packageNameOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
