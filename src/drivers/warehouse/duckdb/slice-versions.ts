import { quoteIdentifier, quoteLiteral, quoteTable } from '../../../runtime/schema/quote.ts';
import { rowHash } from './row-hash.ts';

export interface SliceQuery {
  readonly table: string;
  readonly column: string;
  readonly unit: 'hour' | 'day' | 'week' | 'month';
  readonly timezone: string;
  /** What is hashed. */
  readonly columns: readonly string[];
}

/**
 * Rows, and two order-independent folds of their hashes, for each slice by its start in milliseconds. Rows are first folded by quarter hours
 * in UTC, which no time zone's slices cut: only those need the costly conversion.
 */
export function sliceQuery({ table, column, unit, timezone, columns }: SliceQuery): string {
  const at = `CAST(${quoteIdentifier(column, 'duckdb')} AS TIMESTAMP)`;
  const utc = timezone === 'UTC';
  return `
    WITH hashed AS (SELECT ${at} AS at, ${rowHash(columns)} AS h FROM ${quoteTable(table, 'duckdb')}),
    folded AS (
      SELECT ${utc ? `date_trunc('${unit}', at)` : `time_bucket(INTERVAL 15 MINUTE, at)`} AS bucket, count(*) AS n, bit_xor(h) AS x, sum(h) AS s
      FROM hashed WHERE at IS NOT NULL GROUP BY bucket
    )
    SELECT epoch_ms(${utc ? 'bucket' : sliceStart(unit, quoteLiteral(timezone, 'duckdb'))}) AS slice, sum(n)::BIGINT AS n, bit_xor(x) AS x, sum(s) AS s
    FROM folded GROUP BY slice ORDER BY slice`;
}

/**
 * The instant in UTC at which the bucket's slice begins by local time. An hour is found by going back from the bucket, so that both hours of
 * an autumn night stay apart; of two local midnights the first one begins the day.
 */
function sliceStart(unit: SliceQuery['unit'], zone: string): string {
  const local = (instant: string) => `timezone(${zone}, timezone('UTC', ${instant}))`;
  const floor = `date_trunc('${unit}', ${local('bucket')})`;
  if (unit === 'hour') return `bucket - (${local('bucket')} - ${floor})`;
  const start = `timezone('UTC', timezone(${zone}, ${floor}))`;
  const earlier = `(${start} - INTERVAL 1 HOUR)`;
  return `CASE WHEN ${local(earlier)} = ${floor} THEN ${earlier} ELSE ${start} END`;
}
