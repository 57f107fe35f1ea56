import type { TimeUnit } from '../../../runtime/partitions/definition.ts';
import { quoteIdentifier, quoteTable } from '../../../runtime/schema/quote.ts';
import type { ActualColumn } from '../../../runtime/schema/schema-difference.ts';
import { foldSlices } from '../slice-fold.ts';
import { hashed } from './describe-table.ts';
import { rowHash } from './row-hash.ts';
import type { Session } from './session.ts';

export interface SliceQuery {
  readonly table: string;
  readonly column: string;
  readonly unit: TimeUnit;
  readonly timezone: string;
  readonly columns: readonly ActualColumn[];
}

/** Adds up the hashes of rows in one query by stretches that no slice border cuts: the slice itself in UTC, quarter hours in other zones. */
export async function sliceVersions(
  session: Session,
  { table, column, unit, timezone, columns }: SliceQuery,
): Promise<Map<string, string>> {
  const at = `${quoteIdentifier(column, 'snowflake')}::TIMESTAMP_NTZ`;
  const bucket = unit === 'hour' || timezone === 'UTC' ? `DATE_TRUNC('${unit.toUpperCase()}', MOMENT)` : "TIME_SLICE(MOMENT, 15, 'MINUTE')";
  const rows = await session.select(
    `SELECT DATE_PART(EPOCH_SECOND, ${bucket}) AS STARTS, COUNT(*) AS N, SUM(H::NUMBER(20,0))::VARCHAR AS S
FROM (SELECT ${at} AS MOMENT, ${rowHash(hashed(columns))} AS H FROM ${quoteTable(table, 'snowflake')}) WHERE MOMENT IS NOT NULL GROUP BY 1`,
  );
  const buckets = rows.map((row) => ({ at: Number(row['starts']) * 1000, rows: Number(row['n']), xor: 0n, sum: BigInt(row['s'] ?? '0') }));
  return foldSlices(buckets, unit, timezone);
}
