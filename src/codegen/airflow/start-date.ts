import { previousTick } from '../../runtime/automation/cron.ts';
import type { AirflowJobSettings } from '../../runtime/declare/airflow.ts';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import { calendarOf, firstIndex, startInstant } from '../../runtime/partitions/calendar.ts';
import { timesOf } from '../../runtime/partitions/pairing.ts';
import type { TimeZones } from '../../runtime/partitions/time-zone.ts';
import type { Schedule } from './schedule.ts';

/** Any day in the past does where nothing says from when on there is something to do; it is fixed, so that the file is. */
const LONG_AGO = '2024-01-01';

export interface StartDate {
  /** Wall time in the zone, as numbers for `pendulum.datetime`: year, month and day, with hour, minute and second as far as they are not zero. */
  readonly at: readonly number[];
  readonly timezone: string;
}

interface Starting {
  readonly schedule: Schedule;
  /** Whether each run is asked for the partitions that its interval completes. */
  readonly windows: boolean;
  readonly settings: AirflowJobSettings;
  readonly assets: readonly AssetDefinition[];
}

/**
 * The first instant from which on a DAG has something to do: that of its settings, else that at which its partitions begin. A run for one partition begins
 * when the first one has ended, and the first interval at the tick before the partitions do.
 */
export function startDateOf({ schedule, windows, settings, assets }: Starting, zones: TimeZones): StartDate {
  const timezone = timezoneOf(schedule);
  const given = settings.startDate === undefined ? undefined : startInstant({ start: settings.startDate, timezone }, zones);
  const begin = earliest(assets, schedule, zones);
  const [cron] = windows && schedule.kind === 'time' ? schedule.crons : [];
  const tick = begin === undefined || cron === undefined ? undefined : previousTick(cron, new Date(begin))?.getTime();
  const first = given ?? tick ?? begin ?? startInstant({ start: LONG_AGO, timezone }, zones) ?? 0;
  const wall = new Date(first + zones.get(timezone).offsetAt(first));
  const parts = [
    wall.getUTCFullYear(),
    wall.getUTCMonth() + 1,
    wall.getUTCDate(),
    wall.getUTCHours(),
    wall.getUTCMinutes(),
    wall.getUTCSeconds(),
  ];
  while (parts.length > 3 && parts.at(-1) === 0) parts.pop();
  return { at: parts, timezone };
}

/** The zone of a DAG's first schedule. */
function timezoneOf(schedule: Schedule): string {
  switch (schedule.kind) {
    case 'partition':
      return schedule.cron.timezone;
    case 'time':
    case 'assets-or-time':
      return schedule.crons[0]?.timezone ?? 'UTC';
    case 'none':
    case 'assets':
    case 'partitioned-assets':
      return 'UTC';
  }
}

function earliest(assets: readonly AssetDefinition[], { kind }: Schedule, zones: TimeZones): number | undefined {
  const times = assets.flatMap(({ partitions }) => (partitions === undefined ? [] : timesOf(partitions)));
  const starts = times.map((definition) => {
    const calendar = calendarOf(definition, zones);
    return calendar.startOf(firstIndex(definition, zones) + (kind === 'partition' ? 1 : 0));
  });
  return starts.length === 0 ? undefined : Math.min(...starts);
}
