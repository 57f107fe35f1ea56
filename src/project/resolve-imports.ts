import type { Plugin, ResolveIdExtraOptions } from 'rolldown';
import type { MissingDependency } from './missing-dependency.ts';
import { isBuiltinSpecifier, isOwnSpecifier, isPackageSpecifier } from './specifier.ts';

/** How a build names what it leaves outside. */
export interface ExternalNames {
  /** For `spindle` and its entries; undefined for one that does not exist, which then counts as missing. */
  own(specifier: string): string | undefined;
  /** For a package that is not installed where the project is: what to import in its place, or undefined. */
  fallback(specifier: string, resolve: (specifier: string, importer: string) => Promise<string | undefined>): Promise<string | undefined>;
  /** Whether importing an external for nothing counts. */
  readonly sideEffects: boolean;
  /** Told of each import of a package that is not installed; the build then goes on, so that all are told. */
  missing(dependency: MissingDependency): void;
}

/** Packages stay outside the bundle; files, path aliases and packages linked from a workspace go in. */
export function resolveImports(names: ExternalNames): Plugin {
  const external = (id: string) => ({ id, external: true, moduleSideEffects: names.sideEffects });
  return {
    name: 'spindle:resolve-imports',
    async resolveId(specifier: string, importer: string | undefined, { kind }: ResolveIdExtraOptions) {
      if (importer === undefined || importer.includes('/node_modules/') || !isPackageSpecifier(specifier)) return null;
      if (isBuiltinSpecifier(specifier)) return external(specifier);
      if (isOwnSpecifier(specifier)) {
        const own = names.own(specifier);
        if (own === undefined) names.missing({ specifier, importer });
        return external(own ?? specifier);
      }
      const resolved = await this.resolve(specifier, importer, { skipSelf: true });
      if (resolved !== null) return resolved.external !== false || isInstalled(resolved.id) ? external(specifier) : resolved;
      // A package that is imported on use may be missing until then.
      if (kind !== 'import-statement') return external(specifier);
      const found = await names.fallback(specifier, async (name, from) => {
        const file = await this.resolve(name, from, { skipSelf: true });
        return file?.id;
      });
      if (found === undefined) names.missing({ specifier, importer });
      return external(found ?? specifier);
    },
  };
}

function isInstalled(id: string): boolean {
  return /[\\/]node_modules[\\/]/.test(id);
}
