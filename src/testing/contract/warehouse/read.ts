import type { Warehouse } from '../../../runtime/resource/warehouse.ts';
import type { TestFramework } from '../test-framework.ts';
import { onWarehouse, play, playsTable, scanAll, type OpenWarehouse } from './fixture.ts';

/** Reading, versions of slices, SQL, and lending the warehouse to another program. */
export function readContract({ describe, it, expect }: TestFramework, open: OpenWarehouse): void {
  const on = (test: Parameters<typeof onWarehouse>[1]) => onWarehouse(open, test);
  const replace = (warehouse: Warehouse, rows: readonly ReturnType<typeof play>[]) =>
    warehouse.write({ table: playsTable(), mode: 'replace', rows, identity: 'w' });

  describe('reading', () => {
    it(
      'scans in the order of the key, the slices that are asked for',
      on(async (warehouse) => {
        await replace(warehouse, [play('b'), play('c', { played_at: '2026-01-03T00:00:00.000Z' }), play('a', { ms: 5 })]);
        const scan = async (...slices: NonNullable<NonNullable<Parameters<Warehouse['scan']>[1]>['slices']>) =>
          (await scanAll(warehouse, playsTable(), { slices })).map(({ id }) => id);
        expect(await scan()).toEqual(['a', 'b', 'c']);
        const day = {
          kind: 'ranges',
          column: 'played_at',
          ranges: [{ from: Date.parse('2026-01-01'), to: Date.parse('2026-01-02') }],
        } as const;
        expect(await scan(day)).toEqual(['a', 'b']);
        expect(await scan(day, { kind: 'values', column: 'ms', values: ['5'] })).toEqual(['a']);
        expect(await scan({ ...day, column: 'day' })).toEqual(['a', 'b', 'c']);
        expect(await scan({ kind: 'values', column: 'id', values: [] })).toEqual([]);
        expect(await warehouse.count('bronze.plays', [day])).toBe(2);
      }),
    );

    it(
      'frees the warehouse when a scan is left early',
      on(async (warehouse) => {
        await replace(
          warehouse,
          Array.from({ length: 5000 }, (_, index) => play(`${index}`)),
        );
        for await (const row of warehouse.scan(playsTable())) {
          expect(row['ms']).toBe(1000);
          break;
        }
        expect(await warehouse.lend('dbt', async () => 'lent')).toBe('lent');
      }),
    );

    it(
      'knows no version of a table that was never written, and no rows of one that does not exist',
      on(async (warehouse) => {
        expect(await warehouse.version('bronze.plays')).toBe(undefined);
        await warehouse.ensureTable(playsTable());
        expect(await warehouse.version('bronze.plays')).toBe(undefined);
        expect(await warehouse.count('bronze.plays')).toBe(0);
        for (const missing of [
          () => warehouse.count('gold.none'),
          () => scanAll(warehouse, playsTable({ name: 'gold.none' })),
          () => warehouse.sliceVersions('gold.none', 'a', 'day', 'UTC'),
        ]) {
          await expect(missing()).rejects.toMatchObject({ code: 'TABLE_UNKNOWN', place: {} });
        }
      }),
    );

    it(
      'lists its tables and answers SQL with values that JSON can carry',
      on(async (warehouse) => {
        await replace(warehouse, [play('a', { rate: null })]);
        await warehouse.write({ table: playsTable({ name: 'gold.top' }), mode: 'replace', rows: [], identity: 'w' });
        expect(await warehouse.tables()).toEqual([
          { name: 'bronze.plays', kind: 'table' },
          { name: 'gold.top', kind: 'table' },
        ]);
        const rows = await warehouse.query(
          "SELECT id, rate, played_at, day, device, count(*) OVER () AS n, 1.50::DECIMAL(9,2) AS d, [1, 2] AS l, {'a': 1} AS s, 9007199254740993::BIGINT AS big FROM bronze.plays WHERE id = $1",
          ['a'],
        );
        expect(rows).toEqual([
          {
            id: 'a',
            rate: null,
            played_at: '2026-01-01T10:00:00.000Z',
            day: '2026-01-01',
            device: { os: 'ios' },
            n: 1,
            d: 1.5,
            l: [1, 2],
            s: { a: 1 },
            big: '9007199254740993',
          },
        ]);
        await expect(warehouse.query('SELEC 1')).rejects.toMatchObject({ code: 'QUERY_FAILED' });
      }),
    );

    it(
      'sees in SQL what was written since the query before',
      on(async (warehouse) => {
        const count = async () => (await warehouse.query('SELECT count(*) AS n FROM bronze.plays'))[0]?.['n'];
        await replace(warehouse, [play('a')]);
        expect(await count()).toBe(1);
        await replace(warehouse, [play('a'), play('b')]);
        expect(await count()).toBe(2);
      }),
    );
  });

  describe('versions of slices', () => {
    it(
      'change for the slice of a changed row alone, and not with the order of rows',
      on(async (warehouse) => {
        const next = play('c', { played_at: '2026-01-02T01:30:00.000Z' });
        const versions = async (unit: 'hour' | 'day' | 'week' | 'month' = 'day', zone = 'UTC') =>
          warehouse.sliceVersions('bronze.plays', 'played_at', unit, zone);
        await replace(warehouse, [play('a'), play('b'), next]);
        const before = await versions();
        expect([...before.keys()]).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z']);
        await replace(warehouse, [next, play('b'), play('a')]);
        expect([...(await versions())]).toEqual([...before]);
        await replace(warehouse, [next, play('b', { ms: 1 }), play('a')]);
        const after = await versions();
        expect([
          after.get('2026-01-01T00:00:00.000Z') === before.get('2026-01-01T00:00:00.000Z'),
          after.get('2026-01-02T00:00:00.000Z') === before.get('2026-01-02T00:00:00.000Z'),
        ]).toEqual([false, true]);
        expect([...(await versions('hour')).keys()]).toEqual(['2026-01-01T10:00:00.000Z', '2026-01-02T01:00:00.000Z']);
        expect([...(await versions('week')).keys()]).toEqual(['2025-12-29T00:00:00.000Z']);
        expect([...(await versions('month', 'America/New_York')).keys()]).toEqual(['2026-01-01T05:00:00.000Z']);
        expect([...(await versions('day', 'America/New_York')).keys()]).toEqual(['2026-01-01T05:00:00.000Z']);
      }),
    );
  });

  describe('given tables', () => {
    const given = (name: string, ids: readonly string[]) => ({ table: playsTable({ name }), rows: ids.map((id) => play(id)) });

    it(
      'take the place of tables of their names in one query, which finds all others as they are',
      on(async (warehouse) => {
        if (warehouse.queryGiven === undefined) return;
        await replace(warehouse, [play('a')]);
        await warehouse.write({ table: playsTable({ name: 'bronze.other' }), mode: 'replace', rows: [play('b')], identity: '1' });
        const before = await warehouse.version('bronze.plays');
        const stood = [given('bronze.plays', ['b', 'c']), given('silver.only_given', ['c'])];
        const found = await warehouse.queryGiven(
          stood,
          `select p.id, p.device.os as os, o.id is not null as other, g.id is not null as given from bronze.plays p
           left join bronze.other o using (id) left join silver.only_given g using (id) where p.ms >= $1 order by p.id`,
          [1],
        );
        expect(found).toEqual([
          { id: 'b', os: 'ios', other: true, given: false },
          { id: 'c', os: 'ios', other: false, given: true },
        ]);
        expect(await warehouse.query('select id from bronze.plays')).toEqual([{ id: 'a' }]);
        await expect(warehouse.query('select id from silver.only_given')).rejects.toMatchObject({ code: 'QUERY_FAILED' });
        expect((await warehouse.tables()).map(({ name }) => name)).toEqual(['bronze.other', 'bronze.plays']);
        expect(await warehouse.version('bronze.plays')).toBe(before);
      }),
    );

    it(
      'are gone after a query that fails, and two queries at once see each its own',
      on(async (warehouse) => {
        const { queryGiven } = warehouse;
        if (queryGiven === undefined) return;
        await replace(warehouse, [play('a')]);
        await expect(queryGiven([given('bronze.plays', ['b'])], 'select nothing from bronze.plays')).rejects.toMatchObject({
          code: 'QUERY_FAILED',
        });
        const both = await Promise.all(['c', 'd'].map((id) => queryGiven([given('bronze.plays', [id])], 'select id from bronze.plays')));
        expect(both).toEqual([[{ id: 'c' }], [{ id: 'd' }]]);
        expect(await warehouse.query('select id from bronze.plays')).toEqual([{ id: 'a' }]);
      }),
    );
  });

  describe('lending', () => {
    it(
      'waits for what runs, lets nothing in meanwhile, and takes the warehouse back',
      on(async (warehouse) => {
        await replace(warehouse, [play('a')]);
        const order: string[] = [];
        let counted: Promise<unknown> | undefined;
        const dialect = await warehouse.lend('dbt', async (target) => {
          counted = warehouse.lend('second', async () => order.push('second'));
          await Promise.resolve();
          order.push('lent');
          return target.dialect;
        });
        await counted;
        expect(order).toEqual(['lent', 'second']);
        expect(typeof dialect).toBe('string');
        await expect(warehouse.lend('dbt', () => Promise.reject(new Error('dbt failed')))).rejects.toMatchObject({ message: 'dbt failed' });
        expect(await warehouse.count('bronze.plays')).toBe(1);
      }),
    );
  });
}
