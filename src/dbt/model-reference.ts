import type { DbtGraph, DbtNode } from './graph.ts';

/** How dbt names a node of the project's manifest: `ref('top')`, `ref('top', v=2)` of a version, `ref('package', 'name')` of a package. */
export function referenceTo({ uniqueId, fqn, key }: DbtNode, project: DbtGraph['name']): string {
  const [package_ = ''] = fqn.split('.');
  const [name = '', version = ''] = key.split('/').slice(-2);
  const isVersion = uniqueId === `model.${package_}.${name}.${version}`;
  const segments = isVersion ? [name, version.slice(1)] : [key.slice(key.lastIndexOf('/') + 1)];
  return refOf(segments, package_ === project ? undefined : package_);
}

/** The same by the key alone, without the project's prefix: a package, and a version that is no number, only the manifest tells. */
export function guessedReference(key: string): string {
  const segments = key.split('/');
  const [, version] = /^v(\d+)$/.exec(segments.at(-1) ?? '') ?? [];
  return refOf(version === undefined || segments.length < 2 ? segments.slice(-1) : [segments.at(-2) ?? '', version]);
}

function refOf([name, version]: readonly string[], package_?: string): string {
  const versioned = version === undefined ? '' : `, v=${/^(?:0|[1-9]\d*)$/.test(version) ? version : `'${version}'`}`;
  return `ref(${package_ === undefined ? '' : `'${package_}', `}'${name}'${versioned})`;
}
