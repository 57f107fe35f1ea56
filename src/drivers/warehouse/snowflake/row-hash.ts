import type { Column } from '../../../runtime/schema/column.ts';
import { quoteIdentifier, quoteLiteral } from '../../../runtime/schema/quote.ts';
import type { TableDigest } from '../version.ts';
import type { Session } from './session.ts';

/**
 * A hash of a row: the lower 64 bits of the MD5 of its values with their columns' names and lengths, as a number of SQL. Nulls do not count, so a new column without values
 * changes no hash; nor does the order of columns. Snowflake's own HASH would be faster; it promises to stay the same for one version only.
 */
export function rowHash(columns: readonly Pick<Column, 'name' | 'type'>[]): string {
  const parts = columns
    .toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    .map((column) => {
      const text = textOf(column);
      return `COALESCE(${quoteLiteral(`${column.name.toLowerCase()}:`, 'snowflake')} || LENGTH(${text}) || ':' || ${text}, '')`;
    });
  return `MD5_NUMBER_LOWER64(${parts.length === 0 ? "''" : parts.join(' || ')})::NUMBER(20,0)`;
}

function textOf({ name, type }: Pick<Column, 'name' | 'type'>): string {
  const column = quoteIdentifier(name, 'snowflake');
  switch (type) {
    case 'json':
      return `TO_JSON(${column})`;
    case 'timestamp':
      return `TO_VARCHAR(${column}, 'YYYY-MM-DD HH24:MI:SS.FF9')`;
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
    case 'date':
      return `${column}::VARCHAR`;
  }
}

/** The digest of the rows of a FROM clause. */
export async function digestRows(session: Session, columns: readonly Column[], from: string): Promise<TableDigest> {
  const [row] = await session.select(`SELECT COUNT(*) AS N, SUM(${rowHash(columns)})::VARCHAR AS S FROM ${from}`);
  return { rows: Number(row?.['n'] ?? 0), sum: BigInt.asUintN(64, BigInt(row?.['s'] ?? '0')) };
}
