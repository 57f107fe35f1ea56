import type { Database } from 'libsql';
import { transaction } from './database.ts';

/** Writes to the database. All of one turn of the event loop is one transaction, since it is the commit that takes time. */
export interface Writer {
  /** Resolves when the work is committed. Work of one run, or one part of it (its `key`), is done in order, and none of it behind work of the same turn that failed. */
  write<T>(key: string, work: () => T): Promise<T>;
  /** Writes now, after what is still due. */
  writeNow<T>(work: () => T): T;
}

interface Due {
  readonly key: string;
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function createWriter(database: Database): Writer {
  let due: Due[] = [];

  function flush(): void {
    const now = due;
    due = [];
    if (now.length === 0) return;
    try {
      const results = transaction(database, () => now.map(({ work }) => work()));
      for (const [i, { resolve }] of now.entries()) resolve(results[i]);
    } catch {
      flushEach(now);
    }
  }

  /** One by one, so that each piece of work has its own error. */
  function flushEach(now: readonly Due[]): void {
    const lost = new Map<string, unknown>();
    for (const { key, work, resolve, reject } of now) {
      try {
        if (lost.has(key)) throw lost.get(key);
        resolve(transaction(database, work));
      } catch (error) {
        lost.set(key, error);
        reject(error);
      }
    }
  }

  return {
    write<T>(key: string, work: () => T) {
      if (due.length === 0) setImmediate(flush);
      return new Promise<T>((resolve, reject) => void due.push({ key, work, resolve: resolve as (result: unknown) => void, reject }));
    },
    writeNow(work) {
      flush();
      return transaction(database, work);
    },
  };
}
