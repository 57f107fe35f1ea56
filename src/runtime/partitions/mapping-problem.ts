import type { Mapping } from '../declare/definition.ts';
import type { PartitionsDefinition } from './definition.ts';
import { dimensionProblem, dimensionsOf, isFiner, nameOf, pairDimensions, type Pair } from './pairing.ts';
import { createTimeZones, type TimeZones } from './time-zone.ts';

export interface MappingProblem {
  readonly code: 'PARTITION_MAPPING' | 'PARTITION_FAN_IN';
  /** A sentence with its remedy, without the names of the assets. */
  readonly message: string;
}

export interface MappingProblemOptions {
  readonly mapping: Mapping;
  readonly downstream: PartitionsDefinition | undefined;
  readonly upstream: PartitionsDefinition | undefined;
  /** True where the upstream's store holds rows: one handle can then cover many partitions. */
  readonly holdsRows: boolean;
  readonly zones?: TimeZones;
}

/** Why a dependency has no meaning for these partitions; undefined where it has one. Both definitions must be without problems of their own. */
export function mappingProblem({ zones = createTimeZones(), ...options }: MappingProblemOptions): MappingProblem | undefined {
  const { mapping, downstream, upstream } = options;
  switch (mapping.kind) {
    case 'order':
    case 'every':
      return undefined;
    case 'custom':
      if (upstream === undefined) return mappingOf('mapped needs an upstream with partitions: depend on the asset itself.');
      return downstream === undefined
        ? mappingOf('mapped needs partitions on this asset too: use every(…), or give it partitions.')
        : undefined;
    case 'window':
      return windowProblem(mapping, { downstream, upstream, zones });
    case 'same':
      return upstream === undefined ? undefined : sameProblem({ downstream, upstream, holdsRows: options.holdsRows, zones });
  }
}

interface Sides {
  readonly downstream: PartitionsDefinition | undefined;
  readonly upstream: PartitionsDefinition | undefined;
  readonly zones: TimeZones;
}

const mappingOf = (message: string): MappingProblem => ({ code: 'PARTITION_MAPPING', message });

function windowProblem({ from, to }: { from: number; to: number }, { downstream, upstream, zones }: Sides): MappingProblem | undefined {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from > to) {
    return mappingOf(`window from ${from} to ${to} is empty: give whole numbers, the smaller one as from.`);
  }
  if (upstream === undefined) return mappingOf('window needs an upstream with partitions: depend on the asset itself.');
  if (downstream === undefined) return mappingOf('window needs partitions on this asset too: use every(…), or give it partitions.');
  const pairs = pairDimensions(downstream, upstream, { around: true, zones });
  if (pairs.filter((pair) => pair.upstream.kind === 'time' && pair.downstream.kind === 'time').length !== 1) {
    return mappingOf(
      `window needs exactly one time dimension that both assets have: ${describe(downstream)} over ${describe(upstream)} is not such. Use every(…).`,
    );
  }
  const problem = firstProblem(pairs, { around: true, zones });
  return problem === undefined ? undefined : mappingOf(`${capital(problem)}: change the partitions of one of the two, or use every(…).`);
}

function sameProblem(sides: Sides & { upstream: PartitionsDefinition; holdsRows: boolean }): MappingProblem | undefined {
  const { downstream, upstream, holdsRows, zones } = sides;
  const options = { around: false, zones };
  const pairs = downstream === undefined ? [] : pairDimensions(downstream, upstream, options);
  if (downstream !== undefined) {
    const problem = firstProblem(pairs, options) ?? (pairs.length === 0 ? unpaired(downstream, upstream, zones) : undefined);
    if (problem !== undefined) {
      const bothTime = pairs.some((pair) => pair.downstream.kind === 'time' && pair.upstream.kind === 'time');
      const remedy = bothTime
        ? 'use window(…, { from: 0, to: 0 }) for those that overlap it, or every(…)'
        : 'use every(…), or change the partitions of one of the two';
      return mappingOf(`${capital(problem)}: ${remedy}.`);
    }
  }
  if (holdsRows || !readsMany(pairs, upstream)) return undefined;
  const one = downstream === undefined ? 'This asset without partitions' : `One partition of this asset (${describe(downstream)})`;
  return {
    code: 'PARTITION_FAN_IN',
    message: `${one} reads several of the upstream's (${describe(upstream)}), whose store keeps one value for each: use every(…) or window(…) to receive them as a collection.`,
  };
}

function firstProblem(pairs: readonly Pair[], options: { around: boolean; zones: TimeZones }): string | undefined {
  for (const { downstream, upstream } of pairs) {
    const problem = dimensionProblem(downstream, upstream, options);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function unpaired(downstream: PartitionsDefinition, upstream: PartitionsDefinition, zones: TimeZones): string {
  const fits = Object.values(dimensionsOf(downstream)).flatMap((below) =>
    Object.values(dimensionsOf(upstream)).filter((above) => dimensionProblem(below, above, { around: false, zones }) === undefined),
  );
  if (downstream.kind === 'cross' && upstream.kind === 'cross') return 'the two crosses have no dimension in common';
  const count = fits.length === 0 ? 'no dimension fits' : 'more than one dimension fits';
  return `${count} between ${describe(downstream)} and the upstream's ${describe(upstream)}`;
}

/** True where one downstream partition meets several upstream ones: in a dimension it does not have, or in finer time units. */
function readsMany(pairs: readonly Pair[], upstream: PartitionsDefinition): boolean {
  if (pairs.length < Object.keys(dimensionsOf(upstream)).length) return true;
  return pairs.some(({ upstream: above, downstream: below }) => isFiner(above, below));
}

function describe(definition: PartitionsDefinition): string {
  return Object.entries(dimensionsOf(definition))
    .map(([name, dimension]) => (name === '' ? nameOf(dimension) : `${name}: ${nameOf(dimension)}`))
    .join(', ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
