import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown, type OutputChunk, type Plugin } from 'rolldown';
import { SpindleError } from '../runtime/errors.ts';
import { buildError } from './build-error.ts';
import { cacheFolder } from './cache-folder.ts';
import type { ProjectLocation } from './find-project.ts';
import { pinImportMeta } from './import-meta.ts';
import { missingDependencies, type MissingDependency } from './missing-dependency.ts';
import { ownEntryUrl, type OwnPackage } from './own-package.ts';
import { resolveImports, type ExternalNames } from './resolve-imports.ts';
import { isOwnSpecifier } from './specifier.ts';
import { readSourceFile, type SourceFile } from './source-files.ts';

/** A project in one file. It exports the namespace of the entry as `entry`, and those of `modules` as `module0`, `module1`, … */
export interface Bundle {
  readonly code: string;
  /** The project's own modules, absolute and sorted. */
  readonly modules: readonly string[];
  /** What the bundle was made of. */
  readonly files: readonly SourceFile[];
}

const VIRTUAL_ENTRY = '\0spindle:project';

/** Bundles the project: its own modules inline with an inline source map, packages external, `spindle` the running copy. */
export async function bundleProject({ root, entry }: ProjectLocation, own: OwnPackage): Promise<Bundle> {
  const missing: MissingDependency[] = [];
  const names = namesFor(own, ({ specifier, importer }) => missing.push({ specifier, importer: relative(root, importer) }));
  const sources = new Map<string, ReturnType<typeof readSourceFile>>();
  const read: Plugin = {
    name: 'spindle:read',
    load(id) {
      if (id.startsWith('\0') || id.includes('?')) return null;
      const source = sources.get(id) ?? readSourceFile(id);
      sources.set(id, source);
      return pinImportMeta(source.text, id);
    },
  };
  const build = async (code: string): Promise<OutputChunk> => {
    const bundle = await rolldown({
      input: VIRTUAL_ENTRY,
      cwd: root,
      platform: 'node',
      logLevel: 'silent',
      // As in Node, what a module does when it is loaded happens, whether or not its exports are used.
      treeshake: false,
      plugins: [virtualModule(VIRTUAL_ENTRY, code), read, resolveImports(names)],
    });
    try {
      const { output } = await bundle.generate({
        // Only the source map's relative paths depend on it.
        dir: cacheFolder(root),
        format: 'esm',
        sourcemap: 'inline',
        // Node reads the map whenever it loads the bundle, and needs no text for a stack trace.
        sourcemapExcludeSources: true,
        codeSplitting: false,
      });
      return output[0];
    } finally {
      await bundle.close();
    }
  };
  try {
    const exportEntry = `export * as entry from ${JSON.stringify(entry)};\n`;
    // The first build finds the modules, the second one exports their namespaces.
    const { moduleIds } = await build(exportEntry);
    if (missing.length > 0) throw unknownEntries(missing, own) ?? missingDependencies(missing);
    const modules = moduleIds.filter((id) => /\.[cm]?[jt]sx?$/.test(id) && !id.startsWith('\0')).toSorted();
    const namespaces = modules.map((id, index) => `export * as module${index} from ${JSON.stringify(id)};\n`);
    const { code } = await build(exportEntry + namespaces.join(''));
    return { code, modules, files: [...sources.values()].map(({ file }) => file) };
  } catch (error) {
    throw buildError(error, root);
  }
}

/** A module that is not a file. */
export function virtualModule(name: string, code: string): Plugin {
  return {
    name: 'spindle:virtual-module',
    resolveId: (id) => (id === name ? name : null),
    load: (id) => (id === name ? { code, moduleType: 'js' } : null),
  };
}

function namesFor(own: OwnPackage, missing: ExternalNames['missing']): ExternalNames {
  return {
    missing,
    sideEffects: true,
    own: (specifier) => ownEntryUrl(own, specifier),
    // zod is a peer: the project's, else the one that the framework itself uses.
    async fallback(specifier, resolve) {
      if (specifier !== 'zod' && !specifier.startsWith('zod/')) return undefined;
      const file = await resolve(specifier, join(own.root, 'package.json'));
      return file === undefined ? undefined : pathToFileURL(file).href;
    },
  };
}

/** Imports of entries that the framework does not have: nothing to install. */
function unknownEntries(missing: readonly MissingDependency[], own: OwnPackage): SpindleError | undefined {
  const unknown = missing.filter(({ specifier }) => isOwnSpecifier(specifier));
  if (unknown.length === 0) return undefined;
  const known = Object.keys(own.exports).map((name) => `spindle${name.slice(1)}`);
  return new SpindleError('PROJECT_BUILD_FAILED', 'The project imports what spindle does not have.', {
    issues: unknown.map(({ specifier, importer }) => `${importer}: there is no "${specifier}"`),
    remedy: `Import from one of ${known.join(', ')}.`,
  });
}
