import type { AssetDefinition } from '../declare/definition.ts';

/** Where an asset lives, in one word: its store's kind, or `memory`. */
export function kindOf({ store }: AssetDefinition): string {
  return store?.kind ?? 'memory';
}

/** Everything that `kind:` knows an asset by: where it lives, and `source` or `dbt` where no function makes it. */
export function kindsOf(asset: AssetDefinition): readonly string[] {
  if (asset.transform !== undefined) return [kindOf(asset), 'dbt'];
  return asset.run === undefined ? [kindOf(asset), 'source'] : [kindOf(asset)];
}
