import { randomUUID } from 'node:crypto';
import { quoteTable } from '../../../runtime/schema/quote.ts';
import { forgetSuccessor, type TableState } from './ledger.ts';
import type { Session } from './session.ts';
import { isUnknownObject } from './snowflake-error.ts';

/** A name for a table that is to take another's place: of one rebuild alone. */
export const successorOf = (table: string): string => `_spindle.successor of ${table} ${randomUUID().slice(0, 8)}`;

/**
 * Ends what a committed rebuild left to do: puts the successor in the table's place, all at once for whoever reads it. Any process may do it, and several at once: the successor is
 * dropped before the ledger forgets it, so none puts it in place once others may write to the table again.
 */
export async function endSuccession(session: Session, table: string, state: TableState): Promise<TableState> {
  const { successor } = state;
  if (successor === undefined) return state;
  try {
    await session.run(`CREATE OR REPLACE TABLE ${quoteTable(table, 'snowflake')} CLONE ${quoteTable(successor, 'snowflake')} COPY GRANTS`);
    await session.run(`DROP TABLE IF EXISTS ${quoteTable(successor, 'snowflake')}`);
  } catch (error) {
    if (!isUnknownObject(error)) throw error; // another process was faster
  }
  await forgetSuccessor(session, table, successor);
  return { ...state, successor: undefined };
}
