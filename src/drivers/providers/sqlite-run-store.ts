import { join } from 'node:path';
import { parseDuration, type Duration } from '../../runtime/declare/duration.ts';
import type { Provider } from '../../runtime/resource/resource.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';

export interface SqliteRunStoreProviderOptions {
  /** How long the events of a run are kept after its end, `90d` unless given. The newest 100 runs are kept whatever their age, and the state of assets always. */
  readonly keep?: Duration | 'forever';
}

/** The run store in a SQLite file under the environment's folder. */
export function sqliteRunStore({ keep = '90d' }: SqliteRunStoreProviderOptions = {}): Provider<RunStore & { close(): Promise<void> }> {
  const age = keep === 'forever' ? undefined : parseDuration(keep);
  return {
    embedded: 'shared',
    async open({ directory, faults }) {
      const { openSqliteRunStore } = await import('../run-store/sqlite.ts');
      return openSqliteRunStore({ path: join(directory, 'runs.db'), faults, ...(age !== undefined && { keep: age }) });
    },
    close: (store) => store.close(),
  };
}
