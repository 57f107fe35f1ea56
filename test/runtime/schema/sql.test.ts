import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMN_TYPES, type Column } from '../../../src/runtime/schema/column.ts';
import { alterTable, createTable } from '../../../src/runtime/schema/create-table.ts';
import { quoteIdentifier, quoteLiteral, quoteTable } from '../../../src/runtime/schema/quote.ts';
import { schemaDifference } from '../../../src/runtime/schema/schema-difference.ts';
import { sqlType } from '../../../src/runtime/schema/sql-type.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();

async function describeTable(table: string) {
  const found = await rows(
    `SELECT column_name AS name, data_type AS type, is_nullable AS nullable FROM duckdb_columns() WHERE table_name = '${table}' ORDER BY column_index`,
  );
  return found as unknown as { name: string; type: string; nullable: boolean }[];
}

const all: readonly Column[] = COLUMN_TYPES.map((type, index) => ({ name: `c_${type}`, type, nullable: index % 2 === 0 }));

describe('quoting', () => {
  it('carries every identifier through DuckDB', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !name.includes('\0')),
        async (name) => {
          const result = await connection.runAndReadAll(`SELECT 1 AS ${quoteIdentifier(name, 'duckdb')}`);
          expect(result.columnNames()).toEqual([name]);
        },
      ),
    );
  });

  it('carries every text through DuckDB', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', "'", '"', '\\', '\0', '\n', 'ü', '😀', '$', ';', '-') }), async (text) => {
        expect(await rows(`SELECT ${quoteLiteral(text, 'duckdb')} AS v`)).toEqual([{ v: text }]);
      }),
    );
  });

  it('folds an identifier to upper case for Snowflake and escapes its backslashes', () => {
    expect(quoteTable('bronze.play"s', 'snowflake')).toBe('"BRONZE"."PLAY""S"');
    expect(quoteLiteral("a\\'b", 'snowflake')).toBe("'a\\\\''b'");
    expect([quoteLiteral(null, 'snowflake'), quoteLiteral(5, 'duckdb'), quoteLiteral(true, 'duckdb')]).toEqual(['NULL', '5', 'true']);
  });
});

describe('createTable', () => {
  it('writes the types of each dialect', () => {
    const types = (dialect: 'duckdb' | 'snowflake') => COLUMN_TYPES.map((type) => sqlType({ type }, dialect));
    expect(types('duckdb')).toEqual(['VARCHAR', 'BIGINT', 'DOUBLE', 'BOOLEAN', 'TIMESTAMP', 'DATE', 'JSON']);
    expect(types('snowflake')).toEqual(['VARCHAR', 'NUMBER(16,0)', 'FLOAT', 'BOOLEAN', 'TIMESTAMP_NTZ(9)', 'DATE', 'VARIANT']);
    expect(createTable({ name: 'bronze.t', columns: all.slice(0, 2) }, 'snowflake', 'replace')).toBe(
      'CREATE OR REPLACE TABLE "BRONZE"."T" (\n  "C_STRING" VARCHAR,\n  "C_INTEGER" NUMBER(16,0) NOT NULL\n)',
    );
  });

  it('makes a table in DuckDB that does not differ from its declaration', async () => {
    await connection.run(createTable({ name: 'main.made', columns: all }, 'duckdb', 'replace'));
    expect(schemaDifference(await describeTable('made'), all, 'duckdb')).toEqual({ add: [], loosen: [], rebuild: [] });
  });
});

describe('schemaDifference', () => {
  const actual = [
    { name: 'id', type: 'BIGINT', nullable: false },
    { name: '_object', type: 'VARCHAR', nullable: true },
  ];
  const id: Column = { name: 'id', type: 'integer', nullable: false };

  it('adds new nullable columns and loosens others, which ALTER can do', async () => {
    const declared: Column[] = [
      { ...id, nullable: true },
      { name: 'more', type: 'json', nullable: true },
    ];
    const difference = schemaDifference(actual, declared, 'duckdb');
    expect(difference).toEqual({ add: [declared[1]], loosen: ['id'], rebuild: [] });
    await connection.run('CREATE OR REPLACE TABLE grown (id BIGINT NOT NULL)');
    for (const statement of alterTable('main.grown', difference, 'duckdb')) await connection.run(statement);
    expect(schemaDifference(await describeTable('grown'), declared, 'duckdb')).toEqual({ add: [], loosen: [], rebuild: [] });
  });

  it('asks for a rebuild, saying why, where a type changes, a column tightens, goes or comes without being nullable', () => {
    const rebuild = (declared: readonly Column[], from = actual) => schemaDifference(from, declared, 'duckdb').rebuild;
    expect(rebuild([{ ...id, type: 'string' }])).toEqual(['"id" is BIGINT and is declared VARCHAR']);
    expect(rebuild([id, { name: 'must', type: 'string', nullable: false }])).toEqual(['"must" is new and not nullable']);
    expect(rebuild([])).toEqual(['"id" is no longer declared']);
    expect(rebuild([id], [{ name: 'ID', type: 'BIGINT', nullable: true }])).toEqual(['"id" is nullable and is declared not nullable']);
  });
});
