import type { TableSpec } from '../resource/warehouse.ts';
import type { Column } from './column.ts';
import type { Dialect } from './dialect.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';
import { sqlType } from './sql-type.ts';

/** The statement that creates the table, without a trailing semicolon. */
export function createTable(
  table: Pick<TableSpec, 'name' | 'columns'>,
  dialect: Dialect,
  how: 'if-not-exists' | 'replace' = 'if-not-exists',
): string {
  const head = how === 'replace' ? 'CREATE OR REPLACE TABLE' : 'CREATE TABLE IF NOT EXISTS';
  return `${head} ${quoteTable(table.name, dialect)} (\n${table.columns.map((column) => `  ${columnDefinition(column, dialect)}`).join(',\n')}\n)`;
}

function columnDefinition(column: Column, dialect: Dialect): string {
  return `${quoteIdentifier(column.name, dialect)} ${sqlType(column, dialect)}${column.nullable ? '' : ' NOT NULL'}`;
}

/** The statements that bring a table to what {@link schemaDifference} found missing: new columns, and columns that may now be null. */
export function alterTable(
  name: string,
  difference: { readonly add: readonly Column[]; readonly loosen: readonly string[] },
  dialect: Dialect,
): string[] {
  const head = `ALTER TABLE ${quoteTable(name, dialect)}`;
  return [
    ...difference.add.map((column) => `${head} ADD COLUMN IF NOT EXISTS ${columnDefinition(column, dialect)}`),
    ...difference.loosen.map((column) => `${head} ALTER COLUMN ${quoteIdentifier(column, dialect)} DROP NOT NULL`),
  ];
}
