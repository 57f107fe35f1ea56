import type { Column } from '../schema/column.ts';
import type { Dialect } from '../schema/dialect.ts';
import type { Compression } from '../store/compression.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';
import { resource } from './resource.ts';
import type { WarehouseTarget } from './warehouse-target.ts';

export type WriteMode = 'append' | 'replace' | 'merge';
export type WarehouseRow = Readonly<Record<string, unknown>>;

/** A table as Spindle declares it. `name` is `schema.table`, lower case. */
export interface TableSpec {
  readonly name: string;
  readonly description?: string;
  readonly columns: readonly Column[];
  /** Columns that identify a row; what `merge` matches on. */
  readonly key: readonly string[];
  /** The asset's code and schema version: rows that another generation loaded are deleted and reloaded by a full refresh, never mixed. */
  readonly generation: string;
}

/** Part of a table by one column: half-open ranges of time (milliseconds since the epoch), or values. */
export type SliceFilter =
  | { readonly kind: 'ranges'; readonly column: string; readonly ranges: readonly { readonly from: number; readonly to: number }[] }
  | { readonly kind: 'values'; readonly column: string; readonly values: readonly string[] };

/** Rows that stand in for a table, as they would lie in it. */
export interface GivenTable {
  readonly table: TableSpec;
  readonly rows: readonly WarehouseRow[];
}

/** Rows from a function. `identity` names this write: an append with an identity that the ledger knows changes nothing. */
export interface TableWrite {
  readonly table: TableSpec;
  readonly mode: WriteMode;
  readonly rows: AsyncIterable<WarehouseRow> | Iterable<WarehouseRow>;
  readonly slices?: readonly SliceFilter[];
  readonly identity: string;
  /** Makes the table anew first where it holds rows of another generation or has other columns, instead of TABLE_NEEDS_REBUILD. */
  readonly fullRefresh?: boolean;
  readonly signal?: AbortSignal;
}

/** One object of a load: newline-delimited JSON, compressed, of `rows` good records and, from byte `rejectedFrom` on, `rejected` flagged ones as a member of their own. */
export interface LoadObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly rows: number;
  readonly rejected: number;
  readonly rejectedFrom: number;
  /** gzip unless given. */
  readonly compression?: Compression;
  /**
   * Of a replay, whose rows (with `_topic`, `_partition` and `_offset`) were dead letters: what the keys of the objects that carried them begin with. Those dead
   * letters are deleted where the rows are inserted; REPLAY_MISMATCH, and nothing is loaded, where one of the rows is none of them.
   */
  readonly resolves?: string;
}

/** One object of a load that something else wrote: newline-delimited JSON. Its lines are judged on the way, so that how many are good is known once it was read. */
export interface LoadFile extends ObjectInfo {
  readonly lines: FileLines;
}

/** How the lines of a file are read. */
export interface FileLines {
  readonly compression: Compression | 'none';
  /** Where its files lie: the `topic` of their dead letters. */
  readonly origin: string;
  /** A line, without its end: a row of the table as a text of JSON, which names each field once, or why it is none. */
  judge(line: Uint8Array): JudgedLine;
}

export type JudgedLine = { readonly row: string } | { readonly reasons: readonly string[] };

export interface TableLoad {
  readonly table: TableSpec;
  readonly lake: ObjectStore;
  /**
   * Candidates; those that the table's ledger already holds are left out. A line of a file that is no row becomes a dead letter with the key of the file, the number of the line
   * as its offset, and the instant of the load. OBJECT_UNREADABLE for a file that cannot be read to its end: then nothing is loaded.
   */
  readonly objects: readonly (LoadObject | LoadFile)[];
  /** Where flagged records go, with the columns of `deadLetterColumns`. */
  readonly deadLetters: TableSpec;
  /** When the rows are said to be loaded, an ISO instant: `_loaded_at`. */
  readonly loadedAt: string;
  /** The column whose slices are reported as touched, and the length of a slice. */
  readonly touched?: { readonly column: string; readonly unit: 'hour' | 'day' };
  readonly fullRefresh?: boolean;
  /** The candidates are only those behind what `loadedFolders` told: TABLE_EMPTIED, and nothing is loaded, where the table does not hold the others any more. */
  readonly behind?: boolean;
  readonly signal?: AbortSignal;
  /** Records; in all they are known for objects, not for files. */
  progress?(done: number, total?: number): void;
}

export interface WriteOutcome {
  readonly rows: number;
  readonly bytes: number;
  readonly rejected: number;
  /** Objects that were loaded, and those left out because they were loaded before. */
  readonly objects: number;
  readonly skippedObjects: number;
  /** Dead letters that replays turned into rows. */
  readonly resolved?: number;
  readonly version: string;
  /** Of a write of slices: the version of what they hold now, whatever the rest of the table holds. */
  readonly sliceVersion?: string;
  /** Rows written for each touched slice, by the ISO instant at which the slice starts. */
  readonly touched: ReadonlyMap<string, number>;
}

/** What is loaded of the objects of a folder, which their keys name up to the last `/`. */
export interface LoadedFolder {
  /** The greatest of their keys, and the etag that it was loaded with. */
  readonly last: string;
  readonly etag: string;
  readonly objects: number;
}

/** Whose work a statement is. */
export interface StatementOrigin {
  readonly project?: string;
  readonly asset: string;
  readonly partition?: string;
  readonly run: string;
}

/**
 * What Spindle asks of a warehouse. Writes and loads are one transaction each, together with their entry in the ledger that the
 * warehouse itself keeps (schema `_spindle`), and serialize per table: a crash at any moment leaves either all of it or nothing.
 */
export interface Warehouse {
  /** Of the SQL that `query` takes. */
  readonly dialect: Dialect;
  /** Creates schema and table where missing and adds new nullable columns; TABLE_NEEDS_REBUILD for any other difference. */
  ensureTable(table: TableSpec): Promise<void>;
  write(write: TableWrite): Promise<WriteOutcome>;
  /** Of the given objects, those that are to be loaded, in the given order: asked before their heads are read. Those that the table's ledger does not hold, and replays that resolve dead letters of one that it holds with another content; all of them where somebody else deleted every row of the table. */
  unloaded<T extends Pick<LoadObject, 'key' | 'etag' | 'resolves'>>(table: TableSpec, objects: readonly T[]): Promise<readonly T[]>;
  /** What the table's ledger holds of the objects whose keys begin with `prefix`, by their folders: nothing where `unloaded` would name all of them. */
  loadedFolders(table: TableSpec, prefix: string): Promise<ReadonlyMap<string, LoadedFolder>>;
  /** Loads the objects that `unloaded` names, each once. A table that somebody else emptied begins anew: what the ledger says that it holds is forgotten, with its dead letters. */
  load(load: TableLoad): Promise<WriteOutcome>;
  /** Rows in the order of the table's key where it has one, JSON and timestamps as the schema's input side writes them. */
  scan(
    table: TableSpec,
    options?: { readonly slices?: readonly SliceFilter[]; readonly signal?: AbortSignal },
  ): AsyncIterable<WarehouseRow>;
  /** Rows of a table that need not be declared; TABLE_UNKNOWN where there is none. */
  count(table: string, slices?: readonly SliceFilter[]): Promise<number>;
  /** The version of what the ledger says about the table; undefined where Spindle never wrote it. */
  version(table: string): Promise<string | undefined>;
  /** A digest of the rows of each non-empty slice of a time column, by the ISO instant at which the slice starts: equal content, equal digest. Columns starting with `_` are left out. */
  sliceVersions(
    table: string,
    column: string,
    unit: 'hour' | 'day' | 'week' | 'month',
    timezone: string,
  ): Promise<ReadonlyMap<string, string>>;
  query(sql: string, params?: readonly unknown[], options?: { readonly signal?: AbortSignal }): Promise<WarehouseRow[]>;
  /** `query`, where given tables take the place of those of the same names: these are neither read nor changed. A warehouse without it answers no SQL over given rows. */
  queryGiven?(
    given: readonly GivenTable[],
    sql: string,
    params?: readonly unknown[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<WarehouseRow[]>;
  /** Every table and view outside `_spindle`, by `schema.table`. */
  tables(): Promise<readonly { readonly name: string; readonly kind: 'table' | 'view' }[]>;
  /** The same warehouse, whose own history says of each statement whose work it is. A warehouse without it keeps none. */
  onBehalfOf?(origin: StatementOrigin): Warehouse;
  /** Lets another program own the warehouse while `use` runs: waits for running statements, lets go of the file, takes it back after. */
  lend<T>(borrower: string, use: (target: WarehouseTarget) => Promise<T>): Promise<T>;
  /** Where tables lie, where an administrator has to make that before the first one. */
  readonly setUp?: WarehouseSetUp;
}

/** The schemas of a project, lower case: of the tables that Spindle writes, and of the models that the transformer builds. One may be among both. */
export interface WarehouseLayout {
  readonly tables: readonly string[];
  readonly models: readonly string[];
}

/** A statement of a set-up. It may be run again at any time, and then changes nothing. */
export interface SetUpStatement {
  /** What it is there for: a heading that statements in a row may share. */
  readonly purpose: string;
  readonly sql: string;
}

export interface SetUpPart {
  readonly part: string;
  readonly name: string;
  readonly exists: boolean;
}

/** The place of a warehouse's tables, and who may do what there. */
export interface WarehouseSetUp {
  /** What is set up, and where, without credentials. */
  readonly name: string;
  /** The statements in their order; nothing is asked of the server for it. */
  plan(layout: WarehouseLayout): readonly SetUpStatement[];
  /** Runs the statements of the plan, as the user of the connection. */
  apply(layout: WarehouseLayout): Promise<void>;
  /** What the user of the connection finds. */
  state(layout: WarehouseLayout): Promise<readonly SetUpPart[]>;
}

export const warehouse = resource<Warehouse>()('warehouse');
