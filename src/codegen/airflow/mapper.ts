import type { Mapping } from '../../runtime/declare/definition.ts';
import type { PartitionsDefinition, TimeDefinition, TimeUnit } from '../../runtime/partitions/definition.ts';
import { dimensionsOf, isFiner, type Dimension } from '../../runtime/partitions/pairing.ts';

/** What Airflow makes of an upstream's partition key: the key (or keys) of the runs that it starts. Its own partition mappers, as data. */
export type Mapper =
  | { readonly kind: 'identity' }
  | { readonly kind: 'allowed'; readonly keys: readonly string[] }
  | { readonly kind: 'fixed'; readonly key: string }
  | StartOf
  /** Waits until all that lies in the window has come. */
  | { readonly kind: 'roll-up'; readonly of: StartOf; readonly window: TimeUnit }
  | FanOut
  | { readonly kind: 'chain'; readonly of: readonly Mapper[] }
  | { readonly kind: 'product'; readonly of: readonly Mapper[] };

export interface StartOf {
  readonly kind: 'start-of';
  readonly unit: TimeUnit;
  readonly timezone: string;
  readonly input: string;
  readonly output: string;
}

export interface FanOut {
  readonly kind: 'fan-out';
  readonly of: StartOf;
  readonly window: TimeUnit;
  readonly to: StartOf;
}

/** How a key of each unit is written, for `strftime`. */
export const KEY_FORMATS: Readonly<Record<TimeUnit, string>> = {
  hour: '%Y-%m-%dT%H:%MZ',
  day: '%Y-%m-%d',
  week: '%Y-%m-%d',
  month: '%Y-%m',
};

/** What came of looking for a mapper. `emulated` says how it differs from the dependency. */
export type MapperFound = { readonly mapper: Mapper; readonly emulated?: string } | { readonly problem: string };

export interface MappedSides {
  readonly mapping: Mapping;
  readonly upstream: PartitionsDefinition;
  readonly downstream: PartitionsDefinition;
}

/** The mapper that starts, for a new partition of the upstream, the partitions of the downstream that read it. */
export function mapperOf({ mapping, upstream, downstream }: MappedSides): MapperFound {
  switch (mapping.kind) {
    case 'same':
    case 'order':
      return pairMapper(upstream, downstream);
    case 'window': {
      const found = pairMapper(upstream, downstream);
      if ('problem' in found || !keepsKeys(found.mapper)) return { problem: 'a window of partitions of another unit has no mapper' };
      const emulated =
        'it starts the partition of the same key; those around it that were made before are made again by the same run (--with-stale)';
      return { mapper: found.mapper, emulated };
    }
    case 'every':
      return { problem: 'each of its partitions is read by every partition, which no mapper says' };
    case 'custom':
      return { problem: 'the functions of mapped(…) are TypeScript, which Airflow cannot call' };
  }
}

function keepsKeys(mapper: Mapper): boolean {
  switch (mapper.kind) {
    case 'identity':
    case 'allowed':
      return true;
    case 'product':
      return mapper.of.every(keepsKeys);
    case 'fixed':
    case 'start-of':
    case 'roll-up':
    case 'fan-out':
    case 'chain':
      return false;
  }
}

function pairMapper(upstream: PartitionsDefinition, downstream: PartitionsDefinition): MapperFound {
  if (upstream.kind !== 'cross' && downstream.kind !== 'cross') return dimensionMapper(upstream, downstream, '');
  const [above, below] = [dimensionsOf(upstream), dimensionsOf(downstream)];
  const names = Object.keys(above).toSorted();
  if (upstream.kind !== downstream.kind || names.join('|') !== Object.keys(below).toSorted().join('|'))
    return { problem: 'its partitions have other dimensions, and no mapper adds or drops one' };
  const found = names.map((name) => dimensionMapper(above[name]!, below[name]!, `${name}=`));
  const problem = found.find((one) => 'problem' in one);
  if (problem !== undefined) return problem;
  const mappers = found.flatMap((one) => ('mapper' in one ? [one] : []));
  if (mappers.some(({ mapper }) => mapper.kind === 'fan-out' || mapper.kind === 'chain'))
    return { problem: 'one key of a cross stands for several, which no mapper of Airflow makes' };
  const rolled = mappers.some(({ mapper }) => mapper.kind === 'roll-up');
  const emulated = rolled ? EACH : mappers.find((one) => one.emulated !== undefined)?.emulated;
  const of = mappers.map(({ mapper }) => (mapper.kind === 'roll-up' ? mapper.of : mapper));
  const mapper: Mapper = of.every(({ kind }) => kind === 'identity') ? { kind: 'identity' } : { kind: 'product', of };
  return { mapper, ...(emulated !== undefined && { emulated }) };
}

const EACH = 'it starts at each of the finer partitions, as it does locally, and does not wait for the last one';

/** The mapper of one dimension, whose keys begin with `prefix`. */
function dimensionMapper(upstream: Dimension, downstream: Dimension, prefix: string): MapperFound {
  if (upstream.kind === 'time' && downstream.kind === 'time') return timeMapper(upstream, downstream, prefix);
  if (upstream.kind === 'static' && downstream.kind === 'static')
    return { mapper: { kind: 'allowed', keys: downstream.keys.map((key) => prefix + key) } };
  if (upstream.kind === 'dynamic' && downstream.kind === 'dynamic' && upstream.name === downstream.name)
    return { mapper: { kind: 'identity' } };
  return { problem: 'its partitions are of another kind, and nothing maps their keys' };
}

function timeMapper(upstream: TimeDefinition, downstream: TimeDefinition, prefix: string): MapperFound {
  const zoned = upstream.unit !== 'hour' && downstream.unit !== 'hour';
  if (zoned && upstream.timezone !== downstream.timezone && !(isUtc(upstream) && isUtc(downstream)))
    return { problem: `a ${upstream.unit} in ${upstream.timezone} is none in ${downstream.timezone}` };
  if (upstream.unit === downstream.unit) return { mapper: { kind: 'identity' } };
  if (isFiner(upstream, downstream)) return rollUp(upstream, downstream, prefix);
  if (isFiner(downstream, upstream)) return fanOut(upstream, downstream, prefix);
  return { problem: `a ${downstream.unit} does not consist of whole ${upstream.unit}s` };
}

/** Airflow's windows: of which finer unit each consists. */
const WINDOWS: Partial<Readonly<Record<TimeUnit, TimeUnit>>> = { day: 'hour', week: 'day', month: 'day' };

const isUtc = ({ timezone }: TimeDefinition): boolean => /^(Etc\/)?(UTC|GMT)$/i.test(timezone);
const formatOf = (unit: TimeUnit, prefix: string): string => prefix.replaceAll('%', '%%') + KEY_FORMATS[unit];

function rollUp(upstream: TimeDefinition, downstream: TimeDefinition, prefix: string): MapperFound {
  // Dates need no zone: days of a zone are mapped to weeks and months of the same one. Hours are those of UTC, and lie in days of the zone.
  const inZone = upstream.unit === 'hour' && !isUtc(downstream);
  const of: StartOf = {
    kind: 'start-of',
    unit: downstream.unit,
    timezone: inZone ? downstream.timezone : 'UTC',
    input: inZone ? formatOf('hour', prefix).replace(/Z$/, '%z') : formatOf(upstream.unit, prefix),
    output: formatOf(downstream.unit, prefix),
  };
  if (inZone || WINDOWS[downstream.unit] !== upstream.unit) return { mapper: of, emulated: EACH };
  return { mapper: { kind: 'roll-up', of, window: downstream.unit } };
}

function fanOut(upstream: TimeDefinition, downstream: TimeDefinition, prefix: string): MapperFound {
  if (downstream.unit === 'hour' && !isUtc(upstream))
    return { problem: `the hours of a ${upstream.unit} in ${upstream.timezone} are none of Airflow's windows` };
  const step = (from: TimeUnit, to: TimeUnit): FanOut => ({ kind: 'fan-out', of: own(from, prefix), window: from, to: own(to, prefix) });
  if (WINDOWS[upstream.unit] === downstream.unit) return { mapper: step(upstream.unit, downstream.unit) };
  return { mapper: { kind: 'chain', of: [step(upstream.unit, 'day'), step('day', 'hour')] } };
}

const own = (unit: TimeUnit, prefix: string): StartOf => ({
  kind: 'start-of',
  unit,
  timezone: 'UTC',
  input: formatOf(unit, prefix),
  output: formatOf(unit, prefix),
});
