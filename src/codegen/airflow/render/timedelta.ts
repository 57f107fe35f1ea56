import type { Expression } from '../../python/ast.ts';
import { call, float, imported, num } from '../../python/build.ts';

const UNITS = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1_000],
  ['milliseconds', 1],
] as const;

/** `timedelta(minutes=5)`: milliseconds in the largest unit that they are a whole number of. */
export function timedelta(milliseconds: number): Expression {
  const [unit, length] = UNITS.find(([, of]) => milliseconds % of === 0 && milliseconds >= of) ?? (['milliseconds', 1] as const);
  const amount = milliseconds / length;
  return call(imported('datetime', 'timedelta'), [], { [unit]: Number.isInteger(amount) ? num(amount) : float(amount) });
}
