import type { Client } from 'pg';
import type { PruneOptions } from '../../../runtime/resource/run-store.ts';

const OLD_RUNS = 'finished_at < $1 and seq not in (select seq from run order by seq desc limit $2)';
/** Of no run that started. */
const LOOSE_EVENTS = 'at < $1 and not exists (select from run where run.run = event.run)';

/** Forgets old runs inside a transaction; the server uses their room again. */
export async function prune(
  client: Client,
  { before, newest = 0, dryRun = false }: PruneOptions,
): Promise<{ readonly runs: number; readonly events: number }> {
  const instant = new Date(before).toISOString(); // as events have it
  const count = async (sql: string, values: readonly unknown[]): Promise<number> => {
    const { rows, rowCount } = await client.query<{ n?: string }>(sql, [...values]);
    return Number(rows[0]?.n ?? rowCount);
  };
  // Loose ones first: once the rows of old runs are gone, theirs look the same.
  const loose = await count(dryRun ? `select count(*) as n from event where ${LOOSE_EVENTS}` : `delete from event where ${LOOSE_EVENTS}`, [
    instant,
  ]);
  const { rows } = await client.query<{ run: string }>(
    dryRun ? `select run from run where ${OLD_RUNS}` : `delete from run where ${OLD_RUNS} returning run`,
    [instant, newest],
  );
  const runs = rows.map(({ run }) => run);
  const own = await count(`${dryRun ? 'select count(*) as n' : 'delete'} from event where run = any($1)`, [runs]);
  return { runs: runs.length, events: loose + own };
}
