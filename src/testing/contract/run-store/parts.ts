import type { RunStore } from '../../../runtime/resource/run-store.ts';
import type { ExternalTask, RunEvent } from '../../../runtime/run/event.ts';
import { holderOf } from '../../../runtime/run/holder.ts';
import { withOpened, type Opened, type TestFramework } from '../test-framework.ts';
import type { RunStoreContract } from '../run-store.ts';
import { at, failed, finished, materialized, place, started } from './sample-events.ts';

/** The same event, told by a part of its run. */
const by = (part: string, event: RunEvent): RunEvent => ({ ...event, part });

const task = (name: string): ExternalTask => ({ system: 'airflow', dag: 'music', run: 'scheduled', task: name, try: 1, maxTries: 0 });
const begun = (part: string, second = 0): RunEvent => ({ ...started('r1', second), part, external: task(part) }) as RunEvent;
const skipped: RunEvent = { type: 'step.skipped', run: 'r1', at: at(2), asset: 'c', cause: 'upstream-failed', reason: 'b failed' };

/** Runs that several processes write to at the same time. */
export function partsContract({ describe, it, expect }: TestFramework, { open }: RunStoreContract): void {
  const withStore = (test: (store: RunStore, opened: Opened<RunStore>) => Promise<void>) => () => withOpened(open, test);
  const summary = { run: 'r1', project: 'music', environment: 'local', selection: '*', startedAt: at(0) };
  const external = { system: 'airflow', dag: 'music', run: 'scheduled' };

  describe('a run with parts', () => {
    it(
      'counts them one by one and as a whole, and runs as long as one of them does',
      withStore(async (store) => {
        await store.append([begun('load'), by('load', materialized('r1', 'v1', place('a')))]);
        await store.append([begun('sum', 1), by('sum', failed('r1', place('b'))), by('sum', skipped)]);
        const load = { status: 'running', materialized: 1, skipped: 0, failed: 0 };
        const sum = { status: 'running', materialized: 0, skipped: 1, failed: 1 };
        const counts = { materialized: 1, skipped: 1, failed: 1 };
        expect(await store.runs()).toEqual([{ ...summary, external, status: 'running', ...counts, parts: { load, sum } }]);
        await store.append([by('sum', finished('r1', 'failed', 5))]);
        const ended = { ...sum, status: 'failed', finishedAt: at(5) };
        expect(await store.runs()).toEqual([{ ...summary, external, status: 'running', ...counts, parts: { load, sum: ended } }]);
        await store.append([by('load', materialized('r1', 'v1', place('d'))), by('load', finished('r1', 'succeeded', 7))]);
        const done = { ...load, status: 'succeeded', materialized: 2, finishedAt: at(7) };
        const parts = { load: done, sum: ended };
        expect(await store.runs()).toEqual([
          { ...summary, external, status: 'failed', finishedAt: at(7), ...counts, materialized: 2, parts },
        ]);
      }),
    );
    it(
      'goes on where a part starts again: what that part did not do is tried again, and the others stay as they are',
      withStore(async (store) => {
        await store.append([begun('load'), by('load', materialized('r1', 'v1', place('a'))), by('load', finished('r1', 'canceled', 3))]);
        await store.append([begun('sum'), by('sum', failed('r1', place('b'))), by('sum', skipped), by('sum', finished('r1', 'failed', 4))]);
        expect(await store.runs()).toMatchObject([{ status: 'failed', finishedAt: at(4), materialized: 1, skipped: 1, failed: 1 }]);
        await store.append([begun('sum', 20)]);
        const [run] = await store.runs();
        expect(run).toMatchObject({ status: 'running', startedAt: at(0), materialized: 1, skipped: 0, failed: 0 });
        expect(run !== undefined && 'finishedAt' in run).toBe(false);
        expect(run?.parts).toEqual({
          load: { status: 'canceled', materialized: 1, skipped: 0, failed: 0, finishedAt: at(3) },
          sum: { status: 'running', materialized: 0, skipped: 0, failed: 0 },
        });
        await store.append([by('sum', finished('r1', 'succeeded', 30))]);
        expect(await store.runs()).toMatchObject([{ status: 'canceled', finishedAt: at(30) }]);
        await store.append([begun('load', 40), by('load', finished('r1', 'succeeded', 41))]);
        expect(await store.runs()).toMatchObject([{ status: 'succeeded', finishedAt: at(41), materialized: 1 }]);
      }),
    );
    it(
      'counts what a part tells after its end',
      withStore(async (store) => {
        await store.append([begun('load'), begun('sum'), by('load', finished('r1', 'failed', 3))]);
        await store.append([by('load', materialized('r1', 'v1', place('a')))]);
        await store.append([by('sum', finished('r1', 'succeeded', 4))]);
        await store.append([by('load', materialized('r1', 'v2', place('a')))]);
        expect(await store.runs()).toMatchObject([{ status: 'failed', finishedAt: at(4), materialized: 2 }]);
      }),
    );
    it(
      'is written to by many at once, and loses nothing',
      withStore(async (store) => {
        const names = Array.from({ length: 8 }, (_, index) => `load[${index}]`);
        await Promise.all(
          names.flatMap((name) => [
            store.append([begun(name)]),
            store.append([by(name, materialized('r1', 'v1', place('a', name)))]),
            store.append([by(name, finished('r1', 'succeeded'))]),
          ]),
        );
        expect(await store.runs()).toMatchObject([{ status: 'succeeded', materialized: 8 }]);
        for (const name of names)
          expect((await store.events({ run: 'r1' })).filter(({ part }) => part === name)).toEqual([
            begun(name),
            by(name, materialized('r1', 'v1', place('a', name))),
            by(name, finished('r1', 'succeeded')),
          ]);
      }),
    );
    it(
      'has claims of each of its parts, which stand against each other and are given back by their own part',
      withStore(async (store) => {
        const [load, sum] = ['load', 'sum'].map((part) => holderOf({ run: 'r1', part })) as [string, string];
        const claim = (run: string, part: string) => ({ name: 'a', part, whole: false, run });
        expect(await store.claim(claim(load, 'p1'))).toBe(undefined);
        expect(await store.claim(claim(sum, 'p1'))).toMatchObject({ run: load });
        expect(await store.claim(claim(sum, 'p2'))).toBe(undefined);
        await store.release(sum);
        await store.release('r1');
        expect(await store.claim(claim(sum, 'p1'))).toMatchObject({ run: load });
        await store.release(load);
        expect(await store.claim(claim(sum, 'p1'))).toBe(undefined);
      }),
    );
  });
}
