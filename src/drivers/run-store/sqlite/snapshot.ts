import type { Database } from 'libsql';
import { writeStateFile } from '../state-file.ts';
import { transaction } from './database.ts';
import type { Tables } from './tables.ts';

/** Milliseconds from a change of the state to the snapshot that includes it. */
const DELAY = 1_000;
/** A snapshot is all of the state: writing one takes at most this part of the time. */
const SHARE = 1 / 20;

/** Keeps the snapshot of the state near the database's: soon after a change, and at the end. */
export class Snapshot {
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #path: string;
  #delay = DELAY;
  #timer: NodeJS.Timeout | undefined;
  #error: Error | undefined;

  constructor(database: Database, tables: Tables, path: string) {
    this.#database = database;
    this.#tables = tables;
    this.#path = path;
  }

  schedule(): void {
    this.#timer ??= setTimeout(() => this.#writeLater(), this.#delay).unref();
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
    const started = performance.now();
    transaction(this.#database, () => writeStateFile(this.#path, this.#tables.stateVersion(), this.#tables.state()));
    this.#delay = Math.max(DELAY, (performance.now() - started) / SHARE);
  }
}
