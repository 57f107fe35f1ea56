import type { DuckDBConnection } from '@duckdb/node-api';
import type { TimeUnit } from '../../../runtime/partitions/definition.ts';
import { quoteIdentifier, quoteTable } from '../../../runtime/schema/quote.ts';
import { foldSlices } from '../slice-fold.ts';
import { rowHash } from './row-hash.ts';
import { selectRows } from './rows.ts';

export interface SliceQuery {
  readonly table: string;
  readonly column: string;
  readonly unit: TimeUnit;
  readonly timezone: string;
  /** What is hashed. */
  readonly columns: readonly string[];
}

/** Folds the hashes of rows in one query by stretches that no slice border cuts: the slice itself in UTC, quarter hours in other zones. */
export async function sliceVersions(
  connection: DuckDBConnection,
  { table, column, unit, timezone, columns }: SliceQuery,
): Promise<Map<string, string>> {
  const at = `CAST(${quoteIdentifier(column, 'duckdb')} AS TIMESTAMP)`;
  const bucket = unit === 'hour' || timezone === 'UTC' ? `date_trunc('${unit}', moment)` : 'time_bucket(INTERVAL 15 MINUTE, moment)';
  const rows = await selectRows(
    connection,
    `SELECT epoch_ms(${bucket}) AS start, count(*) AS n, bit_xor(h) AS x, sum(h) AS s
     FROM (SELECT ${at} AS moment, ${rowHash(columns)} AS h FROM ${quoteTable(table, 'duckdb')}) WHERE moment IS NOT NULL GROUP BY ALL`,
  );
  const buckets = rows.map(({ start, n, x, s }) => ({ at: Number(start), rows: Number(n), xor: x as bigint, sum: s as bigint }));
  return foldSlices(buckets, unit, timezone);
}
