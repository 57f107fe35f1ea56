import type { Database } from 'libsql';
import { dirname } from 'node:path';
import { SpindleError } from '../../runtime/errors.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';
import type { Faults } from '../../runtime/resource/faults.ts';
import { ensureDirectory } from '../disk/durable-file.ts';
import { fileError, hasCode } from '../disk/file-error.ts';
import { migrate } from './sqlite/migrate.ts';
import { createTables, type Tables } from './sqlite/tables.ts';
import { readStateFileVersion, stateFilePath, writeStateFile } from './state-file.ts';

/** Milliseconds that a writer waits for one of another process. */
const BUSY_TIMEOUT = 10_000;
/** Milliseconds from a change of the state to the snapshot that includes it. */
const SNAPSHOT_DELAY = 1_000;

export interface SqliteRunStoreOptions {
  /** The database file, created where missing; any number of processes may use it. The snapshot of the state is written beside it, as `state.json`. */
  readonly path: string;
  readonly faults: Faults;
}

export type SqliteRunStore = RunStore & { close(): Promise<void> };

function storeError(error: unknown, path: string): unknown {
  if (hasCode(error, 'SQLITE_NOTADB') || hasCode(error, 'SQLITE_CORRUPT')) {
    return new SpindleError('STORE_CORRUPT', `the run store ${path} is no readable SQLite database`, {
      remedy: 'Restore the file from a backup, or delete it: the next run starts a new log and observes what the stores hold.',
      cause: error,
    });
  }
  return fileError(error, `writing the run store ${path}`);
}

/** Runs work as one transaction that lets in no other writer from its beginning. */
function transaction<T>(database: Database, work: () => T): T {
  database.exec('begin immediate');
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    // SQLite rolls back by itself after some errors, a full disk among them
    if (database.inTransaction) database.exec('rollback');
    throw error;
  }
}

async function openDatabase(path: string): Promise<Database> {
  const { default: Libsql } = await import('libsql');
  const database = new Libsql(path, { timeout: BUSY_TIMEOUT });
  try {
    database.exec('pragma journal_mode = wal');
    // Kept through a kill at any moment. A power loss may take the newest events, never part of an append; what they told is observed
    // again from the stores, whose own ledgers carry exactly-once. FULL would sync each append while the event loop waits.
    database.exec('pragma synchronous = normal');
    transaction(database, () => migrate(database, path));
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Keeps the snapshot of the state near the database's: soon after a change, and at the end. */
class Snapshot {
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #path: string;
  #timer: NodeJS.Timeout | undefined;
  #error: Error | undefined;

  constructor(database: Database, tables: Tables, path: string) {
    this.#database = database;
    this.#tables = tables;
    this.#path = path;
  }

  schedule(): void {
    this.#timer ??= setTimeout(() => this.#writeLater(), SNAPSHOT_DELAY).unref();
  }

  /** Throws what went wrong since the last call. */
  check(): void {
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
  }

  finish(): void {
    const due = this.#timer !== undefined;
    clearTimeout(this.#timer);
    this.check();
    if (due) this.#write();
  }

  #writeLater(): void {
    try {
      this.#write();
    } catch (error) {
      // nobody waits for a timer: the next append or the closing reports it
      this.#error = error as Error;
    }
  }

  #write(): void {
    this.#timer = undefined;
    transaction(this.#database, () => writeStateFile(this.#path, this.#tables.stateVersion(), this.#tables.state()));
  }
}

/** The event log in a SQLite database, with run summaries and recorded state kept up to date in the transaction of each append. */
export async function openSqliteRunStore({ path, faults }: SqliteRunStoreOptions): Promise<SqliteRunStore> {
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeError(error, path);
    }
  };
  await ensureDirectory(dirname(path));
  const database = await openDatabase(path).catch((error: unknown) => {
    throw storeError(error, path);
  });
  const tables = guard(() => {
    const created = createTables(database);
    transaction(database, () => created.endDeadRuns());
    return created;
  });
  const snapshot = new Snapshot(database, tables, stateFilePath(path));
  if (tables.stateVersion() > 0 && (await readStateFileVersion(stateFilePath(path))) !== tables.stateVersion()) snapshot.schedule();

  return {
    async append(events) {
      if (events.length === 0) return;
      guard(() => {
        snapshot.check();
        faults('record.before-append');
        const changed = transaction(database, () => events.filter((event) => tables.insert(event)).length);
        if (changed > 0) snapshot.schedule();
        faults('record.after-append');
      });
    },
    async events(filter) {
      return guard(() => tables.events(filter));
    },
    async runs({ limit = -1 } = {}) {
      return guard(() => tables.runs(limit));
    },
    async state(assets) {
      return guard(() => tables.state(assets));
    },
    async close() {
      try {
        guard(() => snapshot.finish());
      } finally {
        database.close();
      }
    },
  };
}
