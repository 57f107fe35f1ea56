import type { AssetDefinition } from '../declare/definition.ts';

/** The transformer project whose models one call builds with this one; undefined for what is no model, and for a model that is built partition by partition. */
export const builtTogether = ({ transform, partitions }: Pick<AssetDefinition, 'transform' | 'partitions'>): string | undefined =>
  partitions === undefined ? transform?.project : undefined;
