import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier, quoteLiteral } from '../../../runtime/schema/quote.ts';
import type { TableDigest } from '../version.ts';
import { selectRows } from './rows.ts';

/** A 64-bit hash of a row's values by their columns' names. Nulls do not count, so a new column without values changes no hash; nor does the order of columns. */
export function rowHash(columns: readonly string[]): string {
  const hashes = columns.map((name) => {
    const column = quoteIdentifier(name, 'duckdb');
    return `CASE WHEN ${column} IS NULL THEN 0::UBIGINT ELSE hash(${quoteLiteral(name.toLowerCase(), 'duckdb')}, ${column}) END`;
  });
  return `hash(${hashes.reduce((left, right) => `xor(${left}, ${right})`, '0::UBIGINT')})`;
}

/** The digest of the rows of a FROM clause. */
export async function digestRows(connection: DuckDBConnection, columns: readonly string[], from: string): Promise<TableDigest> {
  const [row] = await selectRows(connection, `SELECT count(*) AS n, sum(${rowHash(columns)}) AS s FROM ${from}`);
  return { rows: Number(row?.['n'] ?? 0), sum: BigInt.asUintN(64, (row?.['s'] ?? 0n) as bigint) };
}
