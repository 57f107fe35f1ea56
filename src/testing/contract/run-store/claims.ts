import type { Claim, RunStore } from '../../../runtime/resource/run-store.ts';
import { withOpened, type TestFramework } from '../test-framework.ts';
import type { RunStoreContract } from '../run-store.ts';
import { materialized, place } from './sample-events.ts';

/** What keeps two runs from doing the same thing at once. */
export function claimsContract({ describe, it, expect }: TestFramework, { open, endedProcess }: RunStoreContract): void {
  const withStore = (test: (store: RunStore) => Promise<void>) => () => withOpened(open, test);

  describe('claims', () => {
    const claim = (run: string, part: string, whole = false): Claim => ({ name: 'a', part, whole, run });
    it(
      'of the same part stand against each other, those of other parts and names do not',
      withStore(async (store) => {
        expect(await store.claim(claim('r1', 'p1'))).toBe(undefined);
        expect(await store.claim(claim('r2', 'p1'))).toMatchObject(claim('r1', 'p1'));
        expect(await store.claim(claim('r2', 'p2'))).toBe(undefined);
        expect(await store.claim({ ...claim('r2', 'p1'), name: 'b' })).toBe(undefined);
      }),
    );
    it(
      'of a whole stand against each part, and each part against the whole',
      withStore(async (store) => {
        expect(await store.claim(claim('r1', '', true))).toBe(undefined);
        expect(await store.claim(claim('r2', 'p1'))).toMatchObject(claim('r1', '', true));
        expect(await store.claim({ ...claim('r2', 'p1'), name: 'b' })).toBe(undefined);
        expect(await store.claim({ ...claim('r1', '', true), name: 'b' })).toMatchObject({ name: 'b', part: 'p1', run: 'r2' });
      }),
    );
    it(
      'of one run never stand against each other',
      withStore(async (store) => {
        for (const part of ['p1', 'p1', 'p2']) expect(await store.claim(claim('r1', part))).toBe(undefined);
        expect(await store.claim(claim('r1', '', true))).toBe(undefined);
      }),
    );
    it(
      'that were refused leave nothing behind',
      withStore(async (store) => {
        await store.claim(claim('r1', 'p1'));
        await store.claim(claim('r2', '', true));
        expect(await store.claim(claim('r3', 'p2'))).toBe(undefined);
      }),
    );
    it(
      'are given back one by one, or all of a run',
      withStore(async (store) => {
        for (const part of ['p1', 'p2', 'p3']) await store.claim(claim('r1', part));
        await store.release('r1', { name: 'a', part: 'p1' });
        await store.release('r2', { name: 'a', part: 'p2' });
        await store.release('r2');
        expect(await store.claim(claim('r2', 'p1'))).toBe(undefined);
        expect(await store.claim(claim('r2', 'p2'))).toMatchObject(claim('r1', 'p2'));
        await store.release('r1');
        expect(await store.claim(claim('r2', '', true))).toBe(undefined);
      }),
    );
    it(
      'are given back after what their run appended before, though that was not waited for',
      withStore(async (store) => {
        await store.claim(claim('r1', 'p1'));
        const appended = store.append([materialized('r1', 'v1', place('a', 'p1'))]);
        await store.release('r1', { name: 'a', part: 'p1' });
        expect(await store.recorded('a', 'p1')).toMatchObject([{ run: 'r1', version: 'v1' }]);
        await appended;
      }),
    );
    it(
      'are given to one of many that ask at once',
      withStore(async (store) => {
        const runs = ['r1', 'r2', 'r3', 'r4', 'r5'];
        const answers = await Promise.all(runs.map((run) => store.claim(claim(run, 'p1'))));
        const given = runs.filter((_, i) => answers[i] === undefined);
        expect(given.length).toBe(1);
        expect(new Set(answers.flatMap((standing) => standing?.run ?? []))).toEqual(new Set(given));
      }),
    );
    it(
      'of a process that has ended are free',
      withStore(async (store) => {
        if (endedProcess === undefined) return;
        expect(await store.claim({ ...claim('r1', '', true), process: endedProcess })).toBe(undefined);
        expect(await store.claim(claim('r2', 'p1'))).toBe(undefined);
        expect(await store.claim(claim('r3', 'p1'))).toMatchObject(claim('r2', 'p1'));
      }),
    );
  });
}
