import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { openSqliteRunStore } from '../../../src/drivers/run-store/sqlite.ts';
import { currentProcess, formatIdentity } from '../../../src/drivers/disk/process-identity.ts';
import { readStateFile, stateFilePath } from '../../../src/drivers/run-store/state-file.ts';
import type { FaultPoint } from '../../../src/runtime/resource/faults.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { runStoreContract } from '../../../src/testing/contract/run-store.ts';
import { prepareChild } from '../crash/run-child.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { anyEvent } from './run-events.ts';
import { observed, openIn } from './open-in.ts';

const runChild = prepareChild();
const endedProcess = formatIdentity({ ...currentProcess(), pid: spawnSync(process.execPath, ['--version']).pid });
runStoreContract(
  { describe, it, expect },
  {
    async open() {
      const directory = await temporaryFolder();
      let store = await openIn(directory);
      return {
        value: store,
        async reopen() {
          await store.close();
          store = await openIn(directory);
          return store;
        },
        close: () => store.close(),
      };
    },
    endedProcess,
  },
);

describe('the SQLite run store', () => {
  it('opens a new file that another process is creating', async () => {
    const directory = await temporaryFolder();
    await mkdir(directory, { recursive: true });
    const other = new Libsql(join(directory, 'runs.db'));
    other.exec('begin immediate');
    const opening = openIn(directory);
    setTimeout(() => other.exec('commit'), 50);
    const store = await opening;
    expect(await store.runs()).toEqual([]);
    await store.close();
    other.close();
  });

  it('agrees with the memory store on any log, before and after it is opened again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyEvent, { maxLength: 8 }), { maxLength: 6 }), async (appends) => {
        const directory = await temporaryFolder();
        const memory = createMemoryRunStore();
        const sqlite = await openIn(directory);
        for (const events of appends) {
          await memory.append(events);
          await sqlite.append(events);
        }
        const expected = { events: await memory.events({}), runs: await memory.runs(), state: await memory.state() };
        expect({ events: await sqlite.events({}), runs: await sqlite.runs(), state: await sqlite.state() }).toEqual(expected);
        await sqlite.close();
        expect(await readStateFile(stateFilePath(join(directory, 'runs.db')))).toEqual(expected.state);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps nothing of an append that fails', async () => {
    const directory = await temporaryFolder();
    const store = await openIn(directory);
    await store.append([observed('a', 'v1')]);
    const broken = { ...observed('a', 'v2'), at: undefined } as unknown as RunEvent;
    await expect(store.append([observed('b', 'v1'), broken])).rejects.toThrow(/at/);
    expect(await store.events({})).toEqual([observed('a', 'v1')]);
    expect((await store.state()).observed).toEqual([observed('a', 'v1')]);
    await store.append([observed('b', 'v2')]);
    expect((await store.events({})).length).toBe(2);
    await store.close();
  });

  it('keeps what was appended in the same turn as what failed, but nothing of that run behind it', async () => {
    const store = await openIn(await temporaryFolder());
    const broken = { ...observed('b', 'v2'), at: undefined } as unknown as RunEvent;
    const settled = await Promise.allSettled([
      store.append([observed('a', 'v1')]),
      store.append([broken]),
      store.append([observed('c', 'v1')]),
      store.append([{ ...observed('d', 'v1'), run: 'other' }]),
      store.claim({ name: 'a', part: '', whole: true, run: 'other' }),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await store.events({})).toEqual([observed('a', 'v1'), { ...observed('d', 'v1'), run: 'other' }]);
    await store.close();
  });

  it('says DISK_FULL where the disk is full', async () => {
    const path = join(await temporaryFolder(), 'runs.db');
    const faults = (point: FaultPoint) => {
      if (point === 'record.before-append') throw Object.assign(new Error('write'), { code: 'ENOSPC' });
    };
    const store = await openSqliteRunStore({ path, faults });
    await expect(store.append([observed('a', 'v1')])).rejects.toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining(path) });
    await store.close();
  });

  it('says STORE_CORRUPT where the file is no database, and RUN_STORE_VERSION where a newer Spindle wrote it', async () => {
    const directory = await temporaryFolder();
    const path = join(directory, 'runs.db');
    await writeFile(path, 'no database at all '.repeat(200));
    await expect(openIn(directory)).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringContaining(path) });
    await rm(path);
    await (await openIn(directory)).close();
    const database = new Libsql(path);
    database.exec('insert into schema_version values (99)');
    database.close();
    await expect(openIn(directory)).rejects.toMatchObject({ code: 'RUN_STORE_VERSION', message: expect.stringContaining('version 99') });
  });

  it('shares its claims with other openers, and takes the process that asks where none is named', async () => {
    const directory = await temporaryFolder();
    const [one, other] = [await openIn(directory), await openIn(directory)];
    const claim = { name: 'a', part: '', whole: true };
    expect(await one.claim({ ...claim, run: 'r1' })).toBe(undefined);
    expect(await other.claim({ ...claim, run: 'r2' })).toEqual({ ...claim, run: 'r1', process: formatIdentity(currentProcess()) });
    await one.release('r1');
    expect(await other.claim({ ...claim, run: 'r2' })).toBe(undefined);
    await Promise.all([one.close(), other.close()]);
  });

  it('takes a process of another host to be alive', async () => {
    const store = await openIn(await temporaryFolder());
    const process = formatIdentity({ pid: 1, host: 'elsewhere.example', started: '5' });
    await store.claim({ name: 'a', part: '', whole: true, run: 'r1', process });
    expect(await store.claim({ name: 'a', part: 'p', whole: false, run: 'r2' })).toMatchObject({ run: 'r1', process });
    await store.close();
  });

  it('takes appends of several processes at once, each append whole', async () => {
    const directory = await temporaryFolder();
    const ends = await Promise.all(['one', 'two', 'three'].map((run) => runChild('record', directory, { point: run })));
    expect(ends.map(({ code, errors }) => [code, errors])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ]);
    const store = await openIn(directory);
    const messages = (await store.events({})).map((event) => [event.run, event.type === 'log' ? event.message : '']);
    expect(messages.length).toBe(120);
    for (let i = 0; i < messages.length; i += 2) {
      expect(messages[i]?.[0]).toBe(messages[i + 1]?.[0]);
      expect(messages[i + 1]?.[1]).toBe(messages[i]?.[1]?.replace('first', 'second'));
    }
    await store.close();
  });

  for (const [point, kept] of [
    ['record.before-append', 4],
    ['record.after-append', 6],
  ] as const) {
    it(`keeps whole appends where its process is killed at ${point}`, async () => {
      const directory = await temporaryFolder();
      const end = await runChild('record', directory, { point, hit: 3 });
      expect(end).toMatchObject({ signal: 'SIGKILL', acknowledged: ['0', '1'] });
      const store = await openIn(directory);
      expect((await store.events({})).length).toBe(kept);
      await store.close();
    });
  }
});

describe('a run whose process died', () => {
  it('is ended as failed by the next opener, at the time of its last event', async () => {
    const directory = await temporaryFolder();
    expect(await runChild('run', directory, { point: 'record.before-append', hit: 3 })).toMatchObject({ signal: 'SIGKILL' });
    const store = await openIn(directory);
    const end = { status: 'failed', finishedAt: '2024-01-01T00:00:05.000Z' };
    expect(await store.runs()).toMatchObject([{ run: 'killed', ...end }]);
    expect((await store.events({ types: ['run.finished'] })).length).toBe(1);
    await store.close();
    const again = await openIn(directory);
    expect((await again.events({ types: ['run.finished'] })).length).toBe(1);
    await again.close();
  });

  it('is ended with the part alone that the process did', async () => {
    const directory = await temporaryFolder();
    const store = await openIn(directory);
    const title = { project: 'music', environment: 'local', selection: '*', seed: 1, steps: 1 };
    const begun = (part: string, second: number, process: string): RunEvent => {
      const external = { system: 'airflow', dag: 'music', run: 'manual', task: part, try: 1, maxTries: 0 } as const;
      return { type: 'run.started', run: 'shared', part, at: `2024-01-01T00:00:0${second}.000Z`, ...title, process, external };
    };
    await store.append([
      begun('dead', 0, endedProcess),
      { ...observed('a', 'v1'), run: 'shared', part: 'dead', at: '2024-01-01T00:00:02.000Z' },
    ]);
    await store.append([begun('alive', 4, formatIdentity(currentProcess()))]);
    const other = await openIn(directory);
    const counts = { materialized: 0, skipped: 0, failed: 0 };
    const dead = { ...counts, status: 'failed', finishedAt: '2024-01-01T00:00:02.000Z' };
    expect(await other.runs()).toMatchObject([{ status: 'running', parts: { dead, alive: { ...counts, status: 'running' } } }]);
    expect(await other.events({ types: ['run.finished'] })).toMatchObject([{ part: 'dead', died: true, milliseconds: 2_000 }]);
    await other.append([
      { type: 'run.finished', run: 'shared', part: 'alive', at: '2024-01-01T00:00:06.000Z', status: 'succeeded', milliseconds: 1 },
    ]);
    expect(await store.runs()).toMatchObject([{ status: 'failed', finishedAt: '2024-01-01T00:00:06.000Z' }]);
    await other.close();
    await store.close();
  });

  it('is left alone while its process lives', async () => {
    const directory = await temporaryFolder();
    const store = await openIn(directory);
    const title = { project: 'music', environment: 'local', selection: '*', seed: 1, steps: 1 };
    await store.append([
      { type: 'run.started', run: 'alive', at: '2024-01-01T00:00:00.000Z', ...title, process: formatIdentity(currentProcess()) },
    ]);
    const other = await openIn(directory);
    expect(await other.runs()).toMatchObject([{ run: 'alive', status: 'running' }]);
    await other.close();
    await store.close();
  });
});
