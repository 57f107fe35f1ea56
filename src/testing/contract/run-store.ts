import type { RunStore } from '../../runtime/resource/run-store.ts';
import type { RecordedError, RunEvent } from '../../runtime/run/event.ts';
import { withOpened, type Opened, type TestFramework } from './test-framework.ts';

const at = (second: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString();
const error: RecordedError = { code: 'ASSET_FAILED', message: 'no', transient: false };

const started = (run: string, second = 0): RunEvent => ({
  type: 'run.started',
  run,
  at: at(second),
  project: 'music',
  environment: 'local',
  selection: '*',
  seed: 1,
  steps: 2,
});
const finished = (run: string, status: 'succeeded' | 'failed' | 'canceled', second = 9): RunEvent => ({
  type: 'run.finished',
  run,
  at: at(second),
  status,
  milliseconds: 9_000,
});
const place = (asset: string, partition?: string) => ({ asset, ...(partition !== undefined && { partition }) });
const materialized = (run: string, version: string, on: ReturnType<typeof place>): RunEvent => ({
  type: 'asset.materialized',
  run,
  at: at(1),
  ...on,
  version,
  codeVersion: 'c1',
  configVersion: 'f1',
  inputs: { up: 'v1', slices: { '2024-01-01': 'v2' } },
  milliseconds: 5,
  rows: 3,
  metadata: { path: 'x/y', nested: { n: 1 } },
});
const observed = (run: string, version: string | null, on: ReturnType<typeof place>): RunEvent => ({
  type: 'asset.observed',
  run,
  at: at(1),
  ...on,
  version,
});
const failed = (run: string, on: ReturnType<typeof place>): RunEvent => ({
  type: 'step.failed',
  run,
  at: at(1),
  ...on,
  attempt: 1,
  error,
  milliseconds: 5,
});
const checked = (run: string, check: string, passed: boolean): RunEvent => ({
  type: 'check.finished',
  run,
  at: at(1),
  asset: 'a',
  check,
  passed,
  blocking: true,
  severity: 'error',
  version: 'v1',
  milliseconds: 1,
  metadata: {},
});

/** What every run store does, whatever is behind it. `open` gives an empty one. */
export function runStoreContract(
  { describe, it, expect }: TestFramework,
  { open }: { readonly open: () => Promise<Opened<RunStore>> },
): void {
  const withStore = (test: (store: RunStore, opened: Opened<RunStore>) => Promise<void>) => () => withOpened(open, test);

  describe('events', () => {
    const log = [
      started('r1'),
      materialized('r1', 'v1', place('a')),
      materialized('r1', 'v1', place('b', 'p1')),
      started('r2'),
      failed('r2', place('a')),
      finished('r2', 'failed'),
    ];
    it(
      'come back in the order in which they were appended',
      withStore(async (store) => {
        await store.append(log.slice(0, 4));
        await store.append([]);
        await store.append(log.slice(4));
        expect(await store.events({})).toEqual(log);
      }),
    );
    it(
      'are chosen by run, asset, type and newest',
      withStore(async (store) => {
        await store.append(log);
        expect(await store.events({ run: 'r1' })).toEqual(log.slice(0, 3));
        expect(await store.events({ asset: 'a' })).toEqual([log[1], log[4]]);
        expect(await store.events({ types: ['asset.materialized', 'run.finished'] })).toEqual([log[1], log[2], log[5]]);
        expect(await store.events({ limit: 2 })).toEqual(log.slice(4));
        expect(await store.events({ run: 'r1', asset: 'a', types: ['asset.materialized'], limit: 5 })).toEqual([log[1]]);
        expect(await store.events({ types: [] })).toEqual([]);
      }),
    );
  });

  describe('runs', () => {
    it(
      'are counted up while they go on and end with their status',
      withStore(async (store) => {
        await store.append([started('r1'), materialized('r1', 'v1', place('a')), failed('r1', place('b'))]);
        const going = { run: 'r1', status: 'running', project: 'music', environment: 'local', selection: '*', startedAt: at(0) };
        expect(await store.runs()).toEqual([{ ...going, materialized: 1, skipped: 0, failed: 1 }]);
        await store.append([
          { type: 'step.skipped', run: 'r1', at: at(2), asset: 'c', cause: 'upstream-failed', reason: 'b failed' },
          finished('r1', 'failed'),
        ]);
        expect(await store.runs()).toEqual([{ ...going, status: 'failed', finishedAt: at(9), materialized: 1, skipped: 1, failed: 1 }]);
      }),
    );
    it(
      'come newest first, as many as are asked for',
      withStore(async (store) => {
        for (const run of ['r1', 'r2', 'r3']) await store.append([started(run)]);
        await store.append([finished('r1', 'succeeded')]);
        expect((await store.runs()).map(({ run }) => run)).toEqual(['r3', 'r2', 'r1']);
        expect((await store.runs({ limit: 2 })).map(({ run }) => run)).toEqual(['r3', 'r2']);
      }),
    );
    it(
      'that start again under their name go on',
      withStore(async (store) => {
        await store.append([started('r1'), materialized('r1', 'v1', place('a')), finished('r1', 'failed'), started('r1', 20)]);
        const [run] = await store.runs();
        expect(run).toMatchObject({ status: 'running', startedAt: at(0), materialized: 1 });
        expect(run !== undefined && 'finishedAt' in run).toBe(false);
      }),
    );
  });

  describe('state', () => {
    it(
      'holds the newest materialization of each asset and partition, sorted',
      withStore(async (store) => {
        const newest = [
          materialized('r1', 'v2', place('a')),
          materialized('r1', 'v1', place('b', 'p1')),
          materialized('r1', 'v1', place('b', 'p2')),
        ];
        await store.append([newest[2], newest[1], materialized('r1', 'v1', place('a')), newest[0]].filter((event) => event !== undefined));
        expect((await store.state()).materialized).toEqual(newest);
        expect((await store.state(['b'])).materialized).toEqual(newest.slice(1));
        expect((await store.state([])).materialized).toEqual([]);
      }),
    );
    it(
      'holds the newest observation until the asset is materialized',
      withStore(async (store) => {
        await store.append([materialized('r1', 'v1', place('a')), observed('r1', 'v2', place('a')), observed('r1', null, place('a'))]);
        expect((await store.state()).observed).toEqual([observed('r1', null, place('a'))]);
        await store.append([materialized('r2', 'v3', place('a'))]);
        expect((await store.state()).observed).toEqual([]);
      }),
    );
    it(
      'holds the newest failure until the same partition is materialized',
      withStore(async (store) => {
        await store.append([failed('r1', place('a', 'p1')), failed('r1', place('a', 'p2')), failed('r2', place('a', 'p2'))]);
        await store.append([materialized('r2', 'v1', place('a', 'p1'))]);
        expect((await store.state()).failed).toEqual([failed('r2', place('a', 'p2'))]);
      }),
    );
    it(
      'holds the newest result of each check',
      withStore(async (store) => {
        await store.append([checked('r1', 'unique', false), checked('r1', 'fresh', true), checked('r2', 'unique', true)]);
        expect((await store.state()).checks).toEqual([checked('r1', 'fresh', true), checked('r2', 'unique', true)]);
        await store.append([materialized('r3', 'v9', place('a'))]);
        expect((await store.state()).checks.length).toBe(2);
      }),
    );
  });

  describe('a run store that is opened again', () => {
    it(
      'holds its log, runs and state',
      withStore(async (store, opened) => {
        if (opened.reopen === undefined) return;
        await store.append([started('r1'), materialized('r1', 'v1', place('a')), finished('r1', 'succeeded')]);
        const before = { events: await store.events({}), runs: await store.runs(), state: await store.state() };
        const again = await opened.reopen();
        expect({ events: await again.events({}), runs: await again.runs(), state: await again.state() }).toEqual(before);
      }),
    );
  });
}
