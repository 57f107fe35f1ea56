import type { TableSpec } from '../resource/warehouse.ts';
import type { Column } from './column.ts';
import type { Dialect } from './dialect.ts';
import { quoteIdentifier, quoteLiteral, quoteTable } from './quote.ts';
import { sqlType } from './sql-type.ts';

export type TableDeclaration = Pick<TableSpec, 'name' | 'columns' | 'description'>;

/** The statement that creates the table, without a trailing semicolon. On Snowflake it has the descriptions; DuckDB takes them by {@link commentOnTable}. */
export function createTable(table: TableDeclaration, dialect: Dialect, how: 'if-not-exists' | 'replace' = 'if-not-exists'): string {
  const head = how === 'replace' ? 'CREATE OR REPLACE TABLE' : 'CREATE TABLE IF NOT EXISTS';
  const columns = table.columns.map((column) => `  ${columnDefinition(column, dialect)}`).join(',\n');
  const description = dialect === 'snowflake' ? comment(table.description, dialect) : undefined;
  return `${head} ${quoteTable(table.name, dialect)} (\n${columns}\n)${description === undefined ? '' : ` COMMENT = ${description}`}`;
}

/** The statements that give a table and its columns their descriptions, where {@link createTable} could not. */
export function commentOnTable({ name, columns, description }: TableDeclaration, dialect: Dialect): string[] {
  if (dialect === 'snowflake') return [];
  const text = comment(description, dialect);
  return [
    ...(text === undefined ? [] : [`COMMENT ON TABLE ${quoteTable(name, dialect)} IS ${text}`]),
    ...columns.flatMap((column) => commentOnColumn(name, column)),
  ];
}

function commentOnColumn(table: string, { name, description }: Column): string[] {
  const text = comment(description, 'duckdb');
  return text === undefined ? [] : [`COMMENT ON COLUMN ${quoteTable(table, 'duckdb')}.${quoteIdentifier(name, 'duckdb')} IS ${text}`];
}

function columnDefinition(column: Column, dialect: Dialect): string {
  const description = dialect === 'snowflake' ? comment(column.description, dialect) : undefined;
  const end = `${column.nullable ? '' : ' NOT NULL'}${description === undefined ? '' : ` COMMENT ${description}`}`;
  return `${quoteIdentifier(column.name, dialect)} ${sqlType(column, dialect)}${end}`;
}

/** As a literal: a comment takes no expression, which a NUL would need. */
function comment(description: string | undefined, dialect: Dialect): string | undefined {
  const text = description?.replaceAll('\0', '').trim() ?? '';
  return text === '' ? undefined : quoteLiteral(text, dialect);
}

/** The statements that bring a table to what {@link schemaDifference} found missing: new columns, and columns that may now be null. */
export function alterTable(
  name: string,
  difference: { readonly add: readonly Column[]; readonly loosen: readonly string[] },
  dialect: Dialect,
): string[] {
  const head = `ALTER TABLE ${quoteTable(name, dialect)}`;
  return [
    ...difference.add.flatMap((column) => [
      `${head} ADD COLUMN IF NOT EXISTS ${columnDefinition(column, dialect)}`,
      ...(dialect === 'duckdb' ? commentOnColumn(name, column) : []),
    ]),
    ...difference.loosen.map((column) => `${head} ALTER COLUMN ${quoteIdentifier(column, dialect)} DROP NOT NULL`),
  ];
}
