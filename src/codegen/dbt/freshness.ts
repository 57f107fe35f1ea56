import { parseDuration } from '../../runtime/declare/duration.ts';

const PERIODS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** When `dbt source freshness` warns: a duration in whole days, hours or minutes, which is as fine as dbt has it; rounded up. */
export function freshnessOf(within: string): { readonly warn_after: { readonly count: number; readonly period: string } } {
  const milliseconds = parseDuration(within);
  const [period, length] = PERIODS.find(([, unit]) => milliseconds % unit === 0 && milliseconds > 0) ?? PERIODS[2];
  return { warn_after: { count: Math.max(1, Math.ceil(milliseconds / length)), period } };
}
