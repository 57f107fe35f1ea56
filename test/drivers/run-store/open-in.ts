import { join } from 'node:path';
import { openSqliteRunStore } from '../../../src/drivers/run-store/sqlite.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';

/** The SQLite run store of a folder. */
export const openIn = (directory: string) => openSqliteRunStore({ path: join(directory, 'runs.db'), faults: noFaults });

export const observed = (asset: string, version: string): RunEvent => ({
  type: 'asset.observed',
  run: 'r',
  at: '2024-01-01T00:00:00.000Z',
  asset,
  version,
});
