import type { TableSpec } from '../../../runtime/resource/warehouse.ts';
import type { Column } from '../../../runtime/schema/column.ts';
import { alterTable, createTable } from '../../../runtime/schema/create-table.ts';
import { quoteIdentifier, quoteTable, splitTable } from '../../../runtime/schema/quote.ts';
import { schemaDifference } from '../../../runtime/schema/schema-difference.ts';
import { needsRebuild } from '../table-errors.ts';
import { createMissing } from './create-missing.ts';
import { describeTable } from './describe-table.ts';
import type { Session } from './session.ts';

/** What was done to a table so that it is as declared. */
export type Ensured = 'created' | 'altered' | 'same';

export interface Ensuring {
  /** Columns beside the declared ones. */
  readonly added?: readonly Column[];
  /** Called before a table is altered, which is there for good whatever becomes of the write: whoever finds it so is not to take its rows for another generation's. */
  readonly growing?: () => Promise<void>;
}

/** Creates the table, or alters it where that suffices. Where it does not, an empty table is made anew and TABLE_NEEDS_REBUILD is thrown for any other. DDL ends a transaction, so none may be open. */
export async function ensureColumns(session: Session, table: TableSpec, { added = [], growing }: Ensuring = {}): Promise<Ensured> {
  const actual = await describeTable(session, table.name);
  if (actual.length === 0) {
    await createSchema(session, table.name);
    await createMissing(session, definition(table, added, 'if-not-exists'));
    return 'created';
  }
  const { add, loosen, rebuild } = schemaDifference(actual, table.columns, 'snowflake');
  if (rebuild.length > 0) {
    if ((await countRows(session, table.name)) > 0) throw needsRebuild(table, rebuild);
    await session.run(definition(table, added, 'replace'));
    return 'created';
  }
  const present = new Set(actual.map(({ name }) => name.toLowerCase()));
  const lacking = added.filter(({ name }) => !present.has(name));
  if (add.length + loosen.length > 0) await growing?.();
  for (const statement of alterTable(table.name, { add: [...add, ...lacking], loosen }, 'snowflake')) await session.run(statement);
  return add.length + loosen.length > 0 ? 'altered' : 'same';
}

/** Whether an existing table has other columns than its declaration, be it only by an addition. */
export async function differs(session: Session, table: TableSpec): Promise<boolean> {
  const actual = await describeTable(session, table.name);
  const { add, loosen, rebuild } = schemaDifference(actual, table.columns, 'snowflake');
  return actual.length > 0 && add.length + loosen.length + rebuild.length > 0;
}

export async function countRows(session: Session, name: string): Promise<number> {
  const [row] = await session.select(`SELECT COUNT(*) AS N FROM ${quoteTable(name, 'snowflake')}`);
  return Number(row?.['n']);
}

/** An empty table with the declared columns under another name, which is to take the table's place. */
export async function createSuccessor(session: Session, table: TableSpec, successor: string, added: readonly Column[] = []): Promise<void> {
  await session.run(definition({ ...table, name: successor }, added, 'replace'));
}

function definition(table: TableSpec, added: readonly Column[], how: 'if-not-exists' | 'replace'): string {
  return createTable({ ...table, columns: [...table.columns, ...added] }, 'snowflake', how);
}

async function createSchema(session: Session, table: string): Promise<void> {
  await createMissing(session, `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(splitTable(table).schema, 'snowflake')}`);
}
