import type { TestFramework } from '../test-framework.ts';
import { landObject, loadOf, onWarehouse, play, playsTable, type OpenWarehouse } from './fixture.ts';

/** What a table's ledger tells of folders of objects: a listing goes on behind it. */
export function loadedFoldersContract({ describe, it, expect }: TestFramework, open: OpenWarehouse): void {
  const on = (test: Parameters<typeof onWarehouse>[1]) => onWarehouse(open, test);

  describe('the folders of what is loaded', () => {
    it(
      'have the greatest key and the number of their objects, of each table for itself',
      on(async (warehouse, { lake }) => {
        const objects = [];
        for (const key of ['c/t/p0/9', 'c/t/p0/10', 'c/t/p1/5', 'c/t/replays/1', 'c/other_/1', 'd/1'])
          objects.push(await landObject(lake, key, { rows: [play(key)] }));
        expect(await warehouse.loadedFolders(playsTable(), 'c/')).toEqual(new Map());
        await warehouse.load(loadOf(lake, objects.slice(0, 2)));
        await warehouse.load(loadOf(lake, objects.slice(2)));
        await warehouse.load(loadOf(lake, objects.slice(2, 3), { table: playsTable({ name: 'bronze.twin' }) }));
        expect(await warehouse.loadedFolders(playsTable(), 'c/t/')).toEqual(
          new Map([
            ['c/t/p0', { last: 'c/t/p0/9', etag: objects[0]?.etag, objects: 2 }],
            ['c/t/p1', { last: 'c/t/p1/5', etag: objects[2]?.etag, objects: 1 }],
            ['c/t/replays', { last: 'c/t/replays/1', etag: objects[3]?.etag, objects: 1 }],
          ]),
        );
        expect((await warehouse.loadedFolders(playsTable(), 'c/')).size).toBe(4);
        expect(await warehouse.loadedFolders(playsTable(), 'c/t/p_/')).toEqual(new Map());
        expect([...(await warehouse.loadedFolders(playsTable({ name: 'bronze.twin' }), 'c/')).keys()]).toEqual(['c/t/p1']);
      }),
    );

    it(
      'hold an object without a good record too',
      on(async (warehouse, { lake }) => {
        const flagged = await landObject(lake, 'k/1', { rows: [], rejected: ['x'] });
        await warehouse.load(loadOf(lake, [flagged]));
        expect(await warehouse.loadedFolders(playsTable(), 'k/')).toEqual(
          new Map([['k', { last: 'k/1', etag: flagged.etag, objects: 1 }]]),
        );
      }),
    );
  });
}
