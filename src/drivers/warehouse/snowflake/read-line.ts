import type { Column } from '../../../runtime/schema/column.ts';
import { quoteIdentifier, quoteLiteral } from '../../../runtime/schema/quote.ts';

/** A declared column out of the VARIANT column LINE that a record was loaded into, in the type of {@link sqlType}. An instant is converted to UTC by the offset in its text. */
export function readLine(column: Column): string {
  const value = `LINE[${quoteLiteral(column.name, 'snowflake')}]`;
  switch (column.type) {
    case 'string':
      return `${value}::VARCHAR`;
    case 'integer':
      return `${value}::NUMBER(16,0)`;
    case 'number':
      return `${value}::FLOAT`;
    case 'boolean':
      return `${value}::BOOLEAN`;
    case 'timestamp':
      return `CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(${value}::VARCHAR))::TIMESTAMP_NTZ(9)`;
    case 'date':
      return `TO_DATE(${value}::VARCHAR)`;
    case 'json':
      // the null of JSON is no null of SQL
      return `IFF(IS_NULL_VALUE(${value}), NULL, ${value})`;
  }
}

export const quoted = (column: Pick<Column, 'name'>): string => quoteIdentifier(column.name, 'snowflake');
