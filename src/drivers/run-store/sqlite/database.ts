import { setTimeout } from 'node:timers/promises';
import type { Database } from 'libsql';
import { SpindleError } from '../../../runtime/errors.ts';
import { fileError, hasCode } from '../../disk/file-error.ts';
import { migrate } from './migrate.ts';

/** Milliseconds that a writer waits for one of another process. */
const BUSY_TIMEOUT = 10_000;

export function storeError(error: unknown, path: string): unknown {
  if (hasCode(error, 'SQLITE_NOTADB') || hasCode(error, 'SQLITE_CORRUPT')) {
    return new SpindleError('STORE_CORRUPT', `the run store ${path} is no readable SQLite database`, {
      remedy: 'Restore the file from a backup, or delete it: the next run starts a new log and observes what the stores hold.',
      cause: error,
    });
  }
  return fileError(error, `writing the run store ${path}`);
}

/** Runs work as one transaction that lets in no other writer from its beginning. */
export function transaction<T>(database: Database, work: () => T): T {
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

/**
 * Switches to a write-ahead log, once for each file. Where two processes create the file at the same time SQLite refuses one of them at once
 * instead of waiting, since each could wait for the other: it is tried again.
 */
async function useWriteAheadLog(database: Database): Promise<void> {
  for (const end = performance.now() + BUSY_TIMEOUT; ; await setTimeout(5)) {
    try {
      database.exec('pragma journal_mode = wal');
      return;
    } catch (error) {
      if (!hasCode(error, 'SQLITE_BUSY') || performance.now() > end) throw error;
    }
  }
}

/** Opens the database at this version's schema, created where missing. */
export async function openDatabase(path: string): Promise<Database> {
  const { default: Libsql } = await import('libsql');
  const database = new Libsql(path, { timeout: BUSY_TIMEOUT });
  try {
    // Of a new file: an append touches a few pages at the ends of tables and writes each of them as a whole.
    database.exec('pragma page_size = 2048');
    await useWriteAheadLog(database);
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
