import { quoteTable } from '../../../runtime/schema/quote.ts';
import { isOrphaned, newAttempt } from './attempt.ts';
import { forgetSuccessor, readState, type TableState } from './ledger.ts';
import type { Session } from './session.ts';
import { isUnknownObject } from './snowflake-error.ts';

const PREFIX = 'successor of';

/** Gives a name for a table that is to take another's place, of one rebuild alone, and drops those of rebuilds whose processes ended before they committed. */
export async function nameSuccessor(session: Session, table: string): Promise<string> {
  await dropOrphans(session, table);
  return `_spindle.${PREFIX} ${table} ${newAttempt()}`;
}

async function dropOrphans(session: Session, table: string): Promise<void> {
  const prefix = `${PREFIX} ${table} `.toUpperCase();
  const rows = await session.select(
    `SELECT TABLE_NAME AS "NAME" FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = '_SPINDLE' AND STARTSWITH(TABLE_NAME, ?)`,
    [prefix],
  );
  const orphans = rows.map(({ name }) => String(name)).filter((name) => isOrphaned(name.slice(prefix.length)));
  if (orphans.length === 0) return;
  // read behind them: a process that has ended may have committed its own, which any other is to put in place
  const committed = (await readState(session, table)).successor?.slice('_spindle.'.length).toUpperCase();
  for (const orphan of orphans.filter((name) => name !== committed))
    await session.run(`DROP TABLE IF EXISTS ${quoteTable(`_spindle.${orphan}`, 'snowflake')}`);
}

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
