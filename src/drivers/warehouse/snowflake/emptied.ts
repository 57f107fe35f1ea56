import { countRows } from './ensure.ts';
import type { TableState } from './ledger.ts';
import type { Session } from './session.ts';

/** Whether somebody else deleted the rows that a table, which exists, has by its ledger. */
export async function isEmptied(session: Session, table: string, state: TableState): Promise<boolean> {
  return state.digest.rows > 0 && (await countRows(session, table)) === 0;
}
