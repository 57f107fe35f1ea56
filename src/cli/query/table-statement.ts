import { SpindleError } from '../../runtime/errors.ts';
import { quoteIdentifier, quoteTable } from '../../runtime/schema/quote.ts';

export interface TableQuery {
  readonly limit: number;
  /** As typed: `plays desc, song_name`. */
  readonly order: string | undefined;
}

/** The statement for the first rows of a table; names are quoted, so that an order is nothing but columns. */
export function tableStatement(table: string, { limit, order }: TableQuery): string {
  const by = order === undefined ? '' : ` ORDER BY ${order.split(',').map(orderTerm).join(', ')}`;
  return `SELECT * FROM ${quoteTable(table, 'duckdb')}${by} LIMIT ${limit}`;
}

function orderTerm(text: string): string {
  const [, column, direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(text) ?? [];
  if (column !== undefined) return `${quoteIdentifier(column, 'duckdb')} ${direction}`;
  throw new SpindleError('USAGE', `--order has "${text.trim()}", which is no column with asc or desc.`, {
    field: '--order',
    remedy: "Write for example: --order 'plays desc, song_name'",
  });
}
