import { DIALECTS, type Dialect } from '../../runtime/schema/dialect.ts';
import { quoteIdentifier } from '../../runtime/schema/quote.ts';
import { RESERVED } from './reserved-words.ts';

/** One text where both warehouses want the same, else one that dbt chooses by its target. */
export function byTarget(textOf: (dialect: Dialect) => string): string {
  const [duckdb, snowflake] = [textOf('duckdb'), textOf('snowflake')];
  return duckdb === snowflake ? duckdb : `{{ ${literal(snowflake)} if target.type == 'snowflake' else ${literal(duckdb)} }}`;
}

const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;

/** Whether the name has to be quoted in SQL: it is a word of one of the dialects. Any other is the same with quotes and without, as tables are created. */
export const isReserved = (name: string): boolean => DIALECTS.some((dialect) => RESERVED[dialect].has(name.toLowerCase()));

/** A name that dbt quotes where `isReserved`: then Snowflake's is in upper case, as the table was created. */
export const sourceName = (name: string): string =>
  isReserved(name) ? byTarget((dialect) => (dialect === 'snowflake' ? name.toUpperCase() : name)) : name;

/** The name as a part of SQL that dbt does not quote. */
export const sqlName = (name: string): string => (isReserved(name) ? byTarget((dialect) => quoteIdentifier(name, dialect)) : name);
