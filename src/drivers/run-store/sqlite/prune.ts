import type { Database } from 'libsql';
import type { PruneOptions } from '../../../runtime/resource/run-store.ts';

/** The part of the file that has to be free: less is used again by the next runs. */
const WORTHWHILE = 1 / 4;

/** What a pruning is about, of this connection alone. */
const TEMPORARY = `
  create temp table if not exists old_run (run text primary key) without rowid; delete from old_run;
  create temp table if not exists old_event (seq integer primary key); delete from old_event;`;

/** The runs of events that never started, found with a look at each run of the index rather than at each event. */
const LOOSE_RUNS = `
  with recursive known (run) as (
    select min(run) from event union all select (select min(run) from event where run > known.run) from known where run is not null
  ) select run from known where run is not null and run not in (select run from main.run)`;

/** What forgets old runs, made for one pruning; whoever calls `prune` holds a transaction. */
export interface Pruning {
  prune(options: PruneOptions): { readonly runs: number; readonly events: number };
  /** Gives the room of what was deleted back to the file system, where it is worth writing the file anew; outside of a transaction. */
  shrink(): void;
}

export function createPruning(database: Database): Pruning {
  const pragma = (name: string): number => (database.prepare(`pragma ${name}`).get([]) as Readonly<Record<string, number>>)[name] ?? 0;
  const count = (table: string): number => (database.prepare(`select count(*) as n from ${table}`).get([]) as { readonly n: number }).n;
  database.exec(TEMPORARY);
  const selectRuns = database.prepare(
    `insert into old_run select run from run
     where json ->> 'finishedAt' < ? and seq not in (select seq from run order by seq desc limit ?)`,
  );
  const selectEvents = database.prepare(
    `insert into old_event
     select seq from event where run in (select run from old_run)
     union all select seq from event where run in (${LOOSE_RUNS}) and at < ?`,
  );
  return {
    prune({ before, newest = 0, dryRun = false }) {
      const instant = new Date(before).toISOString(); // as events have it
      selectRuns.run([instant, newest]);
      selectEvents.run([instant]);
      const counted = { runs: count('old_run'), events: count('old_event') };
      if (!dryRun) {
        database.exec('delete from event where seq in (select seq from old_event)');
        database.exec('delete from run where run in (select run from old_run)');
      }
      return counted;
    },
    shrink() {
      if (pragma('freelist_count') < pragma('page_count') * WORTHWHILE) return;
      database.exec('vacuum');
      database.exec('pragma wal_checkpoint(truncate)');
    },
  };
}
