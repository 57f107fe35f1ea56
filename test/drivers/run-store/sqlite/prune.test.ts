import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteRunStore } from '../../../../src/drivers/run-store/sqlite.ts';
import { noFaults } from '../../../../src/runtime/resource/faults.ts';
import type { RunEvent } from '../../../../src/runtime/run/event.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const open = (directory: string) => openSqliteRunStore({ path: join(directory, 'runs.db'), faults: noFaults });

describe('pruning a SQLite run store', () => {
  it('gives the room of what was pruned back', async () => {
    const directory = await temporaryFolder();
    const store = await open(directory);
    for (let run = 0; run < 50; run++) {
      const at = new Date(Date.UTC(2024, 0, 1 + run)).toISOString();
      const title = { project: 'music', environment: 'local', selection: '*', seed: 1, steps: 1 };
      await store.append([
        { type: 'run.started', run: `r${run}`, at, ...title },
        ...Array.from({ length: 100 }, (_, n): RunEvent => ({ type: 'log', run: `r${run}`, at, asset: 'a', message: `${n}`.repeat(100) })),
        { type: 'run.finished', run: `r${run}`, at, status: 'succeeded', milliseconds: 0 },
      ]);
    }
    const size = async () => (await stat(join(directory, 'runs.db'))).size + (await stat(join(directory, 'runs.db-wal'))).size;
    const before = await size();
    expect(await store.prune({ before: '2024-02-10T00:00:00Z' })).toEqual({ runs: 40, events: 40 * 102 });
    expect(await size()).toBeLessThan(before / 3);
    expect((await store.runs()).length).toBe(10);
    await store.close();
  });

  it('forgets what is older than it keeps when a writer closes it, but for the newest 100 runs', async () => {
    const directory = await temporaryFolder();
    const path = join(directory, 'runs.db');
    const store = await openSqliteRunStore({ path, faults: noFaults, keep: 86_400_000 });
    const title = { project: 'music', environment: 'local', selection: '*', seed: 1, steps: 1 };
    for (let run = 0; run < 103; run++) {
      const at = (run < 2 ? new Date('2024-01-01') : new Date()).toISOString();
      const end = { status: 'succeeded', milliseconds: 0 } as const;
      await store.append([
        { type: 'run.started', run: `r${run}`, at, ...title },
        { type: 'run.finished', run: `r${run}`, at: run === 2 ? new Date('2024-01-01').toISOString() : at, ...end },
      ]);
    }
    await store.close();
    const reader = await openSqliteRunStore({ path, faults: noFaults, keep: 0 });
    const kept = await reader.runs();
    expect([kept.length, kept.at(-1)?.run]).toEqual([100, 'r3']);
    await reader.close();
    const again = await open(directory);
    expect((await again.runs()).length).toBe(100);
    await again.close();
  });
});
