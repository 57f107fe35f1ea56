import type { ActualColumn } from '../../../runtime/schema/schema-difference.ts';
import { quoteTable } from '../../../runtime/schema/quote.ts';
import type { ColumnType } from '../../../runtime/schema/column.ts';
import { isUnknownObject } from './snowflake-error.ts';
import type { Session } from './session.ts';

/** The columns of a table or view, in order, in the words of {@link sqlType}; none where it does not exist. */
export async function describeTable(session: Session, name: string): Promise<readonly ActualColumn[]> {
  try {
    const rows = await session.select(`DESCRIBE TABLE ${quoteTable(name, 'snowflake')}`);
    return rows.map((row) => ({ name: String(row['name']), type: typeOf(String(row['type'])), nullable: row['null?'] === 'Y' }));
  } catch (error) {
    if (isUnknownObject(error)) return [];
    throw error;
  }
}

/** A text has its greatest length there. */
const typeOf = (type: string): string => type.replace(/^VARCHAR\(\d+\)$/, 'VARCHAR');

/** The columns for a hash: those that a table has, whoever made it. */
export function hashed(columns: readonly ActualColumn[]): readonly { readonly name: string; readonly type: ColumnType }[] {
  return columns.filter(({ name }) => !name.startsWith('_')).map(({ name, type }) => ({ name, type: kindOf(type) }));
}

function kindOf(type: string): ColumnType {
  if (/^(VARIANT|OBJECT|ARRAY)/.test(type)) return 'json';
  return type.startsWith('TIMESTAMP') ? 'timestamp' : 'string';
}
