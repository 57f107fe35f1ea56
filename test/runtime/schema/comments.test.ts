import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alterTable, commentOnTable, createTable } from '../../../src/runtime/schema/create-table.ts';
import type { Column } from '../../../src/runtime/schema/column.ts';

const id: Column = { name: 'id', type: 'integer', nullable: false, description: "The user's id" };

describe('the descriptions of a table', () => {
  it('stand in the statement that creates it on Snowflake', () => {
    const columns: Column[] = [id, { name: 'name', type: 'string', nullable: true, description: ' ' }];
    expect(createTable({ name: 'gold.users', columns, description: 'One row a user\\day' }, 'snowflake')).toBe(
      `CREATE TABLE IF NOT EXISTS "GOLD"."USERS" (\n  "ID" NUMBER(16,0) NOT NULL COMMENT 'The user''s id',\n  "NAME" VARCHAR\n) COMMENT = 'One row a user\\\\day'`,
    );
    expect(commentOnTable({ name: 'gold.users', columns }, 'snowflake')).toEqual([]);
    expect(alterTable('gold.users', { add: [{ ...id, nullable: true }], loosen: [] }, 'snowflake')).toEqual([
      `ALTER TABLE "GOLD"."USERS" ADD COLUMN IF NOT EXISTS "ID" NUMBER(16,0) COMMENT 'The user''s id'`,
    ]);
  });

  it('reach DuckDB whatever they say, but for what no text of SQL can hold', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const describedAs = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()[0]?.[0] ?? null;
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), async (ofTable, ofColumn) => {
        const table = { name: 'main.t', columns: [{ ...id, description: ofColumn }], description: ofTable };
        for (const sql of [createTable(table, 'duckdb', 'replace'), ...commentOnTable(table, 'duckdb')]) await connection.run(sql);
        const kept = (text: string) => Buffer.from(text.replaceAll('\0', '').trim()).toString() || null;
        expect(await describedAs(`SELECT comment FROM duckdb_tables() WHERE table_name = 't'`)).toBe(kept(ofTable));
        expect(await describedAs(`SELECT comment FROM duckdb_columns() WHERE table_name = 't'`)).toBe(kept(ofColumn));
        const added: Column = { name: 'more', type: 'string', nullable: true, description: ofColumn };
        for (const sql of alterTable('main.t', { add: [added], loosen: ['id'] }, 'duckdb')) await connection.run(sql);
        expect(await describedAs(`SELECT comment FROM duckdb_columns() WHERE column_name = 'more'`)).toBe(kept(ofColumn));
      }),
    );
    connection.closeSync();
  });
});
