// Partitions, and what a function gets as its own.
import { asset, partitions, type Partitions, type TimeWindow } from 'spindle';
import { exactly } from '../exactly.ts';
import { days, hourly, perRegion, regions } from '../pipeline.ts';

const names = ['eu', 'us'] as const;
const anyNames: string[] = [];

// case: hours
asset('a', { partitions: hourly }).run((_, { partition }) => exactly<TimeWindow>()(partition));
// case: days, weeks and months of a time zone
for (const of of [partitions.daily, partitions.weekly, partitions.monthly])
  asset('a', { partitions: of({ start: '2026-01-01', timezone: 'Europe/Berlin' }) }).run((_, { partition }) =>
    exactly<Date>()(partition.end),
  );
// case: keys
asset('a', { partitions: partitions.of(['eu', 'us']) }).run((_, { partition }) => exactly<'eu' | 'us'>()(partition));
// case: keys of a constant
asset('a', { partitions: partitions.of(names) }).run((_, { partition }) => exactly<'eu' | 'us'>()(partition));
// case: keys that are not known
asset('a', { partitions: partitions.of(anyNames) }).run((_, { partition }) => exactly<string>()(partition));
// case: dynamic keys
asset('a', { partitions: partitions.dynamic('tenants') }).run((_, { partition }) => exactly<string>()(partition));
// case: a cross of every kind
asset('a', { partitions: partitions.cross({ hour: hourly, region: regions, tenant: partitions.dynamic('tenants') }) }).run(
  (_, { partition }) => exactly<{ hour: TimeWindow; region: 'eu' | 'us'; tenant: string }>()(partition),
);
// case: a cross in a cross
asset('a', { partitions: partitions.cross({ place: partitions.cross({ region: regions }), hour: hourly }) }).run((_, { partition }) =>
  exactly<'eu' | 'us'>()(partition.place.region),
);
// case: partitions of a declared type
const declared: Partitions<TimeWindow> = hourly;
asset('a', { partitions: declared }).run((_, { partition }) => exactly<string>()(partition.key));
// case: a key as a value
asset('a', { deps: { perRegion }, partitions: regions }).run(({ perRegion }) => exactly<'eu' | 'us'>()(perRegion));
// case: the same partition of another asset
asset('a', { deps: { days }, partitions: partitions.daily({ start: '2026-01-01' }) }).run(({ days }) => exactly<number>()(days));
