import type { PartitionsDefinition } from '../partitions/definition.ts';
import type { PartitionSlice } from '../partitions/slice.ts';
import type { SliceFilter } from '../resource/warehouse.ts';

/** The column that tells which partition a row belongs to; of a cross one for each dimension. */
export type PartitionBy<C extends string = string> = C | Readonly<Record<string, C>>;

/** The part of a table that a slice is; undefined for all of it. */
export function slicesOf(slice: PartitionSlice, partitionBy: PartitionBy | undefined): readonly SliceFilter[] | undefined {
  if (partitionBy === undefined || slice.kind === 'all') return undefined;
  if (slice.kind !== 'cross') return typeof partitionBy === 'string' ? [filterOf(slice, partitionBy)].flat() : undefined;
  const filters = Object.entries(slice.dimensions).flatMap(([name, part]) => {
    const column = typeof partitionBy === 'string' ? undefined : partitionBy[name];
    return column === undefined ? [] : filterOf(part, column);
  });
  return filters.length === 0 ? undefined : filters;
}

function filterOf(slice: PartitionSlice, column: string): readonly SliceFilter[] {
  switch (slice.kind) {
    case 'time':
      return [{ kind: 'ranges', column, ranges: slice.ranges }];
    case 'keys':
      return [{ kind: 'values', column, values: slice.keys }];
    case 'all':
    case 'cross':
      return [];
  }
}

export const partitionColumns = (partitionBy: PartitionBy | undefined): readonly string[] =>
  partitionBy === undefined ? [] : typeof partitionBy === 'string' ? [partitionBy] : Object.values(partitionBy);

/** What `partitionBy` does not say of these partitions, or says of none that there are. */
export function partitionByProblems(partitionBy: PartitionBy | undefined, partitions: PartitionsDefinition | undefined): readonly string[] {
  if (partitions === undefined)
    return typeof partitionBy === 'object'
      ? ['it names columns for dimensions, and the asset is no cross of any: name one column in partitionBy']
      : [];
  const names = partitions.kind === 'cross' ? Object.keys(partitions.dimensions).toSorted() : [];
  const form = partitions.kind === 'cross' ? `{ partitionBy: { ${names.map((name) => `${name}: …`).join(', ')} } }` : '{ partitionBy: … }';
  if (partitionBy === undefined)
    return [`the asset has partitions, and its table does not say which of them a row belongs to: add ${form}`];
  if (partitions.kind !== 'cross')
    return typeof partitionBy === 'string' ? [] : ['its partitions have no dimensions: name one column in partitionBy'];
  if (typeof partitionBy === 'string') return [`its partitions have several dimensions: name a column for each, ${form}`];
  const missing = names.filter((name) => !Object.hasOwn(partitionBy, name));
  const strange = Object.keys(partitionBy).filter((name) => !names.includes(name));
  return [
    ...missing.map((name) => `partitionBy names no column for the dimension "${name}": write ${form}`),
    ...strange.map((name) => `partitionBy names the dimension "${name}", which the asset does not have: write ${form}`),
  ];
}
