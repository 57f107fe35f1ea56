import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableSpec, TableWrite, WriteOutcome } from '../../../runtime/resource/warehouse.ts';
import { SpindleError } from '../../../runtime/errors.ts';
import { quoteIdentifier, quoteTable } from '../../../runtime/schema/quote.ts';
import { rowsOutcome } from '../outcome.ts';
import { assertGeneration, duplicateKey, keyMissing, outsideSlice } from '../table-errors.ts';
import { addDigest, emptyDigest, subtractDigest, type TableDigest } from '../version.ts';
import type { DatabaseFile } from './database-file.ts';
import { differs, ensureColumns, recreateTable, type Ensured } from './ensure.ts';
import { lockTable, writeState, type TableState } from './ledger.ts';
import { readColumn, readJson } from './read-json.ts';
import { digestRows } from './row-hash.ts';
import { runCounted, selectRows } from './rows.ts';
import { sliceCondition } from './slice-condition.ts';
import type { StagedRows, Staging } from '../staging.ts';

/** Writes rows in one transaction. They are staged in a file first, so that a slow function does not hold the warehouse. */
export async function writeTable(file: DatabaseFile, staging: Staging, write: TableWrite): Promise<WriteOutcome> {
  if (write.mode === 'merge' && write.table.key.length === 0) throw keyMissing(write.table);
  const staged = await staging.writeRows(write.rows, write.signal);
  try {
    return await file.transaction((connection) => writeStaged(connection, write, staged), write.signal);
  } finally {
    await staging.remove(staged.path);
  }
}

async function writeStaged(connection: DuckDBConnection, write: TableWrite, staged: StagedRows): Promise<WriteOutcome> {
  const { table, mode, identity } = write;
  const state = await lockTable(connection, table.name, table.generation);
  const made = await prepare(connection, write, state);
  if (made === 'created') {
    await connection.run('DELETE FROM _spindle.loads WHERE table_name = $1', [table.name]);
    await connection.run('DELETE FROM _spindle.writes WHERE table_name = $1', [table.name]);
  }
  if (mode === 'append' && (await knows(connection, write))) {
    await writeState(connection, table.name, { ...state, generation: table.generation });
    return rowsOutcome({ rows: 0, bytes: 0 }, state.digest, await sliceDigest(connection, write));
  }
  await stage(connection, table, staged);
  const digest = await apply(connection, write, made === 'created' ? emptyDigest : state.digest);
  await connection.run('INSERT INTO _spindle.writes VALUES ($1, $2, $3, $4, $5, $6)', [
    table.name,
    identity,
    table.generation,
    mode,
    BigInt(staged.rows),
    BigInt(state.sequence),
  ]);
  await writeState(connection, table.name, { ...state, generation: table.generation, digest });
  return rowsOutcome(staged, digest, await sliceDigest(connection, write));
}

/** The table as declared: anew where it is replaced as a whole or a full refresh finds another generation or other columns, else with what it holds. */
async function prepare(
  connection: DuckDBConnection,
  { table, mode, slices = [], fullRefresh = false }: TableWrite,
  state: TableState,
): Promise<Ensured> {
  const whole = mode === 'replace' && slices.length === 0;
  if (whole || (fullRefresh && (state.generation !== table.generation || (await differs(connection, table))))) {
    await recreateTable(connection, table);
    return 'created';
  }
  const ensured = await ensureColumns(connection, table);
  if (mode !== 'replace') assertGeneration(table, { generation: state.generation, rows: state.digest.rows }, ensured !== 'same');
  return ensured;
}

async function knows(connection: DuckDBConnection, { table, identity }: TableWrite): Promise<boolean> {
  const found = await selectRows(connection, "SELECT 1 FROM _spindle.writes WHERE table_name = $1 AND identity = $2 AND mode = 'append'", [
    table.name,
    identity,
  ]);
  return found.length > 0;
}

async function stage(connection: DuckDBConnection, table: TableSpec, staged: StagedRows): Promise<void> {
  const source = readJson({ paths: [staged.path], columns: table.columns, compression: 'uncompressed' });
  await connection.run(`CREATE OR REPLACE TEMP TABLE staged AS SELECT ${table.columns.map(readColumn).join(', ')} FROM ${source}`);
  const [row] = await selectRows(connection, 'SELECT count(*) AS n FROM staged');
  if (Number(row?.['n']) !== staged.rows) {
    throw new SpindleError('INTERNAL', `${staged.rows} rows for ${table.name} were staged and ${Number(row?.['n'])} read back`);
  }
}

/** Brings the staged rows into the table; gives its digest after. */
async function apply(connection: DuckDBConnection, write: TableWrite, before: TableDigest): Promise<TableDigest> {
  const { table, mode, slices = [] } = write;
  const target = quoteTable(table.name, 'duckdb');
  const names = table.columns.map(({ name }) => name);
  const digest = (from: string) => digestRows(connection, names, from);
  const insert = async () => {
    const list = names.map((name) => quoteIdentifier(name, 'duckdb')).join(', ');
    await runCounted(connection, `INSERT INTO ${target} (${list}) SELECT ${list} FROM staged`);
    return digest('staged');
  };
  switch (mode) {
    case 'append':
      return addDigest(before, await insert());
    case 'replace': {
      if (slices.length === 0) return insert();
      await assertInside(connection, write);
      const condition = sliceCondition(slices);
      const removed = await digest(`${target} WHERE ${condition}`);
      await connection.run(`DELETE FROM ${target} WHERE ${condition}`);
      return addDigest(subtractDigest(before, removed), await insert());
    }
    case 'merge': {
      await assertUnique(connection, table);
      const same = table.key.map((name) => quoteIdentifier(name, 'duckdb')).map((key) => `t.${key} IS NOT DISTINCT FROM staged.${key}`);
      const columns = names.map((name) => `t.${quoteIdentifier(name, 'duckdb')}`).join(', ');
      const removed = await digest(`(SELECT ${columns} FROM ${target} AS t SEMI JOIN staged ON ${same.join(' AND ')})`);
      await connection.run(`DELETE FROM ${target} AS t USING staged WHERE ${same.join(' AND ')}`);
      return addDigest(subtractDigest(before, removed), await insert());
    }
  }
}

/** A row outside of the slice would stay when the slice is replaced again. */
async function assertInside(connection: DuckDBConnection, { table, slices = [] }: TableWrite): Promise<void> {
  for (const slice of slices) {
    const [row] = await selectRows(connection, `SELECT count(*) AS n FROM staged WHERE (${sliceCondition([slice])}) IS NOT TRUE`);
    if (Number(row?.['n']) > 0) throw outsideSlice(table, Number(row?.['n']), slice.column);
  }
}

async function assertUnique(connection: DuckDBConnection, table: TableSpec): Promise<void> {
  const keys = table.key.map((name) => quoteIdentifier(name, 'duckdb')).join(', ');
  const [row] = await selectRows(
    connection,
    `SELECT to_json(struct_pack(${keys}))::VARCHAR AS k FROM staged GROUP BY ${keys} HAVING count(*) > 1 ORDER BY k LIMIT 1`,
  );
  if (row !== undefined) throw duplicateKey(table, String(row['k']));
}

/** What the written slices hold; undefined for a write of the whole. */
async function sliceDigest(connection: DuckDBConnection, { table, slices = [] }: TableWrite): Promise<TableDigest | undefined> {
  if (slices.length === 0) return undefined;
  const names = table.columns.map(({ name }) => name);
  return digestRows(connection, names, `${quoteTable(table.name, 'duckdb')} WHERE ${sliceCondition(slices)}`);
}
