import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../../src/drivers/run-store/sqlite/migrate.ts';
import { emptyState } from '../../../../src/runtime/plan/record.ts';
import type { RunEvent } from '../../../../src/runtime/run/event.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { observed, openIn } from '../open-in.ts';

describe('a run store of an older version', () => {
  it('is brought to the new schema with all that it holds', async () => {
    const directory = await temporaryFolder();
    const path = join(directory, 'runs.db');
    const at = '2024-01-01T00:00:00.000Z';
    const title = { project: 'music', environment: 'local', selection: '*' };
    const log: readonly RunEvent[] = [
      { type: 'run.started', run: 'r', at, ...title, seed: 1, steps: 1 },
      observed('a', 'v1'),
      { type: 'run.finished', run: 'r', at, status: 'succeeded', milliseconds: 0 },
    ];
    const before = new Libsql(path);
    before.exec('pragma journal_mode = wal');
    before.exec('create table schema_version (version integer not null); insert into schema_version values (1)');
    before.exec(MIGRATIONS[0]);
    const event = before.prepare('insert into event (run, type, asset, partition, at, json) values (?, ?, ?, null, ?, ?)');
    for (const one of log) event.run([one.run, one.type, 'asset' in one ? one.asset : null, one.at, JSON.stringify(one)]);
    const summary = { run: 'r', status: 'succeeded', ...title, startedAt: at, finishedAt: at, materialized: 0, skipped: 0, failed: 0 };
    before.prepare('insert into run (run, json) values (?, ?)').run(['r', JSON.stringify(summary)]);
    before.prepare("insert into state values ('observed', 'a', '', '', ?)").run([JSON.stringify(log[1])]);
    before.exec('update state_version set version = 1');
    before.close();

    const store = await openIn(directory);
    expect(await store.events({})).toEqual(log);
    expect(await store.runs()).toEqual([summary]);
    expect(await store.state()).toEqual({ ...emptyState, observed: [log[1]] });
    await store.append([observed('a', 'v2'), { type: 'partitions.added', run: 'r', at, name: 'user', keys: ['abe'] }]);
    expect(await store.claim({ name: 'a', part: '', whole: true, run: 'r' })).toBe(undefined);
    await store.close();
    const again = await openIn(directory);
    expect(await again.state()).toEqual({ ...emptyState, observed: [observed('a', 'v2')], dynamicKeys: { user: ['abe'] } });
    await again.close();
  });
});
