import type { CronSchedule } from '../../../runtime/automation/cron.ts';
import type { Expression } from '../../python/ast.ts';
import { binary, call, dict, list, none, num, str } from '../../python/build.ts';
import type { AssetExpression, Schedule } from '../schedule.ts';
import { mapperExpression } from './mapper.ts';
import { sdk, type AirflowNames } from './names.ts';

export interface ScheduleParts {
  readonly names: AirflowNames;
  /** The variable of an asset. */
  asset(key: string): Expression;
}

/** The `schedule` of a DAG. */
export function scheduleExpression(schedule: Schedule, parts: ScheduleParts): Expression {
  switch (schedule.kind) {
    case 'none':
      return none;
    case 'time':
      return ticks(schedule.crons, parts);
    case 'partition': {
      const { cron, timezone } = schedule.cron;
      // The partition of a tick is the one that has just ended.
      return call(sdk('CronPartitionTimetable'), [str(cron)], {
        timezone: str(timezone),
        run_offset: num(-1),
        key_format: str(schedule.keyFormat),
      });
    }
    case 'assets':
      // Of one asset, a list: what Airflow takes it for does not depend on its kind.
      return schedule.assets.kind === 'asset' ? list([parts.asset(schedule.assets.key)]) : assetExpression(schedule.assets, parts);
    case 'assets-or-time':
      return call(parts.names.assetOrTime, [], {
        timetable: ticks(schedule.crons, parts),
        assets: assetExpression(schedule.assets, parts),
      });
    case 'partitioned-assets': {
      const config = Object.entries(schedule.mappers).map(([key, mapper]) => [parts.asset(key), mapperExpression(mapper)] as const);
      return call(sdk('PartitionedAssetTimetable'), [], {
        assets: assetExpression(schedule.assets, parts),
        partition_mapper_config: dict(config),
      });
    }
  }
}

function ticks(crons: readonly CronSchedule[], { names }: ScheduleParts): Expression {
  const [first, ...others] = crons;
  if (first === undefined) return none;
  if (others.length === 0) return call(names.cronDataInterval, [str(first.cron)], { timezone: str(first.timezone) });
  return call(
    sdk('MultipleCronTriggerTimetable'),
    crons.map(({ cron }) => str(cron)),
    { timezone: str(first.timezone) },
  );
}

function assetExpression(expression: AssetExpression, parts: ScheduleParts): Expression {
  switch (expression.kind) {
    case 'asset':
      return parts.asset(expression.key);
    case 'any':
    case 'all':
      return binary(
        expression.kind === 'any' ? '|' : '&',
        expression.of.map((part) => assetExpression(part, parts)),
      );
  }
}
