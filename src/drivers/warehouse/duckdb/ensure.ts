import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableSpec } from '../../../runtime/resource/warehouse.ts';
import type { Column } from '../../../runtime/schema/column.ts';
import { alterTable, commentOnTable, createTable } from '../../../runtime/schema/create-table.ts';
import { quoteIdentifier, quoteTable, splitTable } from '../../../runtime/schema/quote.ts';
import { schemaDifference, type ActualColumn } from '../../../runtime/schema/schema-difference.ts';
import { needsRebuild } from '../table-errors.ts';
import { selectRows } from './rows.ts';

/** What was done to a table so that it is as declared. */
export type Ensured = 'created' | 'altered' | 'same';

/** The columns of a table or view of the attached file, in order; none where it does not exist. */
export async function describeTable(connection: DuckDBConnection, name: string): Promise<ActualColumn[]> {
  const { schema, table } = splitTable(name);
  const rows = await selectRows(
    connection,
    `SELECT column_name, data_type, is_nullable FROM duckdb_columns()
     WHERE database_name = current_database() AND lower(schema_name) = lower($1) AND lower(table_name) = lower($2) ORDER BY column_index`,
    [schema, table],
  );
  return rows.map((row) => ({ name: String(row['column_name']), type: String(row['data_type']), nullable: row['is_nullable'] === true }));
}

/** Creates the table, or alters it where that suffices. Where it does not, an empty table is made anew and TABLE_NEEDS_REBUILD is thrown for any other. */
export async function ensureColumns(connection: DuckDBConnection, table: TableSpec, added: readonly Column[] = []): Promise<Ensured> {
  const actual = await describeTable(connection, table.name);
  if (actual.length === 0) {
    await recreateTable(connection, table, added);
    return 'created';
  }
  const { add, loosen, rebuild } = schemaDifference(actual, table.columns, 'duckdb');
  if (rebuild.length > 0) {
    const [row] = await selectRows(connection, `SELECT 1 FROM ${quoteTable(table.name, 'duckdb')} LIMIT 1`);
    if (row !== undefined) throw needsRebuild(table, rebuild);
    await recreateTable(connection, table, added);
    return 'created';
  }
  const present = new Set(actual.map(({ name }) => name.toLowerCase()));
  const lacking = added.filter(({ name }) => !present.has(name));
  for (const statement of alterTable(table.name, { add: [...add, ...lacking], loosen }, 'duckdb')) await connection.run(statement);
  return add.length + loosen.length > 0 ? 'altered' : 'same';
}

/** Whether an existing table has other columns than its declaration, be it only by an addition. */
export async function differs(connection: DuckDBConnection, table: TableSpec): Promise<boolean> {
  const { add, loosen, rebuild } = schemaDifference(await describeTable(connection, table.name), table.columns, 'duckdb');
  return add.length + loosen.length + rebuild.length > 0;
}

/** An empty table with the declared columns, in place of the one of that name. */
export async function recreateTable(connection: DuckDBConnection, table: TableSpec, added: readonly Column[] = []): Promise<void> {
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(splitTable(table.name).schema, 'duckdb')}`);
  const declared = { ...table, columns: [...table.columns, ...added] };
  await connection.run([createTable(declared, 'duckdb', 'replace'), ...commentOnTable(declared, 'duckdb')].join(';\n'));
}
