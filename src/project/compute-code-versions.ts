import type { Asset } from '../runtime/declare/asset.ts';
import { findAssetExports, findExportOf } from './asset-exports.ts';
import { hashClosure } from './closure.ts';
import type { AssetExports } from './isolate-assets.ts';
import type { LoadedProject } from './load-project.ts';
import { readPackageVersions } from './package-versions.ts';

/** Builds the closure of each asset, those of one export once; sorted by key. */
export async function computeCodeVersions({ project, root, entry, modules }: LoadedProject): Promise<ReadonlyMap<string, string>> {
  const exported = findAssetExports(modules);
  const versions = readPackageVersions(root);
  const closures = new Map<string, Promise<string>>();
  const versionOf = (asset: Asset): Promise<string> | string => {
    if (asset.definition.codeVersion !== undefined) return asset.definition.codeVersion;
    const found = findExportOf(asset, modules);
    const id = found === undefined ? entry : `${found.path}\0${found.name}`;
    const others = found === undefined ? withoutAssets(exported) : withoutExport(exported, found.path, found.name);
    // An asset that no module exports is somewhere in the project: all of the project's code counts as its own.
    const closure =
      closures.get(id) ?? hashClosure({ root, versions, others, path: found?.path ?? entry, ...(found && { name: found.name }) });
    closures.set(id, closure);
    return closure;
  };
  const entries = project.assets
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(async (asset): Promise<readonly [string, string]> => [asset.key, await versionOf(asset)]);
  return new Map(await Promise.all(entries));
}

function withoutAssets(exported: ReadonlyMap<string, AssetExports>): ReadonlyMap<string, AssetExports> {
  return new Map([...exported.keys()].map((path) => [path, new Map()]));
}

/** The export's own assets are not mentioned but kept, under whatever name another module exports them too. */
function withoutExport(exported: ReadonlyMap<string, AssetExports>, path: string, name: string): ReadonlyMap<string, AssetExports> {
  const own = exported.get(path)?.get(name) ?? [];
  return new Map(
    [...exported].map(([module, names]) => [module, new Map([...names].filter(([, keys]) => !keys.some((key) => own.includes(key))))]),
  );
}
