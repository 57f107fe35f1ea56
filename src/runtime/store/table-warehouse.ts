import type { AssetDefinition } from '../declare/definition.ts';

/** The name of the warehouse that a table lies in. */
export function tableWarehouse({ store }: AssetDefinition): string {
  const [resource] = Object.values((store?.spec.resources ?? {}) as Readonly<Record<string, { readonly name: string }>>);
  return resource?.name ?? 'warehouse';
}
