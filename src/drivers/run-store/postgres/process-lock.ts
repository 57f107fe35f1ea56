import type { ClientBase } from 'pg';
import { currentProcess, formatIdentity, parseIdentity } from '../../disk/process-identity.ts';

/** This process, as claims and `run.started` name it. */
export const thisProcess = (): string => formatIdentity(currentProcess());

const KEY = "hashtextextended('spindle process ' || $1, 0)";

/** Takes the lock that says that this process lives, for as long as the connection does. Any number of its stores may hold it. */
export async function holdProcessLock(client: ClientBase): Promise<void> {
  await client.query(`select pg_advisory_lock_shared(${KEY})`, [thisProcess()]);
}

/**
 * Whether the process, of whatever host, has ended: nobody holds its lock. Until the end of the transaction it cannot take it again, so that what is
 * done upon the answer is done before a process that lost its connection for a while looks for its claims. Two transactions that ask at once may both
 * be told that it lives.
 */
export async function hasEnded(client: ClientBase, process: string): Promise<boolean> {
  if (process === thisProcess() || parseIdentity(process) === undefined) return false;
  const { rows } = await client.query<{ free: boolean }>(`select pg_try_advisory_xact_lock(${KEY}) as free`, [process]);
  return rows[0]?.free === true;
}
