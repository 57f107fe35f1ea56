import { dirname } from 'node:path';
import type { PruneOptions, RunStore } from '../../runtime/resource/run-store.ts';
import type { Faults } from '../../runtime/resource/faults.ts';
import { holderOf } from '../../runtime/run/holder.ts';
import { ensureDirectory } from '../disk/durable-file.ts';
import { createClaims } from './sqlite/claims.ts';
import { openDatabase, storeError } from './sqlite/database.ts';
import { createPruning } from './sqlite/prune.ts';
import { Snapshot } from './sqlite/snapshot.ts';
import { createTables } from './sqlite/tables.ts';
import { createWriter } from './sqlite/writer.ts';
import { readStateFileVersion, stateFilePath } from './state-file.ts';

export interface SqliteRunStoreOptions {
  /** The database file, created where missing; any number of processes may use it. The snapshot of the state is written beside it, as `state.json`. */
  readonly path: string;
  readonly faults: Faults;
  /** Milliseconds that a run is kept after its end, but for the newest ones; whoever wrote to the store forgets older ones when it closes. Without it all are kept. */
  readonly keep?: number;
}

/** Runs that are kept whatever their age. */
const NEWEST_RUNS = 100;

export type SqliteRunStore = RunStore & { close(): Promise<void> };

/** The event log in a SQLite database, with run summaries and recorded state kept up to date in the transaction of each append. */
export async function openSqliteRunStore({ path, faults, keep }: SqliteRunStoreOptions): Promise<SqliteRunStore> {
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeError(error, path);
    }
  };
  await ensureDirectory(dirname(path));
  const database = await openDatabase(path).catch((error: unknown) => {
    throw storeError(error, path);
  });
  const { tables, claims, writer } = guard(() => ({
    tables: createTables(database),
    claims: createClaims(database),
    writer: createWriter(database),
  }));
  guard(() =>
    writer.writeNow(() => {
      tables.endDeadRuns();
      claims.removeEnded();
    }),
  );
  const write = <T>(run: string, work: () => T): Promise<T> =>
    writer.write(run, work).catch((error: unknown) => {
      throw storeError(error, path);
    });
  const snapshot = new Snapshot(database, tables, stateFilePath(path));
  if (tables.stateVersion() > 0 && (await readStateFileVersion(stateFilePath(path))) !== tables.stateVersion()) snapshot.schedule();

  let appended = false;
  const prune = (options: PruneOptions) => {
    const pruning = createPruning(database);
    const pruned = writer.writeNow(() => pruning.prune(options));
    if (pruned.events > 0 && options.dryRun !== true) pruning.shrink();
    return pruned;
  };

  return {
    async append(events) {
      const [first] = events;
      if (first === undefined) return;
      guard(() => {
        snapshot.check();
        faults('record.before-append');
      });
      if (await write(holderOf(first), () => tables.insert(events))) snapshot.schedule();
      appended = true;
      guard(() => faults('record.after-append'));
    },
    async events(filter) {
      return guard(() => tables.events(filter));
    },
    async runs({ limit = -1, tag } = {}) {
      return guard(() => tables.runs(limit, tag ?? null));
    },
    async state(assets) {
      return guard(() => tables.state(assets));
    },
    async recorded(asset, partition = '') {
      return guard(() => tables.recorded(asset, partition));
    },
    claim: (claim) => write(claim.run, () => claims.take(claim)),
    release: (run, claim) => write(run, () => claims.release(run, claim)),
    async prune(options) {
      return guard(() => prune(options));
    },
    async close() {
      try {
        await write('', () => {}); // after all that is due
        guard(() => {
          snapshot.finish();
          if (appended && keep !== undefined) prune({ before: new Date(Date.now() - keep).toISOString(), newest: NEWEST_RUNS });
        });
      } finally {
        database.close();
      }
    },
  };
}
