import type { PartitionsDefinition } from '../partitions/definition.ts';
import { crossParts } from '../partitions/key-text.ts';
import type { DynamicKeys } from '../partitions/key.ts';
import { dimensionsOf } from '../partitions/pairing.ts';
import type { RunEvent } from './event.ts';

/** The registered keys with those of the partitions that fixtures stand in for: what is given exists. */
export function withGivenKeys(
  registered: DynamicKeys,
  given: readonly RunEvent[],
  definitionOf: (asset: string) => PartitionsDefinition | undefined,
): DynamicKeys {
  const keys = new Map<string, readonly string[]>(Object.entries(registered));
  for (const event of given) {
    const definition = 'asset' in event && event.partition !== undefined ? definitionOf(event.asset) : undefined;
    if (definition === undefined || !('asset' in event) || event.partition === undefined) continue;
    for (const [name, dimension] of Object.entries(dimensionsOf(definition))) {
      const key = name === '' ? event.partition : crossParts(event.partition).get(name);
      const known = dimension.kind === 'dynamic' ? (keys.get(dimension.name) ?? []) : [];
      if (dimension.kind === 'dynamic' && key !== undefined && !known.includes(key)) keys.set(dimension.name, [...known, key]);
    }
  }
  return Object.fromEntries(keys);
}
