import { calendarOf } from '../partitions/calendar.ts';
import type { PartitionsDefinition, TimeDefinition } from '../partitions/definition.ts';
import { crossKey } from '../partitions/key-text.ts';
import { parsePartition } from '../partitions/key.ts';
import { dimensionsOf } from '../partitions/pairing.ts';
import type { TimeZones } from '../partitions/time-zone.ts';
import { instantOf } from '../resource/row-in-slice.ts';
import type { WarehouseRow } from '../resource/warehouse.ts';
import type { StandIn } from '../store/store.ts';

/** Rows by a key, in its order. */
export type Division = ReadonlyMap<string, readonly WarehouseRow[]>;

interface Divided {
  readonly asset: string;
  readonly zones: TimeZones;
  readonly stood: StandIn;
}

/** Given rows by the partition that their columns tell. Those of no partition of the asset are none of its rows: PARTITION_UNKNOWN. */
export function divideGiven(definition: PartitionsDefinition, { asset, zones, stood: { given, partitionBy } }: Divided): Division {
  const dimensions = Object.entries(dimensionsOf(definition)).map(([name, dimension]) => {
    const column = typeof partitionBy === 'object' ? (partitionBy[name] ?? '') : (partitionBy ?? '');
    return { name, column, keyOf: keyReader(dimension, zones) };
  });
  const keyOf = (row: WarehouseRow): string =>
    definition.kind === 'cross'
      ? crossKey(Object.fromEntries(dimensions.map(({ name, column, keyOf: read }) => [name, read(row[column])])))
      : dimensions.map(({ column, keyOf: read }) => read(row[column])).join();
  const divided = divideBy(given.rows, keyOf);
  for (const key of divided.keys()) parsePartition(definition, key, { asset, zones });
  return divided;
}

/** Given rows by the ISO instant at which their slice of event time starts; those without a time are in none. */
export function divideByTime(
  grain: Pick<TimeDefinition, 'unit' | 'timezone'>,
  { zones, stood: { given, partitionBy } }: Omit<Divided, 'asset'>,
): Division {
  const calendar = calendarOf(grain, zones);
  return divideBy(given.rows, (row) => {
    const instant = typeof partitionBy === 'string' ? instantOf(row[partitionBy]) : undefined;
    return instant === undefined ? undefined : new Date(calendar.startOf(calendar.indexAt(instant))).toISOString();
  });
}

function keyReader(definition: PartitionsDefinition, zones: TimeZones): (value: unknown) => string {
  if (definition.kind !== 'time') return String;
  const calendar = calendarOf(definition, zones);
  return (value) => {
    const instant = instantOf(value);
    return instant === undefined ? String(value) : calendar.keyOf(calendar.indexAt(instant));
  };
}

function divideBy(rows: readonly WarehouseRow[], keyOf: (row: WarehouseRow) => string | undefined): Division {
  const divided = new Map<string, WarehouseRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const its = divided.get(key) ?? [];
    divided.set(key, its);
    its.push(row);
  }
  return new Map([...divided].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
