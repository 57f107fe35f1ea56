import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpindleError } from '../../../runtime/errors.ts';
import { createMissing } from './create-missing.ts';
import { beginWork, TurnLost, type Work } from './work.ts';
import { createState, lockState, readState, type TableState } from './ledger.ts';
import type { Session } from './session.ts';
import { isConflict } from './snowflake-error.ts';
import { endSuccession } from './succession.ts';

/** Milliseconds for which a writer tries to get its turn: longer than the server keeps a transaction that nobody ends. */
const PATIENCE = 600_000;
const PAUSE = 250;

export interface Turn<P, T> {
  readonly table: string;
  readonly generation: string;
  readonly signal?: AbortSignal | undefined;
  /** What comes before the transaction: DDL, which would end it, and what takes long. Called again where another writer came first. */
  prepare(state: TableState): Promise<P>;
  /** The transaction. `state.sequence` is this write's. */
  write(prepared: P, work: Work, state: TableState): Promise<T>;
}

/**
 * Runs a write of one table alone among its writers, in this process and in others: the transaction holds the table's state. What was prepared before it is as true as then,
 * for the state's sequence shows that nobody wrote in between; else all of it starts anew.
 */
export async function inTurn<P, T>(session: Session, turn: Turn<P, T>): Promise<T> {
  const { table, signal } = turn;
  for (const deadline = performance.now() + PATIENCE; ;) {
    try {
      const before = await currentState(session, table, turn.generation);
      const prepared = await turn.prepare(before);
      const writer = randomUUID();
      const work = await beginWork(session, writer);
      const state = await lockState(work, table);
      if (state.sequence === before.sequence + 1) {
        const result = await turn.write(prepared, work, state);
        signal?.throwIfAborted();
        await session.run('COMMIT');
        const after = await readState(session, table);
        // a COMMIT of a transaction that the server has ended says nothing
        if (after.sequence < state.sequence || (after.sequence === state.sequence && after.writer !== writer)) throw new TurnLost();
        await endSuccession(session, table, after);
        return result;
      }
      await session.run('ROLLBACK');
    } catch (error) {
      await session.run('ROLLBACK').catch(() => {}); // the error says more; a session that is lost is ended
      if (!isConflict(error) && !(error instanceof TurnLost)) throw error;
    }
    if (performance.now() > deadline) throw locked(table);
    await sleep(PAUSE * (0.5 + Math.random()), undefined, { signal }).catch(() => {});
    signal?.throwIfAborted();
  }
}

/** The table's state, which is made where it is missing; a rebuild that another process committed and did not end is ended first. */
export async function currentState(session: Session, table: string, generation: string): Promise<TableState> {
  await createMissing(session, createState(table, generation));
  return endSuccession(session, table, await readState(session, table));
}

function locked(table: string): SpindleError {
  return new SpindleError('WAREHOUSE_LOCKED', `table ${table} was written by others all the time, for ${PATIENCE / 60_000} minutes`, {
    remedy: 'Run the command again when they are done. `SHOW TRANSACTIONS` tells of one that was left open.',
    transient: true,
  });
}
