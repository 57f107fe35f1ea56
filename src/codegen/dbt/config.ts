import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import { jinjaLiteral } from '../jinja-literal.ts';

/** What dbt is told of an asset everywhere: `meta.spindle.asset` is its key. */
export function metaOf({ key, owners }: Pick<AssetDefinition, 'key' | 'owners'>): Readonly<Record<string, unknown>> {
  return { ...(owners.length > 0 && { owners: owners.map(jinjaLiteral) }), spindle: { asset: key } };
}

/** An asset's tags as dbt's, which have no values: `name`, or `name:value`. */
export function tagsOf({ tags }: Pick<AssetDefinition, 'tags'>): readonly string[] {
  return Object.entries(tags).map(([name, value]) => jinjaLiteral(value === '' ? name : `${name}:${value}`));
}
