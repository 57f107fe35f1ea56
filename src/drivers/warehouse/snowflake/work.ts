import { quoteLiteral } from '../../../runtime/schema/quote.ts';
import type { Binds, Session } from './session.ts';

/** The transaction is no more: somebody else has had the turn, or may have. */
export class TurnLost extends Error {}

/**
 * A transaction that a statement knows. The server ends one that stood still for five minutes and held others up; a process that was stopped meanwhile goes on without knowing,
 * and each of its statements would be a transaction of its own. So each carries the condition `holds`, which is true in this transaction alone.
 */
export interface Work {
  readonly session: Session;
  readonly writer: string;
  /** A condition for the WHERE of every statement that changes something. */
  readonly holds: string;
  /** Runs such a statement, and gives the number of rows that it wrote or deleted. */
  change(sql: string, binds?: Binds): Promise<number>;
}

export async function beginWork(session: Session, writer: string): Promise<Work> {
  await session.run('BEGIN TRANSACTION');
  const [row] = await session.select('SELECT CURRENT_TRANSACTION() AS "ID"');
  if (row?.['id'] === null || row === undefined) throw new TurnLost();
  const holds = `CURRENT_TRANSACTION() = ${quoteLiteral(String(row['id']), 'snowflake')}`;
  return { session, writer, holds, change: (sql, binds) => session.change(sql, binds) };
}
