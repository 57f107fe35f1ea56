import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from './atomic-file.ts';
import { cacheFolder, cacheFolders } from './cache-folder.ts';
import { withFunctionFiles } from './function-files.ts';
import type { LoadedProject } from './load-project.ts';

/** The version of each asset's code, by its key. */
export type CodeVersions = ReadonlyMap<string, string>;

const FILE = 'code-versions.json';

interface CodeVersionsFile {
  readonly contentKey: string;
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * The code versions of the project's assets: what the asset says, else a digest of the code that it needs. Computed again only after a
 * source changed; kept in `.spindle/cache/code-versions.json`. Files that a function names are added to it.
 */
export async function codeVersionsOf(loaded: LoadedProject): Promise<CodeVersions> {
  const { contentKey } = loaded.bundle;
  const cached = cacheFolders(loaded.root)
    .map((folder) => readVersions(join(folder, FILE)))
    .find((file) => file?.contentKey === contentKey);
  if (cached !== undefined) return withFunctionFiles(loaded.project.assets, new Map(Object.entries(cached.versions)));
  // The bundler is loaded only where something changed.
  const { computeCodeVersions } = await import('./compute-code-versions.ts');
  const versions = await computeCodeVersions(loaded);
  const file: CodeVersionsFile = { contentKey, versions: Object.fromEntries(versions) };
  writeAtomically(join(cacheFolder(loaded.root), FILE), `${JSON.stringify(file, null, 2)}\n`);
  return withFunctionFiles(loaded.project.assets, versions);
}

/** A file that cannot be read is as good as none: it is made again. */
function readVersions(path: string): CodeVersionsFile | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as CodeVersionsFile;
  } catch {
    return undefined;
  }
}
