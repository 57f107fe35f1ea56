import type { Session } from './session.ts';
import { isExisting } from './snowflake-error.ts';

/** Runs a CREATE … IF NOT EXISTS. Two at once may both find that nothing exists, and then the slower one is told that something does: that is as good. */
export async function createMissing(session: Session, sql: string): Promise<void> {
  try {
    await session.run(sql);
  } catch (error) {
    if (!isExisting(error)) throw error;
  }
}
