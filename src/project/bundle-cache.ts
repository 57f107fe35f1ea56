import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { writeAtomically } from './atomic-file.ts';
import type { Bundle } from './bundle-project.ts';
import { cacheFolder, cacheFolders } from './cache-folder.ts';
import type { ProjectLocation } from './find-project.ts';
import type { OwnPackage } from './own-package.ts';
import { hashOf, readSourceFile, refreshSourceFile, type SourceFile } from './source-files.ts';

/** A bundle on disk, and what it was made of. */
export interface CachedBundle {
  /** Absolute. */
  readonly path: string;
  /** Differs whenever a source, a lock file, the configuration or the framework does. */
  readonly contentKey: string;
  readonly modules: readonly string[];
  readonly files: readonly SourceFile[];
}

/** Bundles kept for other processes that may be about to import them. */
const KEPT_BUNDLES = 4;
/** To be raised with any change of how a bundle is made or a code version computed: both are kept under it. */
const FORMAT = 'spindle-bundle-3';

/** Files of the root that a build or a code version may depend on without importing them. */
const CONFIGURATION = ['package.json', 'tsconfig.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'] as const;

/** The bundle of the project as its files are now; undefined where one of them changed or none was made. Reads no source whose size and time are unchanged. */
export function readCachedBundle(location: ProjectLocation, own: OwnPackage): CachedBundle | undefined {
  for (const folder of cacheFolders(location.root)) {
    const cached = refreshed(readManifest(join(folder, manifestName(location, own))));
    if (cached === undefined) continue;
    if (cached.touched) writeManifest(location, own, cached.bundle);
    return cached.bundle;
  }
  return undefined;
}

/** The bundle with its files as they are now; undefined where it is gone or one of them changed. */
function refreshed(cached: CachedBundle | undefined): { readonly bundle: CachedBundle; readonly touched: boolean } | undefined {
  if (cached === undefined || !existsSync(cached.path)) return undefined;
  const files: SourceFile[] = [];
  for (const file of cached.files) {
    const now = refreshSourceFile(file);
    if (now === undefined) return undefined;
    files.push(now);
  }
  const touched = files.some(({ modified }, index) => modified !== cached.files[index]?.modified);
  return { bundle: { ...cached, files }, touched };
}

/** Keeps a bundle and drops old ones. Safe beside other processes: files appear whole, and equal content has an equal name. */
export function writeCachedBundle(location: ProjectLocation, own: OwnPackage, { code, modules, files: sources }: Bundle): CachedBundle {
  const configuration = CONFIGURATION.map((name) => readSourceFile(join(location.root, name)).file);
  const files = [...sources, ...configuration];
  const contents = files.map(({ path, hash }) => `${relative(location.root, path)} ${hash}`).toSorted();
  const contentKey = hashOf(FORMAT, own.version, own.root, relative(location.root, location.entry), ...contents);
  const folder = cacheFolder(location.root);
  const path = join(folder, `project-${contentKey}.mjs`);
  const cached: CachedBundle = { path, contentKey, modules, files };
  writeAtomically(path, code);
  writeManifest(location, own, cached);
  prune(folder, path);
  return cached;
}

function manifestName({ entry }: ProjectLocation, own: OwnPackage): string {
  return `project-${hashOf(FORMAT, own.version, own.root, entry).slice(0, 8)}.json`;
}

function writeManifest(location: ProjectLocation, own: OwnPackage, bundle: CachedBundle): void {
  writeAtomically(join(cacheFolder(location.root), manifestName(location, own)), JSON.stringify(bundle));
}

/** A manifest that cannot be read is as good as none: the cache is made again. */
function readManifest(path: string): CachedBundle | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as CachedBundle;
  } catch {
    return undefined;
  }
}

function prune(folder: string, current: string): void {
  const bundles = readdirSync(folder)
    .filter((name) => /^project-.*\.mjs$/.test(name) && name !== basename(current))
    .map((name) => join(folder, name))
    .map((path) => ({ path, age: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .toSorted((a, b) => b.age - a.age);
  for (const { path } of bundles.slice(KEPT_BUNDLES - 1)) rmSync(path, { force: true });
}
