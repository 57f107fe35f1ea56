import type { Asset } from '../runtime/declare/asset.ts';
import { SpindleError } from '../runtime/errors.ts';
import { hashOf, readSourceFile } from './source-files.ts';

/** The code versions with the files that functions name, such as the scripts of commands: read each time, for nobody else sees them change. */
export function withFunctionFiles(assets: readonly Asset[], versions: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const combined = new Map(versions);
  for (const { key, definition } of assets) {
    const files = definition.codeVersion === undefined ? (definition.run?.files ?? []) : [];
    const version = versions.get(key);
    if (files.length > 0 && version !== undefined) combined.set(key, hashOf(version, ...files.map((file) => hashOfFile(file, key))));
  }
  return combined;
}

function hashOfFile(path: string, asset: string): string {
  const { hash } = readSourceFile(path).file;
  if (hash !== 'absent') return hash;
  throw new SpindleError('PROJECT_INVALID', `The function of ${asset} counts the file ${path} as its code, and there is no such file.`, {
    asset,
    remedy: 'Correct the option files of command(): paths are relative to its cwd.',
  });
}
