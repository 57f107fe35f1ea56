import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { asset, table, value } from 'spindle';
import { tableDdl } from 'spindle/codegen';
import { z } from 'zod';

const Play = z.object({ id: z.string(), plays: z.int(), at: z.iso.datetime(), tags: z.array(z.string()).optional() });
const assets = [
  asset('gold/plays', { store: table('gold.plays', Play) }).run(() => []),
  asset('bronze/plays', { store: table('bronze.plays', Play) }).run(() => []),
  asset('note', { store: value(z.string()) }).run(() => ''),
];

describe('the DDL of tables', () => {
  it('creates schemas and tables in the order of their names, and leaves other assets out', () => {
    expect(tableDdl(assets, 'duckdb')).toMatchInlineSnapshot(`
      "CREATE SCHEMA IF NOT EXISTS "bronze";
      CREATE SCHEMA IF NOT EXISTS "gold";
      CREATE TABLE IF NOT EXISTS "bronze"."plays" (
        "id" VARCHAR NOT NULL,
        "plays" BIGINT NOT NULL,
        "at" TIMESTAMP NOT NULL,
        "tags" JSON
      );
      CREATE TABLE IF NOT EXISTS "gold"."plays" (
        "id" VARCHAR NOT NULL,
        "plays" BIGINT NOT NULL,
        "at" TIMESTAMP NOT NULL,
        "tags" JSON
      );
      "
    `);
  });

  it('is understood by DuckDB, twice', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(tableDdl(assets, 'duckdb'));
    await connection.run(tableDdl(assets, 'duckdb'));
    const columns = await connection.runAndReadAll(
      "select column_name, data_type, is_nullable from information_schema.columns where table_schema = 'gold' order by ordinal_position",
    );
    expect(columns.getRowsJson()).toEqual([
      ['id', 'VARCHAR', 'NO'],
      ['plays', 'BIGINT', 'NO'],
      ['at', 'TIMESTAMP', 'NO'],
      ['tags', 'JSON', 'YES'],
    ]);
    connection.closeSync();
  });

  it('names the types of Snowflake', () => {
    expect(tableDdl(assets.slice(0, 1), 'snowflake')).toMatchInlineSnapshot(`
      "CREATE SCHEMA IF NOT EXISTS "GOLD";
      CREATE TABLE IF NOT EXISTS "GOLD"."PLAYS" (
        "ID" VARCHAR NOT NULL,
        "PLAYS" NUMBER(16,0) NOT NULL,
        "AT" TIMESTAMP_NTZ(9) NOT NULL,
        "TAGS" VARIANT
      );
      "
    `);
  });
});
