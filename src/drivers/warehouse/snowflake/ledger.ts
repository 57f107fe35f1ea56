import type { LoadedFolder, TableLoad, TableWrite } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier, quoteLiteral, quoteTable } from '../../../runtime/schema/quote.ts';
import type { LoadedObject } from '../candidates.ts';
import type { Counted } from '../outcome.ts';
import type { TableDigest } from '../version.ts';
import { createMissing } from './create-missing.ts';
import type { Session } from './session.ts';
import { TurnLost, type Work } from './work.ts';

/** What the ledger keeps of a table. `sequence` counts its writes; 0 where it was only created. */
export interface TableState {
  readonly generation: string;
  readonly digest: TableDigest;
  readonly sequence: number;
  /** The table that is to take this one's place, where a rebuild has committed and not ended. */
  readonly successor: string | undefined;
  /** Who wrote last. */
  readonly writer: string | undefined;
}

export const LOADS = '"_SPINDLE"."LOADS"';
export const WRITES = '"_SPINDLE"."WRITES"';
export const STAGE = '"_SPINDLE"."STAGE"';

const literal = (value: string | number) => quoteLiteral(value, 'snowflake');

/**
 * The state of a table in a table of its own. Snowflake locks tables, not rows: with one for all, an UPDATE of it would hold up every other table's load until it commits.
 */
export const stateTable = (table: string): string => `"_SPINDLE".${quoteIdentifier(`state of ${table}`, 'snowflake')}`;

/** The statements that make what of the ledger all tables share. Loads and writes are only ever appended while tables grow, which holds nobody up. */
const LEDGER: readonly string[] = [
  'CREATE SCHEMA IF NOT EXISTS "_SPINDLE"',
  `CREATE TABLE IF NOT EXISTS ${LOADS} (
  "TABLE_NAME" VARCHAR NOT NULL,
  "OBJECT_KEY" VARCHAR NOT NULL,
  "ETAG" VARCHAR NOT NULL,
  "GENERATION" VARCHAR NOT NULL,
  "LOADED" NUMBER(16,0) NOT NULL,
  "REJECTED" NUMBER(16,0) NOT NULL,
  "BYTES" NUMBER(16,0) NOT NULL,
  "LOADED_AT" TIMESTAMP_NTZ(9) NOT NULL,
  "SEQUENCE" NUMBER(16,0) NOT NULL
)`,
  `CREATE TABLE IF NOT EXISTS ${WRITES} (
  "TABLE_NAME" VARCHAR NOT NULL,
  "IDENTITY" VARCHAR NOT NULL,
  "GENERATION" VARCHAR NOT NULL,
  "MODE" VARCHAR NOT NULL,
  "WRITTEN" NUMBER(16,0) NOT NULL,
  "SEQUENCE" NUMBER(16,0) NOT NULL
)`,
  `CREATE STAGE IF NOT EXISTS ${STAGE}`,
];

export async function makeLedger(session: Session): Promise<void> {
  for (const statement of LEDGER) await createMissing(session, statement);
}

/** Makes the table's state with its one row: by one statement, so that of two who do so at once one comes late and changes nothing. */
export const createState = (table: string, generation: string): string =>
  `CREATE TABLE IF NOT EXISTS ${stateTable(table)} AS SELECT ${literal(generation)}::VARCHAR AS "GENERATION", 0::NUMBER(16,0) AS "HELD", '0'::VARCHAR AS "DIGEST", 0::NUMBER(16,0) AS "SEQUENCE", NULL::VARCHAR AS "SUCCESSOR", NULL::VARCHAR AS "WRITER"`;

export async function readState(session: Session, table: string): Promise<TableState> {
  const [row] = await session.select(`SELECT * FROM ${stateTable(table)}`);
  return {
    generation: String(row?.['generation']),
    digest: { rows: Number(row?.['held']), sum: BigInt(row?.['digest'] ?? '0') },
    sequence: Number(row?.['sequence']),
    successor: row?.['successor'] ?? undefined,
    writer: row?.['writer'] ?? undefined,
  };
}

/** Takes the table's state for this transaction: of two that do so one waits for the other's end, or is told of a conflict. */
export async function lockState({ change, holds, session, writer }: Work, table: string): Promise<TableState> {
  const locked = await change(`UPDATE ${stateTable(table)} SET "SEQUENCE" = "SEQUENCE" + 1, "WRITER" = ? WHERE ${holds}`, [writer]);
  if (locked !== 1) throw new TurnLost();
  return readState(session, table);
}

/** What a write leaves of the state, at the end of its transaction. */
export async function writeState(
  { change, holds }: Work,
  table: string,
  { generation, digest, successor }: Omit<TableState, 'sequence' | 'writer'>,
): Promise<void> {
  const written = await change(
    `UPDATE ${stateTable(table)} SET "GENERATION" = ?, "HELD" = ?, "DIGEST" = ?, "SUCCESSOR" = ? WHERE ${holds}`,
    [generation, digest.rows, String(digest.sum), successor ?? null],
  );
  if (written !== 1) throw new TurnLost();
}

/** Takes the new generation for a table that was only altered. */
export async function writeGeneration(session: Session, table: string, generation: string): Promise<void> {
  await session.change(`UPDATE ${stateTable(table)} SET "GENERATION" = ?`, [generation]);
}

export async function forgetSuccessor(session: Session, table: string, successor: string): Promise<void> {
  await session.change(`UPDATE ${stateTable(table)} SET "SUCCESSOR" = NULL WHERE "SUCCESSOR" = ?`, [successor]);
}

/** The ledger's entries for those of the keys that it holds, which lie in the column OBJECT_KEY of `keys`. */
export async function readLoads(session: Session, table: string, keys: string): Promise<Map<string, LoadedObject>> {
  const rows = await session.select(
    `SELECT L."OBJECT_KEY", L."ETAG", L."GENERATION", L."LOADED" FROM ${LOADS} L JOIN ${keys} K ON K."OBJECT_KEY" = L."OBJECT_KEY" WHERE L."TABLE_NAME" = ?`,
    [table],
  );
  return new Map(
    rows.map(({ object_key, etag, generation, loaded }) => [
      String(object_key),
      { key: String(object_key), etag: String(etag), generation: String(generation), rows: Number(loaded) },
    ]),
  );
}

/** What the ledger holds of the objects whose keys begin with `prefix`. */
export async function readFolders(session: Session, table: string, prefix: string): Promise<Map<string, LoadedFolder>> {
  const rows = await session.select(
    `SELECT REGEXP_REPLACE("OBJECT_KEY", '/[^/]*$', '') AS "FOLDER", MAX("OBJECT_KEY") AS "LAST", MAX_BY("ETAG", "OBJECT_KEY") AS "ETAG", COUNT(*) AS "OBJECTS" FROM ${LOADS} WHERE "TABLE_NAME" = ? AND STARTSWITH("OBJECT_KEY", ?) GROUP BY 1`,
    [table, prefix],
  );
  return new Map(
    rows.map(({ folder, last, etag, objects }) => [String(folder), { last: String(last), etag: String(etag), objects: Number(objects) }]),
  );
}

export interface LoadEntries {
  readonly loaded: readonly Counted[];
  readonly sequence: number;
}

/** Of nine parameters each: more than 65,280 would make the client create a stage, which ends a transaction. */
const BOUND_ROWS = 5_000;

export async function addLoads({ change, holds }: Work, { table, loadedAt }: TableLoad, { loaded, sequence }: LoadEntries): Promise<void> {
  for (let from = 0; from < loaded.length; from += BOUND_ROWS)
    await change(
      `INSERT INTO ${LOADS} ("TABLE_NAME", "OBJECT_KEY", "ETAG", "GENERATION", "LOADED", "REJECTED", "BYTES", "LOADED_AT", "SEQUENCE")
SELECT COLUMN1, COLUMN2, COLUMN3, COLUMN4, COLUMN5, COLUMN6, COLUMN7, COLUMN8::TIMESTAMP_NTZ, COLUMN9 FROM VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE ${holds}`,
      loaded
        .slice(from, from + BOUND_ROWS)
        .map(({ key, etag, rows, rejected, size }) => [
          table.name,
          key,
          etag,
          table.generation,
          rows,
          rejected,
          size,
          loadedAt.replace(/Z$/, ''),
          sequence,
        ]),
    );
}

/** Deletes what objects brought, good and flagged, with their entries: those of the keys in the table `keys`, or all of the table's, whose rows are the caller's to delete. */
export async function forgetLoads(work: Work, { table, deadLetters }: TableLoad, keys?: string): Promise<void> {
  const [name, letters] = [quoteTable(table.name, 'snowflake'), quoteTable(deadLetters.name, 'snowflake')];
  const chosen = keys === undefined ? '' : ` AND "OBJECT_KEY" IN (SELECT "OBJECT_KEY" FROM ${keys})`;
  const loaded = `SELECT "OBJECT_KEY" FROM ${LOADS} WHERE "TABLE_NAME" = ${literal(table.name)}${chosen}`;
  const { change, holds } = work;
  await change(
    `DELETE FROM ${letters} WHERE ${holds} AND COALESCE("FOR_TABLE", ${literal(table.name)}) = ${literal(table.name)} AND "OBJECT" IN (${loaded})`,
  );
  if (keys === undefined) await forgetWrites(work, table.name);
  else await change(`DELETE FROM ${name} WHERE ${holds} AND "_OBJECT" IN (${loaded})`);
  await change(`DELETE FROM ${LOADS} WHERE ${holds} AND "TABLE_NAME" = ${literal(table.name)}${chosen}`);
}

export async function forgetWrites({ change, holds }: Work, table: string): Promise<void> {
  await change(`DELETE FROM ${WRITES} WHERE ${holds} AND "TABLE_NAME" = ?`, [table]);
}

/** Whether the ledger knows an append of this identity. */
export async function knowsAppend(session: Session, table: string, identity: string): Promise<boolean> {
  const found = await session.select(`SELECT 1 FROM ${WRITES} WHERE "TABLE_NAME" = ? AND "IDENTITY" = ? AND "MODE" = 'append'`, [
    table,
    identity,
  ]);
  return found.length > 0;
}

export async function addWrite(
  { change, holds }: Work,
  { table, identity, mode }: Pick<TableWrite, 'table' | 'identity' | 'mode'>,
  { rows, sequence }: { readonly rows: number; readonly sequence: number },
): Promise<void> {
  await change(
    `INSERT INTO ${WRITES} ("TABLE_NAME", "IDENTITY", "GENERATION", "MODE", "WRITTEN", "SEQUENCE")
SELECT COLUMN1, COLUMN2, COLUMN3, COLUMN4, COLUMN5, COLUMN6 FROM VALUES (?, ?, ?, ?, ?, ?) WHERE ${holds}`,
    [table.name, identity, table.generation, mode, rows, sequence],
  );
}
