import type { CrossDefinition, PartitionsDefinition, TimeDefinition, TimeUnit } from './definition.ts';
import type { TimeZones } from './time-zone.ts';
import { startInstant } from './calendar.ts';

export type Dimension = Exclude<PartitionsDefinition, CrossDefinition>;

/** How one dimension of an upstream is decided: by the downstream's dimension of that name, or by none, and then all of it is read. */
export interface Pair {
  /** The empty name where the definition is no cross. */
  readonly upstreamName: string;
  readonly upstream: Dimension;
  readonly downstreamName: string;
  readonly downstream: Dimension;
}

/** The dimensions of a definition by name; one of the empty name where it is no cross. */
export function dimensionsOf(definition: PartitionsDefinition): Readonly<Record<string, Dimension>> {
  if (definition.kind !== 'cross') return { '': definition };
  return Object.fromEntries(
    Object.entries(definition.dimensions).filter((entry): entry is [string, Dimension] => entry[1].kind !== 'cross'),
  );
}

/** Its dimensions of time. */
export const timesOf = (definition: PartitionsDefinition): readonly TimeDefinition[] =>
  Object.values(dimensionsOf(definition)).filter((dimension) => dimension.kind === 'time');

/** The finer units that a unit consists of. A month does not consist of weeks. */
const CONSISTS_OF: Readonly<Record<TimeUnit, readonly TimeUnit[]>> = {
  hour: [],
  day: ['hour'],
  week: ['hour', 'day'],
  month: ['hour', 'day'],
};

/** Why a downstream's dimension cannot decide an upstream's; undefined where it can. `around` is for a window of steps: any two time dimensions will do. */
export function dimensionProblem(
  downstream: Dimension,
  upstream: Dimension,
  { around, zones }: { around: boolean; zones: TimeZones },
): string | undefined {
  if (downstream.kind === 'time' && upstream.kind === 'time') return around ? undefined : timeProblem(downstream, upstream, zones);
  if (downstream.kind === 'static' && upstream.kind === 'static') {
    const keys = new Set(upstream.keys);
    const missing = downstream.keys.filter((key) => !keys.has(key));
    return missing.length === 0 ? undefined : `the upstream has no partition ${missing.slice(0, 5).join(', ')}`;
  }
  if (downstream.kind === 'dynamic' && upstream.kind === 'dynamic' && downstream.name === upstream.name) return undefined;
  return `${nameOf(downstream)} do not say which of the upstream's ${nameOf(upstream)} to read`;
}

/** True where each window of the first lies within one of the second: it is of a finer unit. */
export const isFiner = (one: Dimension, other: Dimension): boolean =>
  one.kind === 'time' && other.kind === 'time' && CONSISTS_OF[other.unit].includes(one.unit);

/** The windows of the coarser one must consist of whole windows of the other. */
function timeProblem(downstream: TimeDefinition, upstream: TimeDefinition, zones: TimeZones): string | undefined {
  if (!isFiner(downstream, upstream)) return consistProblem(downstream, upstream, zones);
  return (
    consistProblem(upstream, downstream, zones) &&
    `${nameOf(downstream)} in ${downstream.timezone} do not lie within whole ${upstream.unit}s in ${upstream.timezone}`
  );
}

function consistProblem(downstream: TimeDefinition, upstream: TimeDefinition, zones: TimeZones): string | undefined {
  const one = downstream.unit === 'hour' ? 'an hour' : `a ${downstream.unit}`;
  const nested = CONSISTS_OF[downstream.unit].includes(upstream.unit);
  if (downstream.unit !== upstream.unit && !nested) return `${one} does not consist of the upstream's whole ${upstream.unit}s`;
  if (upstream.unit === 'hour') {
    if (downstream.unit === 'hour' || hasWholeHours(downstream, zones)) return undefined;
    return `${one} in ${downstream.timezone} does not consist of whole hours of UTC`;
  }
  if (zones.get(downstream.timezone).name === zones.get(upstream.timezone).name) return undefined;
  return `${one} in ${downstream.timezone} does not consist of whole ${upstream.unit}s in ${upstream.timezone}`;
}

/** Looks at both halves of each of the thirty years from the start on. */
function hasWholeHours(definition: TimeDefinition, zones: TimeZones): boolean {
  const zone = zones.get(definition.timezone);
  const year = new Date(startInstant(definition, zones) ?? 0).getUTCFullYear();
  return Array.from({ length: 60 }, (_, half) => Date.UTC(year, half * 6)).every((instant) => zone.offsetAt(instant) % 3_600_000 === 0);
}

/** Pairs the dimensions of two crosses by name, and a definition that is no cross with the one dimension of the other that fits it. */
export function pairDimensions(
  downstream: PartitionsDefinition,
  upstream: PartitionsDefinition,
  options: { readonly around: boolean; readonly zones: TimeZones },
): readonly Pair[] {
  const below = dimensionsOf(downstream);
  const above = dimensionsOf(upstream);
  if (downstream.kind === upstream.kind || (downstream.kind !== 'cross' && upstream.kind !== 'cross')) {
    return Object.entries(above).flatMap(([name, dimension]) =>
      Object.hasOwn(below, name) ? [{ upstreamName: name, upstream: dimension, downstreamName: name, downstream: below[name]! }] : [],
    );
  }
  const all = Object.entries(above).flatMap(([upstreamName, up]) =>
    Object.entries(below).map(([downstreamName, down]) => ({ upstreamName, upstream: up, downstreamName, downstream: down })),
  );
  const fitting = all.filter((pair) => dimensionProblem(pair.downstream, pair.upstream, options) === undefined);
  return fitting.length === 1 ? fitting : [];
}

/** `days`, `static keys`, `dynamic keys of tenants`: for messages. */
export function nameOf(dimension: Dimension): string {
  switch (dimension.kind) {
    case 'time':
      return `${dimension.unit}s`;
    case 'static':
      return 'static keys';
    case 'dynamic':
      return `dynamic keys of ${dimension.name}`;
  }
}
