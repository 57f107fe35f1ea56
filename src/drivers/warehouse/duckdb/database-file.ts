import { mkdir } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoteIdentifier, quoteLiteral } from '../../../runtime/schema/quote.ts';
import { createQueue } from '../../disk/queue.ts';
import { duckDbError, lockedBy } from './duckdb-error.ts';
import { acquireLease, warehouseLocked, type Lease } from './lease.ts';

const POLL = 100;

export interface DatabaseFileOptions {
  readonly path: string;
  /** DuckDB's own, such as '512MB'. */
  readonly memoryLimit: string;
  readonly threads?: number;
  /** Who works here, in words: what others who wait for the file are told. */
  readonly holder: string;
  /** Milliseconds to wait for another process that holds the file; 30,000 unless given. */
  readonly patience?: number;
  notify?(message: string): void;
}

/** A connection to the attached file, to be released by whoever got it. */
export interface Session {
  readonly connection: DuckDBConnection;
  release(): Promise<void>;
}

/**
 * The file, attached to an in-memory instance while sessions are open and detached when the last one ends, so that another process can own it
 * in between: attaching and detaching take about a millisecond. Its alias is the file's stem, as dbt names it in views.
 */
export class DatabaseFile {
  readonly path: string;
  readonly #options: DatabaseFileOptions;
  readonly #instance: DuckDBInstance;
  readonly #control: DuckDBConnection;
  readonly #alias: string;
  /** Attaching, detaching and lending, one at a time. */
  readonly #turn = createQueue();
  readonly #writer = createQueue();
  #sessions = 0;
  #isClosed = false;
  #lease: Lease | undefined;
  #whenIdle: (() => void)[] = [];

  private constructor(options: DatabaseFileOptions, instance: DuckDBInstance, control: DuckDBConnection) {
    this.path = options.path;
    this.#options = options;
    this.#instance = instance;
    this.#control = control;
    this.#alias = quoteIdentifier(basename(options.path, extname(options.path)), 'duckdb');
  }

  static async open(options: DatabaseFileOptions): Promise<DatabaseFile> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    await mkdir(dirname(options.path), { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: options.memoryLimit,
      temp_directory: `${options.path}.tmp`,
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      ...(options.threads !== undefined && { threads: String(options.threads) }),
    });
    const control = await instance.connect();
    await control.run("SET GLOBAL TimeZone = 'UTC'");
    return new DatabaseFile(options, instance, control);
  }

  get memoryLimit(): string {
    return this.#options.memoryLimit;
  }

  /** A session of its own; waits for the file while it is lent out or another process holds it. */
  async session(signal?: AbortSignal): Promise<Session> {
    const entered = this.#turn(() => this.#enter());
    try {
      await unlessAborted(entered, signal);
      const connection = await this.#instance.connect();
      await connection.run(`USE ${this.#alias}`);
      const interrupt = () => connection.interrupt();
      signal?.addEventListener('abort', interrupt);
      return {
        connection,
        release: async () => {
          signal?.removeEventListener('abort', interrupt);
          // ends a stream that was not read to its end and would keep the file
          await connection.run('USE memory');
          connection.closeSync();
          await this.#turn(() => this.#leave());
        },
      };
    } catch (error) {
      void entered.then(() => this.#turn(() => this.#leave())).catch(() => undefined);
      throw this.#error(error, signal);
    }
  }

  /** Runs `work` on a session of its own; an abort interrupts its statement and rejects with the signal's reason. */
  async use<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const session = await this.session(signal);
    try {
      return await work(session.connection);
    } catch (error) {
      throw this.#error(error, signal);
    } finally {
      await session.release();
    }
  }

  /** Runs `work` in one transaction, after the transactions handed in before. */
  async transaction<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#writer(() =>
      this.use(async (connection) => {
        await connection.run('BEGIN');
        try {
          const result = await work(connection);
          signal?.throwIfAborted();
          await connection.run('COMMIT');
          return result;
        } catch (error) {
          await connection.run('ROLLBACK').catch(() => undefined); // DuckDB has rolled back by itself where COMMIT failed
          throw error;
        }
      }, signal),
    );
  }

  /** Keeps the lease and lets go of the file while `use` runs; sessions asked for meanwhile wait. */
  async lend<T>(borrower: string, use: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.#idle();
      const lent = await this.#turn(async () => (this.#sessions > 0 ? undefined : { result: await this.#lendNow(borrower, use) }));
      if (lent !== undefined) return lent.result;
    }
  }

  /** Waits for open sessions, and for those that were asked for before, then frees what the instance holds. */
  async close(): Promise<void> {
    while (!this.#isClosed) {
      await this.#idle();
      await this.#turn(async () => {
        // one that waited for the file has it now: an instance that is closed under a session takes the process with it
        if (this.#sessions > 0 || this.#isClosed) return;
        this.#isClosed = true;
        this.#control.closeSync();
        this.#instance.closeSync();
      });
    }
  }

  async #lendNow<T>(borrower: string, use: () => Promise<T>): Promise<T> {
    const lease = await this.#acquire(`${this.#options.holder}, lent to ${borrower}`);
    try {
      return await use();
    } finally {
      await lease.release();
    }
  }

  #idle(): Promise<void> {
    if (this.#sessions === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  async #enter(): Promise<void> {
    if (this.#isClosed) throw new Error(`the warehouse ${this.path} is closed`);
    if (this.#sessions === 0) await this.#attach();
    this.#sessions++;
  }

  async #leave(): Promise<void> {
    this.#sessions--;
    if (this.#sessions > 0) return;
    try {
      await this.#control.run(`DETACH ${this.#alias}`);
    } finally {
      await this.#lease?.release();
      this.#lease = undefined;
      for (const resume of this.#whenIdle.splice(0)) resume();
    }
  }

  async #attach(): Promise<void> {
    const lease = await this.#acquire(this.#options.holder);
    try {
      await this.#attachFile();
      this.#lease = lease;
    } catch (error) {
      await lease.release();
      throw error;
    }
  }

  #acquire(holder: string): Promise<Lease> {
    const { path, patience = 30_000, notify } = this.#options;
    return acquireLease({
      path: `${path}.lease`,
      subject: `the warehouse ${path}`,
      holder,
      patience,
      notify: (message) => notify?.(message),
    });
  }

  /** A program that takes no lease, such as DuckDB's own shell, is waited for likewise. */
  async #attachFile(): Promise<void> {
    const { path, patience = 30_000, notify } = this.#options;
    const deadline = performance.now() + patience;
    for (let tries = 0; ; tries++) {
      try {
        await this.#control.run(`ATTACH ${quoteLiteral(path, 'duckdb')} AS ${this.#alias}`);
        return;
      } catch (error) {
        const holder = lockedBy(error);
        if (holder === undefined) throw duckDbError(error, path);
        const locked = warehouseLocked(`the warehouse ${path}`, holder);
        if (performance.now() >= deadline) throw locked;
        if (tries === 0) notify?.(`Waiting: ${locked.message}.`);
        await sleep(POLL);
      }
    }
  }

  #error(error: unknown, signal: AbortSignal | undefined): unknown {
    return signal?.aborted ? (signal.reason as unknown) : duckDbError(error, this.path);
  }
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
