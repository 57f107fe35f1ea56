import type { TimeUnit } from '../../../runtime/partitions/definition.ts';
import type { Expression } from '../../python/ast.ts';
import { call, list, str } from '../../python/build.ts';
import type { Mapper, StartOf } from '../mapper.ts';
import { sdk } from './names.ts';

const UNIT_NAMES: Readonly<Record<TimeUnit, string>> = { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' };

/** A partition mapper of Airflow. */
export function mapperExpression(mapper: Mapper): Expression {
  switch (mapper.kind) {
    case 'identity':
      return call(sdk('IdentityMapper'));
    case 'allowed':
      return call(sdk('AllowedKeyMapper'), [list(mapper.keys.map(str))]);
    case 'fixed':
      return call(sdk('FixedKeyMapper'), [str(mapper.key)]);
    case 'start-of':
      return startOf(mapper);
    case 'roll-up':
      return call(sdk('RollupMapper'), [], { upstream_mapper: startOf(mapper.of), window: window(mapper.window) });
    case 'fan-out':
      return call(sdk('FanOutMapper'), [], {
        upstream_mapper: startOf(mapper.of),
        window: window(mapper.window),
        downstream_mapper: startOf(mapper.to),
      });
    case 'chain':
      return call(sdk('ChainMapper'), mapper.of.map(mapperExpression));
    case 'product':
      return call(sdk('ProductMapper'), mapper.of.map(mapperExpression));
  }
}

const window = (unit: TimeUnit): Expression => call(sdk(`${UNIT_NAMES[unit]}Window`));

function startOf({ unit, timezone, input, output }: StartOf): Expression {
  return call(sdk(`StartOf${UNIT_NAMES[unit]}Mapper`), [], {
    timezone: timezone === 'UTC' ? undefined : str(timezone),
    input_format: str(input),
    output_format: str(output),
  });
}
