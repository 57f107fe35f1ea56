import type { Asset } from '../runtime/declare/asset.ts';
import type { AssetExports } from './isolate-assets.ts';
import type { LoadedModule } from './load-project.ts';

/** Which exports of each module hold assets that a function makes, alone or as the members of a list or a plain object, and nothing else. By the module's path. */
export function findAssetExports(modules: readonly LoadedModule[]): ReadonlyMap<string, AssetExports> {
  return new Map(
    modules.map(({ path, exports }) => {
      const found = Object.entries(exports).flatMap(([name, value]) => {
        const assets = assetsIn(value);
        return assets === undefined ? [] : [[name, assets.map(({ key }) => key)] as const];
      });
      return [path, new Map(found)];
    }),
  );
}

/** The modules are compared by identity: two assets may carry one key by mistake, which the graph reports. */
export function findExportOf(asset: Asset, modules: readonly LoadedModule[]): { readonly path: string; readonly name: string } | undefined {
  for (const { path, exports } of modules) {
    for (const [name, value] of Object.entries(exports)) if (assetsIn(value)?.includes(asset) === true) return { path, name };
  }
  return undefined;
}

function assetsIn(value: unknown): readonly Asset[] | undefined {
  if (isFunctionAsset(value)) return [value];
  const members = Array.isArray(value) ? (value as unknown[]) : isPlainObject(value) ? Object.values(value) : [];
  return members.length > 0 && members.every(isFunctionAsset) ? members : undefined;
}

/** A source or a model of dbt has no code of its own: its schema belongs to the code that reads it. */
function isFunctionAsset(value: unknown): value is Asset {
  if (typeof value !== 'object' || value === null || !('key' in value) || !('definition' in value)) return false;
  const { definition } = value;
  return typeof definition === 'object' && definition !== null && 'run' in definition && typeof definition.run === 'function';
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
