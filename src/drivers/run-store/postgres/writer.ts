import type { Client } from 'pg';
import { isSpindleError } from '../../../runtime/errors.ts';
import type { RunEvent } from '../../../runtime/run/event.ts';
import { appendEvents, foldedNames } from './append.ts';
import type { Session } from './session.ts';
import { transaction } from './transaction.ts';

/** Work inside a transaction that holds the names. */
export interface Work<T> {
  /** Work of one run, or one part of it, is done in order, and none of it behind work of the same transaction that failed. */
  readonly holder: string;
  readonly names: readonly string[];
  apply(client: Client): Promise<T>;
}

/** Writes to the database, in the order of the calls. What is asked for in one turn of the event loop, or while another transaction is written, is one transaction. */
export interface Writer {
  /** Resolves when the events are committed. */
  append(holder: string, events: readonly RunEvent[]): Promise<void>;
  write<T>(work: Work<T>): Promise<T>;
  /** Resolves when nothing is due any more. */
  settle(): Promise<void>;
}

interface Due extends Work<unknown> {
  /** In place of `apply`: appends that follow each other are written as one. */
  readonly events?: readonly RunEvent[];
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function createWriter(session: Session): Writer {
  let due: Due[] = [];
  let flushing: Promise<void> | undefined;

  async function flushAll(): Promise<void> {
    // the end of this turn: what is asked for in it belongs together
    await new Promise((resolve) => void setImmediate(resolve));
    while (due.length > 0) {
      const now = due;
      due = [];
      await flush(session, now);
    }
    flushing = undefined;
  }

  function add<T>(work: Omit<Due, 'resolve' | 'reject'>): Promise<T> {
    const done = new Promise<T>((resolve, reject) => void due.push({ ...work, resolve: resolve as (result: unknown) => void, reject }));
    flushing ??= flushAll();
    return done;
  }

  return {
    append: (holder, events) => add({ holder, events, names: foldedNames(events), apply: async () => {} }),
    write: <T>(work: Work<T>) => add<T>(work),
    async settle() {
      while (flushing !== undefined) await flushing;
    },
  };
}

async function flush(session: Session, now: readonly Due[]): Promise<void> {
  try {
    const results = await write(session, now);
    for (const [i, { resolve }] of now.entries()) resolve(results[i]);
  } catch (error) {
    // what cannot be reached cannot be reached for any of them
    if (now.length > 1 && !(isSpindleError(error) && error.code === 'RUN_STORE_UNREACHABLE')) await flushEach(session, now);
    else for (const { reject } of now) reject(error);
  }
}

/** One by one, so that each piece of work has its own error. */
async function flushEach(session: Session, now: readonly Due[]): Promise<void> {
  const lost = new Map<string, unknown>();
  for (const one of now) {
    try {
      if (lost.has(one.holder)) throw lost.get(one.holder);
      const [result] = await write(session, [one]);
      one.resolve(result);
    } catch (error) {
      lost.set(one.holder, error);
      one.reject(error);
    }
  }
}

function write(session: Session, now: readonly Due[]): Promise<readonly unknown[]> {
  const names = new Set(now.flatMap((one) => one.names));
  return transaction(session, names, async (client) => {
    const results: unknown[] = [];
    let events: RunEvent[] = [];
    for (const one of now) {
      if (one.events === undefined) {
        await appendEvents(client, events);
        events = [];
      }
      events.push(...(one.events ?? []));
      results.push(await one.apply(client));
    }
    await appendEvents(client, events);
    return results;
  });
}
