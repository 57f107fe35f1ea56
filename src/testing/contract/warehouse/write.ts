import { z } from 'zod';
import type { TableWrite, Warehouse } from '../../../runtime/resource/warehouse.ts';
import type { TestFramework } from '../test-framework.ts';
import { idsOf, onWarehouse, play, Play, playsTable, scanAll, type OpenWarehouse } from './fixture.ts';

const HOUR = 3_600_000;
const at = Date.parse('2026-01-01T10:00:00Z');
const slice = { kind: 'ranges', column: 'played_at', ranges: [{ from: at, to: at + HOUR }] } as const;
const later = { played_at: '2026-01-01T11:00:00.000Z' };

/** Rows from a function: what append, replace and merge do to a table and its version. */
export function writeContract({ describe, it, expect }: TestFramework, open: OpenWarehouse): void {
  const on = (test: Parameters<typeof onWarehouse>[1]) => onWarehouse(open, test);
  const write = (warehouse: Warehouse, ids: readonly (string | ReturnType<typeof play>)[], change: Partial<TableWrite> = {}) =>
    warehouse.write({
      table: playsTable(),
      mode: 'replace',
      rows: ids.map((id) => (typeof id === 'string' ? play(id) : id)),
      identity: 'w',
      ...change,
    });

  describe('writing rows', () => {
    it(
      'gives back every type as it was written, an absent value as null',
      on(async (warehouse) => {
        const exact = play('a', { ms: 2 ** 53 - 1, rate: 1e-7, device: { os: "i'os", deep: { list: [1, null, '😀\u0000'] } } });
        const { liked: _, ...absent } = play('b', { rate: null, day: null, device: null });
        const outcome = await write(warehouse, [exact, absent]);
        expect(outcome).toMatchObject({ rows: 2, rejected: 0 });
        expect(await scanAll(warehouse, playsTable())).toEqual([exact, { ...absent, liked: null }]);
      }),
    );

    it(
      'keeps an instant whatever offset it was written with',
      on(async (warehouse) => {
        const table = playsTable({ schema: z.object({ id: z.string(), at: z.iso.datetime({ offset: true }) }) });
        const rows = [
          { id: '1', at: '2026-01-01T02:00:00+02:00' },
          { id: '2', at: '2026-01-01T00:00:00.123456Z' },
          { id: '3', at: '2026-01-01T00:00:00Z' },
        ];
        await warehouse.write({ table, mode: 'replace', rows, identity: 'w' });
        expect((await scanAll(warehouse, table)).map((row) => row['at'])).toEqual([
          '2026-01-01T00:00:00.000Z',
          '2026-01-01T00:00:00.123456Z',
          '2026-01-01T00:00:00.000Z',
        ]);
      }),
    );

    it(
      'takes rows as they come from a generator, and none',
      on(async (warehouse) => {
        async function* rows() {
          for (let id = 0; id < 3000; id++) yield play(String(id).padStart(5, '0'));
        }
        expect(await warehouse.write({ table: playsTable(), mode: 'replace', rows: rows(), identity: 'w' })).toMatchObject({ rows: 3000 });
        expect(await warehouse.count('bronze.plays')).toBe(3000);
        expect(await write(warehouse, [])).toMatchObject({ rows: 0, bytes: 0 });
        expect(await warehouse.count('bronze.plays')).toBe(0);
      }),
    );

    it(
      'leaves the table as it was where making a row fails',
      on(async (warehouse) => {
        await write(warehouse, ['a']);
        async function* rows() {
          yield play('b');
          throw new Error('the function failed');
        }
        await expect(warehouse.write({ table: playsTable(), mode: 'replace', rows: rows(), identity: 'x' })).rejects.toMatchObject({
          message: 'the function failed',
        });
        expect(await idsOf(warehouse)).toEqual(['a']);
      }),
    );

    it(
      'lets the function read the warehouse while it makes its rows',
      on(async (warehouse) => {
        await write(warehouse, ['a', 'b']);
        async function* rows() {
          for await (const row of warehouse.scan(playsTable())) {
            await warehouse.query('SELECT 1');
            yield row;
          }
        }
        const copy = playsTable({ name: 'silver.copies' });
        expect(await warehouse.write({ table: copy, mode: 'replace', rows: rows(), identity: 'w' })).toMatchObject({ rows: 2 });
      }),
    );

    it(
      'stops with the reason of an abort',
      on(async (warehouse) => {
        const stop = new AbortController();
        async function* rows() {
          yield play('a');
          stop.abort(new Error('stop'));
          yield play('b');
        }
        await expect(
          warehouse.write({ table: playsTable(), mode: 'replace', rows: rows(), identity: 'w', signal: stop.signal }),
        ).rejects.toMatchObject({ message: 'stop' });
      }),
    );
  });

  describe('appending', () => {
    it(
      'adds rows once for each identity',
      on(async (warehouse) => {
        const first = await write(warehouse, ['a'], { mode: 'append', identity: '1' });
        const again = await write(warehouse, ['a'], { mode: 'append', identity: '1' });
        expect(again).toMatchObject({ rows: 0, version: first.version });
        const second = await write(warehouse, ['b'], { mode: 'append', identity: '2' });
        expect(second.version === first.version).toBe(false);
        expect(await idsOf(warehouse)).toEqual(['a', 'b']);
      }),
    );

    it(
      'serializes writers',
      on(async (warehouse) => {
        await Promise.all(
          Array.from({ length: 8 }, (_, index) => write(warehouse, [`${index}`], { mode: 'append', identity: `${index}` })),
        );
        expect(await warehouse.count('bronze.plays')).toBe(8);
      }),
    );
  });

  describe('replacing', () => {
    it(
      'has the same version for the same rows in any order, and another for others',
      on(async (warehouse) => {
        const first = await write(warehouse, ['a', 'b']);
        expect((await write(warehouse, ['b', 'a'], { identity: 'other' })).version).toBe(first.version);
        expect(await warehouse.version('bronze.plays')).toBe(first.version);
        expect((await write(warehouse, ['a', play('b', { ms: 1 })])).version === first.version).toBe(false);
        expect((await write(warehouse, ['a', 'a', 'b'])).version === first.version).toBe(false);
      }),
    );

    it(
      'replaces a slice and nothing beside it, and comes back to the version of the same content',
      on(async (warehouse) => {
        const { version } = await write(warehouse, ['a', play('z', later)]);
        await write(warehouse, ['b', 'c'], { slices: [slice] });
        expect(await idsOf(warehouse)).toEqual(['b', 'c', 'z']);
        expect((await write(warehouse, ['a'], { slices: [slice] })).version).toBe(version);
        await write(warehouse, [play('l', { ms: 7 })], { slices: [{ kind: 'values', column: 'ms', values: ['7', '8'] }] });
        await write(warehouse, [play('m', { ms: 8 })], { slices: [{ kind: 'values', column: 'ms', values: ['7', '8'] }] });
        expect(await idsOf(warehouse)).toEqual(['a', 'm', 'z']);
      }),
    );

    it(
      'tells the version of the slice that was written, whatever the rest of the table holds',
      on(async (warehouse) => {
        const first = await write(warehouse, ['a', 'b'], { slices: [slice] });
        expect((await write(warehouse, [play('z', later)], { mode: 'append' })).sliceVersion).toBe(undefined);
        const again = await write(warehouse, ['b', 'a'], { slices: [slice] });
        expect(again.sliceVersion).toBe(first.sliceVersion);
        expect(again.version === first.version).toBe(false);
        expect((await write(warehouse, ['a'], { slices: [slice] })).sliceVersion === first.sliceVersion).toBe(false);
      }),
    );

    it(
      'refuses rows outside of the slice, which a second replacement would not find',
      on(async (warehouse) => {
        await write(warehouse, ['a']);
        await expect(write(warehouse, ['b', play('c', later)], { slices: [slice] })).rejects.toMatchObject({
          code: 'ROWS_INVALID',
          place: { field: 'played_at' },
        });
        expect(await idsOf(warehouse)).toEqual(['a']);
      }),
    );
  });

  describe('merging', () => {
    it(
      'replaces rows of the same key and adds the others',
      on(async (warehouse) => {
        await write(warehouse, ['a', 'b']);
        const merged = await write(warehouse, [play('b', { ms: 2 }), 'c'], { mode: 'merge' });
        expect(merged.rows).toBe(2);
        expect((await scanAll(warehouse, playsTable())).map(({ id, ms }) => [id, ms])).toEqual([
          ['a', 1000],
          ['b', 2],
          ['c', 1000],
        ]);
        expect((await write(warehouse, ['c', play('b', { ms: 2 })], { mode: 'merge' })).version).toBe(merged.version);
        expect((await write(warehouse, ['c', 'a', play('b', { ms: 2 })])).version).toBe(merged.version);
      }),
    );

    it(
      'refuses a table without a key and two rows of one key',
      on(async (warehouse) => {
        await expect(write(warehouse, ['a'], { mode: 'merge', table: playsTable({ key: [] }) })).rejects.toMatchObject({
          code: 'GRAPH_INVALID',
        });
        await expect(write(warehouse, ['a', 'a'], { mode: 'merge' })).rejects.toMatchObject({ code: 'ROWS_INVALID' });
      }),
    );
  });

  describe('changing a table', () => {
    const grown = playsTable({ schema: Play.extend({ note: z.string().optional() }), generation: 'g2' });
    const narrowed = playsTable({ schema: Play.extend({ ms: z.string() }), generation: 'g2' });

    it(
      'adds a new nullable column to the rows that are there, and changes no version for it',
      on(async (warehouse) => {
        const { version } = await write(warehouse, ['a'], { mode: 'append', identity: '1' });
        const days = await warehouse.sliceVersions('bronze.plays', 'played_at', 'day', 'UTC');
        await warehouse.ensureTable(grown);
        expect(await scanAll(warehouse, grown)).toEqual([play('a', { note: null })]);
        expect(await warehouse.version('bronze.plays')).toBe(version);
        expect(await warehouse.sliceVersions('bronze.plays', 'played_at', 'day', 'UTC')).toEqual(days);
        await write(warehouse, [play('b', { note: 'n' })], { table: grown, mode: 'append', identity: '2' });
        expect(await warehouse.count('bronze.plays')).toBe(2);
      }),
    );

    it(
      'refuses any other difference, and takes it where the table is empty',
      on(async (warehouse) => {
        await warehouse.ensureTable(playsTable());
        await warehouse.ensureTable(narrowed);
        await write(warehouse, [play('a', { ms: '1' })], { table: narrowed });
        await expect(warehouse.ensureTable(playsTable())).rejects.toMatchObject({ code: 'TABLE_NEEDS_REBUILD' });
      }),
    );

    it(
      'refuses to append or merge to rows that another code made, and replaces them',
      on(async (warehouse) => {
        await write(warehouse, ['a']);
        const changed = { table: playsTable({ generation: 'g2' }) };
        await warehouse.ensureTable(changed.table);
        await expect(write(warehouse, ['b'], { ...changed, mode: 'append' })).rejects.toMatchObject({ code: 'TABLE_NEEDS_REBUILD' });
        await expect(write(warehouse, ['b'], { ...changed, mode: 'merge' })).rejects.toMatchObject({ code: 'TABLE_NEEDS_REBUILD' });
        await write(warehouse, ['b'], { ...changed, slices: [slice] });
        await write(warehouse, ['c'], { ...changed, mode: 'append' });
        expect(await idsOf(warehouse)).toEqual(['b', 'c']);
      }),
    );

    it(
      'replaces the whole table whatever its columns were, and a slice only with a full refresh',
      on(async (warehouse) => {
        await write(warehouse, ['a', play('z', later)]);
        const row = play('b', { ms: '5' });
        await expect(write(warehouse, [row], { table: narrowed, slices: [slice] })).rejects.toMatchObject({ code: 'TABLE_NEEDS_REBUILD' });
        await write(warehouse, [row], { table: narrowed, slices: [slice], fullRefresh: true });
        await write(warehouse, [play('y', { ...later, ms: '6' })], { table: narrowed, mode: 'append', fullRefresh: true });
        expect(await idsOf(warehouse, narrowed)).toEqual(['b', 'y']);
        await write(warehouse, ['a']);
        expect(await scanAll(warehouse, playsTable())).toEqual([play('a')]);
      }),
    );
  });
}
