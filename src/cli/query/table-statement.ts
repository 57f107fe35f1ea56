import { SpindleError } from '../../runtime/errors.ts';
import type { Dialect } from '../../runtime/schema/dialect.ts';
import { quoteIdentifier, quoteTable } from '../../runtime/schema/quote.ts';

export interface TableQuery {
  readonly dialect: Dialect;
  readonly limit: number;
  /** As typed: `plays desc, song_name`. */
  readonly order: string | undefined;
}

/** The statement for the first rows of a table; names are quoted, so that an order is nothing but columns. */
export function tableStatement(table: string, { dialect, limit, order }: TableQuery): string {
  const by =
    order === undefined
      ? ''
      : ` ORDER BY ${order
          .split(',')
          .map((term) => orderTerm(term, dialect))
          .join(', ')}`;
  return `SELECT * FROM ${quoteTable(table, dialect)}${by} LIMIT ${limit}`;
}

function orderTerm(text: string, dialect: Dialect): string {
  const [, column, direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(text) ?? [];
  if (column !== undefined) return `${quoteIdentifier(column, dialect)} ${direction}`;
  throw new SpindleError('USAGE', `--order has "${text.trim()}", which is no column with asc or desc.`, {
    field: '--order',
    remedy: "Write for example: --order 'plays desc, song_name'",
  });
}
