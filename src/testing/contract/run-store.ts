import type { RunStore } from '../../runtime/resource/run-store.ts';
import { claimsContract } from './run-store/claims.ts';
import { partsContract } from './run-store/parts.ts';
import { pruningContract } from './run-store/pruning.ts';
import { at, checked, failed, finished, fired, keysOf, materialized, observed, place, started } from './run-store/sample-events.ts';
import { withOpened, type Opened, type TestFramework } from './test-framework.ts';

export interface RunStoreContract {
  /** Gives an empty one. */
  open(): Promise<Opened<RunStore>>;
  /** Names a process that has ended, as `run.started` does; where the store takes over the claims of such a process. */
  readonly endedProcess?: string;
}

/** What every run store does, whatever is behind it. */
export function runStoreContract(framework: TestFramework, contract: RunStoreContract): void {
  const { describe, it, expect } = framework;
  const { open } = contract;
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
      'of one run are kept in the order of the calls, though none is waited for before the next',
      withStore(async (store) => {
        const many = Array.from({ length: 20 }, (_, i) => materialized('r1', `v${i}`, place('a')));
        await Promise.all([started('r1'), ...many, finished('r1', 'succeeded')].map((event) => store.append([event])));
        expect(await store.events({})).toEqual([started('r1'), ...many, finished('r1', 'succeeded')]);
        expect(await store.runs()).toMatchObject([{ status: 'succeeded', materialized: 20 }]);
        expect(await store.recorded('a')).toEqual(many.slice(-1));
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
      'keep their tags, by which they are found',
      withStore(async (store) => {
        await store.append([started('r1', 0, ['nightly', 'eu']), started('r2', 0, ['nightly']), started('r3')]);
        expect((await store.runs()).map(({ tags }) => tags)).toEqual([undefined, ['nightly'], ['nightly', 'eu']]);
        expect((await store.runs({ tag: 'nightly' })).map(({ run }) => run)).toEqual(['r2', 'r1']);
        expect((await store.runs({ tag: 'nightly', limit: 1 })).map(({ run }) => run)).toEqual(['r2']);
        expect(await store.runs({ tag: 'night' })).toEqual([]);
      }),
    );
    it(
      'are counted on by events that come after their end',
      withStore(async (store) => {
        await store.append([started('r1'), finished('r1', 'failed')]);
        await store.append([materialized('r1', 'v1', place('a'))]);
        expect(await store.runs()).toMatchObject([{ status: 'failed', materialized: 1 }]);
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

  describe('state of all assets', () => {
    it(
      'holds the newest firing of each subject, whatever assets are asked for',
      withStore(async (store) => {
        await store.append([fired('r1', 'job:nightly', 'one'), fired('r1', 'a', 'two'), fired('r2', 'job:nightly', 'three')]);
        const newest = [fired('r1', 'a', 'two'), fired('r2', 'job:nightly', 'three')];
        expect((await store.state()).fired).toEqual(newest);
        expect((await store.state(['b'])).fired).toEqual(newest);
      }),
    );
    it(
      'holds the registered keys of dynamic partitions, in the order of their registration',
      withStore(async (store) => {
        await store.append([keysOf('partitions.added', 'user', ['zoe', 'abe']), keysOf('partitions.added', 'city', ['rome'])]);
        await store.append([keysOf('partitions.added', 'user', ['abe', 'kim'])]);
        expect((await store.state()).dynamicKeys).toEqual({ city: ['rome'], user: ['zoe', 'abe', 'kim'] });
        await store.append([keysOf('partitions.removed', 'user', ['zoe', 'nobody']), keysOf('partitions.removed', 'city', ['rome'])]);
        expect((await store.state([])).dynamicKeys).toEqual({ user: ['abe', 'kim'] });
        await store.append([keysOf('partitions.added', 'user', ['zoe'])]);
        expect((await store.state()).dynamicKeys).toEqual({ user: ['abe', 'kim', 'zoe'] });
      }),
    );
  });

  describe('what is recorded of one place', () => {
    it(
      'is what the state holds of it, the materialization first',
      withStore(async (store) => {
        expect(await store.recorded('a')).toEqual([]);
        await store.append([materialized('r1', 'v1', place('a')), materialized('r1', 'v1', place('b', 'p1'))]);
        await store.append([materialized('r2', 'v2', place('b', 'p1')), failed('r2', place('b', 'p1')), checked('r1', 'unique', true)]);
        await store.append([observed('r2', 'v3', place('a'))]);
        expect(await store.recorded('a')).toEqual([
          materialized('r1', 'v1', place('a')),
          observed('r2', 'v3', place('a')),
          checked('r1', 'unique', true),
        ]);
        expect(await store.recorded('b', 'p1')).toEqual([materialized('r2', 'v2', place('b', 'p1')), failed('r2', place('b', 'p1'))]);
        expect(await store.recorded('b')).toEqual([]);
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

  partsContract(framework, contract);
  claimsContract(framework, contract);
  pruningContract(framework, contract);
}
