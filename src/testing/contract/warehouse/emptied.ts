import type { TestFramework } from '../test-framework.ts';
import { idsOf, landObject, loadOf, onWarehouse, play, playsTable, type OpenWarehouse } from './fixture.ts';
import { accounts, landed, putReplay, replayedTable } from './replay.ts';

/** A table whose rows somebody else deleted, by SQL, although the ledger says that they were loaded. */
export function emptiedContract({ describe, it, expect }: TestFramework, open: OpenWarehouse): void {
  const on = (test: Parameters<typeof onWarehouse>[1]) => onWarehouse(open, test);

  describe('loading a table that somebody else emptied', () => {
    it(
      'fills it from the lake, each object once, with its dead letters',
      on(async (warehouse, { lake }) => {
        const objects = [
          await landObject(lake, 'k/1', { rows: [play('a')], rejected: ['x'] }),
          await landObject(lake, 'k/2', { rows: [play('b')] }),
        ];
        const { version } = await warehouse.load(loadOf(lake, objects));
        const twin = playsTable({ name: 'bronze.twin' });
        await warehouse.load(loadOf(lake, objects, { table: twin }));
        await warehouse.query('DELETE FROM bronze.plays');
        expect(await warehouse.unloaded(playsTable(), objects)).toEqual(objects);
        expect(await warehouse.loadedFolders(playsTable(), 'k/')).toEqual(new Map());
        const filled = await warehouse.load(loadOf(lake, objects));
        expect(filled).toMatchObject({ rows: 2, rejected: 1, objects: 2, skippedObjects: 0, version });
        expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a', 'b'], 2]);
        expect([await warehouse.unloaded(playsTable(), objects), await warehouse.unloaded(twin, objects)]).toEqual([[], []]);
        expect(await warehouse.load(loadOf(lake, objects))).toMatchObject({ rows: 0, objects: 0, skippedObjects: 2, version });
      }),
    );

    it(
      'forgets what it held of objects that are not loaded with the others',
      on(async (warehouse, { lake }) => {
        const [first, second] = [
          await landObject(lake, 'k/1', { rows: [play('a')], rejected: ['x'] }),
          await landObject(lake, 'k/2', { rows: [play('b')] }),
        ];
        const { version } = await warehouse.load(loadOf(lake, [first, second]));
        await warehouse.query('DELETE FROM bronze.plays');
        await warehouse.load(loadOf(lake, [second]));
        expect(await warehouse.unloaded(playsTable(), [first, second])).toEqual([first]);
        expect(await warehouse.load(loadOf(lake, [first, second]))).toMatchObject({ rows: 1, objects: 1, skippedObjects: 1, version });
        expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a', 'b'], 1]);
      }),
    );

    it(
      'loads nothing where only what is new was listed: TABLE_EMPTIED',
      on(async (warehouse, { lake }) => {
        const [first, second] = [
          await landObject(lake, 'k/1', { rows: [play('a')], rejected: ['x'] }),
          await landObject(lake, 'k/2', { rows: [play('b')] }),
        ];
        await warehouse.load(loadOf(lake, [first]));
        expect(await warehouse.load(loadOf(lake, [], { behind: true }))).toMatchObject({ rows: 0, objects: 0 });
        for (const emptied of ['DELETE FROM bronze.plays', 'DROP TABLE bronze.plays']) {
          await warehouse.query(emptied);
          await expect(warehouse.load(loadOf(lake, [second], { behind: true }))).rejects.toMatchObject({ code: 'TABLE_EMPTIED' });
        }
        await warehouse.load(loadOf(lake, [first, second]));
        expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a', 'b'], 1]);
      }),
    );

    it(
      'makes the dead letters that were replayed rows again',
      on(async (warehouse, { lake }) => {
        const chain = await landed(lake, 'c/i1/p0/0', { good: 1, flagged: 2 });
        const replay = await putReplay(lake, 'c/i1/replays/1', { resolves: 'c/i1/', places: [{ offset: 0 }] });
        const load = () => warehouse.load(loadOf(lake, [chain, replay], { table: replayedTable }));
        await load();
        const before = await accounts(warehouse);
        await warehouse.query('DELETE FROM bronze.plays');
        expect(await warehouse.unloaded(replayedTable, [chain, replay])).toEqual([chain, replay]);
        expect(await load()).toMatchObject({ rows: 2, rejected: 2, resolved: 1, objects: 2 });
        expect(await accounts(warehouse)).toEqual(before);
      }),
    );

    it(
      'leaves one alone that holds no rows because its objects hold none',
      on(async (warehouse, { lake }) => {
        const flagged = await landObject(lake, 'k/1', { rows: [], rejected: ['x'] });
        await warehouse.load(loadOf(lake, [flagged]));
        expect(await warehouse.unloaded(playsTable(), [flagged])).toEqual([]);
        expect(await warehouse.load(loadOf(lake, [flagged]))).toMatchObject({ rejected: 0, objects: 0, skippedObjects: 1 });
      }),
    );
  });
}
