import { join } from 'node:path';
import type { Provider } from '../../runtime/resource/resource.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';

/** The run store in a SQLite file under the environment's folder. */
export function sqliteRunStore(): Provider<RunStore & { close(): Promise<void> }> {
  return {
    async open({ directory, faults }) {
      const { openSqliteRunStore } = await import('../run-store/sqlite.ts');
      return openSqliteRunStore({ path: join(directory, 'runs.db'), faults });
    },
    close: (store) => store.close(),
  };
}
