import type { CronSchedule } from '../../../../src/runtime/automation/cron.ts';
import type { PartitionsDefinition } from '../../../../src/runtime/partitions/definition.ts';
import { keysOf } from '../../../../src/runtime/partitions/list.ts';
import { dimensionsOf } from '../../../../src/runtime/partitions/pairing.ts';
import type { PartitionSlice, TimeRange } from '../../../../src/runtime/partitions/slice.ts';

const DAY = 86_400_000;
/** When clocks change in the zones of the cases, and a change of the year. */
const CHANGES = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01', '2027-01-01'].map((day) =>
  Date.parse(day),
);

/** A year behind every start of the cases. */
const YEAR: TimeRange = { from: Date.parse('2026-02-20'), to: Date.parse('2027-02-20') };

/** What of the year schedules are tried on: all of it, or the hours or days around the changes where they tick often. */
export function spansOf(crons: readonly CronSchedule[]): readonly TimeRange[] {
  const around = (days: number) => CHANGES.map((at) => ({ from: at - days * DAY, to: at + days * DAY }));
  if (crons.some(({ cron }) => /^\S+ \*/.test(cron))) return around(0.6);
  return crons.some(({ cron }) => /^\S+ \S+ \* \* (\*|1-5)$/.test(cron)) ? around(3) : [YEAR];
}

/** Keys to try a mapping on: those around the changes of clocks. */
export function someKeys(definition: PartitionsDefinition): readonly string[] {
  const units = Object.values(dimensionsOf(definition)).flatMap((dimension) => (dimension.kind === 'time' ? [dimension.unit] : []));
  const around = units.includes('hour') ? 1.1 * DAY : units.includes('day') ? 3 * DAY : 6 * DAY;
  const time: PartitionSlice = { kind: 'time', ranges: CHANGES.map((at) => ({ from: at - around, to: at + around })) };
  const dimensions = Object.fromEntries(
    Object.entries(dimensionsOf(definition)).map(([name, { kind }]) => [name, kind === 'time' ? time : ALL]),
  );
  const slice: PartitionSlice = definition.kind === 'cross' ? { kind: 'cross', dimensions } : definition.kind === 'time' ? time : ALL;
  return [...keysOf(definition, { ...EXISTING, slice })];
}

const ALL: PartitionSlice = { kind: 'all' };

/** All that exists for a mapping: long after all keys. */
export const EXISTING = { now: new Date('2027-12-31'), dynamicKeys: { tenants: ['t1', 't2'] } };
