import type { AssetDefinition, CheckDefinition } from '../../runtime/declare/definition.ts';
import type { PartitionsDefinition } from '../../runtime/partitions/definition.ts';
import type { ExportScope } from './scope.ts';

/** What Airflow shows beside a task: Markdown, of the assets that it makes. */
export function assetDocs({ graph }: ExportScope, assets: readonly AssetDefinition[]): string {
  const [asset, ...others] = assets;
  if (asset !== undefined && others.length === 0) return oneAsset(asset, graph.checksOf(asset.key));
  return assets
    .map(({ key, description }) => `- **${key}**${description === undefined ? '' : `: ${description.trim().replaceAll(/\s+/g, ' ')}`}`)
    .join('\n');
}

function oneAsset(
  { key, description, store, partitions, owners, tags, freshness, transform }: AssetDefinition,
  checks: readonly CheckDefinition[],
): string {
  // Those of a source run with the models that read it, and may be many: one for each column that cannot be null.
  const elsewhere = transform === undefined ? checks.filter((check) => check.transform !== undefined) : [];
  const own = checks.filter((check) => !elsewhere.includes(check));
  const place = store === undefined ? undefined : [store.kind, store.spec.location].filter((part) => part !== undefined).join(' ');
  const facts = [
    ...(place === undefined ? [] : [`- stored as ${place}`]),
    ...(partitions === undefined ? [] : [`- partitions: ${partitionsText(partitions)}`]),
    ...(freshness === undefined ? [] : [`- no older than ${freshness}`]),
    ...(owners.length === 0 ? [] : [`- owners: ${owners.join(', ')}`]),
    ...Object.entries(tags).map(([name, value]) => `- tag ${value === '' ? name : `${name}=${value}`}`),
    ...own.map(({ name, blocking }) => `- check${blocking ? ' that blocks' : ''}: ${name}`),
    ...(elsewhere.length === 0 ? [] : [`- tests of dbt, which run before the models that read it are built: ${elsewhere.length}`]),
  ];
  return [`### ${key}`, ...(description === undefined ? [] : [description.trim()]), ...(facts.length === 0 ? [] : [facts.join('\n')])].join(
    '\n\n',
  );
}

export function checkDocs({ asset, name, description, blocking, severity }: CheckDefinition): string {
  const effect = blocking
    ? 'What depends on the asset waits for it.'
    : severity === 'error'
      ? 'Nothing waits for it; the run fails with it.'
      : 'It warns.';
  return [`### ${asset.key}: ${name}`, ...(description === undefined ? [] : [description.trim()]), effect].join('\n\n');
}

/** `days from 2026-01-01 (UTC)`, `eu, us`. */
export function partitionsText(definition: PartitionsDefinition): string {
  switch (definition.kind) {
    case 'time':
      return `${definition.unit}s from ${definition.start} (${definition.timezone})`;
    case 'static':
      return definition.keys.length > 12 ? `${definition.keys.length} keys` : definition.keys.join(', ');
    case 'dynamic':
      return `registered keys of ${definition.name}`;
    case 'cross':
      return Object.entries(definition.dimensions)
        .map(([name, dimension]) => `${name}: ${partitionsText(dimension)}`)
        .toSorted()
        .join('; ');
  }
}
