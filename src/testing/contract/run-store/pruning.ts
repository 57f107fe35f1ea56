import type { RunStore } from '../../../runtime/resource/run-store.ts';
import { withOpened, type TestFramework } from '../test-framework.ts';
import type { RunStoreContract } from '../run-store.ts';
import { at, checked, fired, finished, failed, keysOf, materialized, observed, place, started } from './sample-events.ts';

/** What forgetting old runs takes, and what it leaves. */
export function pruningContract({ describe, it, expect }: TestFramework, { open }: RunStoreContract): void {
  const withStore = (test: (store: RunStore) => Promise<void>) => () => withOpened(open, test);

  describe('pruning', () => {
    const log = [
      started('old', 1),
      materialized('old', 'v1', place('a')),
      checked('old', 'unique', true),
      finished('old', 'succeeded', 10),
      started('going', 2),
      observed('going', 'v2', place('b')),
      started('new', 3),
      failed('new', place('c')),
      finished('new', 'failed', 20),
      fired('apart', 'a', 'at second 1, of no run that started'),
    ];
    it(
      'forgets runs that finished before, and keeps the state',
      withStore(async (store) => {
        await store.append([...log, keysOf('partitions.added', 'user', ['abe'])]);
        const state = await store.state();
        expect(await store.prune({ before: at(20), dryRun: true })).toEqual({ runs: 1, events: 6 });
        expect((await store.events({})).length).toBe(11);
        expect(await store.prune({ before: at(20) })).toEqual({ runs: 1, events: 6 });
        expect((await store.runs()).map(({ run, materialized: made }) => [run, made])).toEqual([
          ['new', 0],
          ['going', 0],
        ]);
        expect(await store.events({})).toEqual(log.slice(4, 9));
        expect(await store.state()).toEqual(state);
        expect(await store.prune({ before: at(20) })).toEqual({ runs: 0, events: 0 });
      }),
    );
    it(
      'keeps the newest runs whatever their age',
      withStore(async (store) => {
        await store.append(log);
        expect(await store.prune({ before: at(59), newest: 1 })).toMatchObject({ runs: 1 });
        expect((await store.runs()).map(({ run }) => run)).toEqual(['new', 'going']);
        expect(await store.prune({ before: at(59) })).toMatchObject({ runs: 1 });
        expect((await store.runs()).map(({ run }) => run)).toEqual(['going']);
      }),
    );
  });
}
