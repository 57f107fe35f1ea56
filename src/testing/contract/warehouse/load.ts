import { z } from 'zod';
import type { FaultPoint } from '../../../runtime/resource/faults.ts';
import type { TestFramework } from '../test-framework.ts';
import { deadLetters, idsOf, landObject, loadOf, onWarehouse, play, Play, playsTable, scanAll, type OpenWarehouse } from './fixture.ts';

const LOAD_FAULTS: readonly FaultPoint[] = ['load.before-transaction', 'load.after-insert', 'load.before-commit', 'load.after-commit'];

/** Bulk loads of chain objects: each exactly once, whatever happens between. */
export function loadContract({ describe, it, expect }: TestFramework, open: OpenWarehouse): void {
  const on = (test: Parameters<typeof onWarehouse>[1]) => onWarehouse(open, test);

  describe('loading objects', () => {
    it(
      'loads rows with their object and load time, and flagged records as dead letters',
      on(async (warehouse, { lake }) => {
        const object = await landObject(lake, 'plays/1/0/0', { rows: [play('a'), play('b')], rejected: ['{oops', '"x"'] });
        const outcome = await warehouse.load(loadOf(lake, [object]));
        expect(outcome).toMatchObject({ rows: 2, rejected: 2, objects: 1, skippedObjects: 0, bytes: object.size });
        expect(await scanAll(warehouse, playsTable())).toEqual([play('a'), play('b')]);
        expect(await warehouse.query('SELECT DISTINCT _object, _loaded_at FROM bronze.plays')).toEqual([
          { _object: object.key, _loaded_at: '2026-02-01T00:00:00.000Z' },
        ]);
        expect((await scanAll(warehouse, { ...deadLetters, key: ['offset'] })).at(0)).toEqual({
          topic: 'plays',
          partition: 0,
          offset: 0,
          recorded_at: '2026-01-01T00:00:00.000Z',
          raw: '{oops',
          raw_base64: null,
          reasons: ['not JSON'],
          object: object.key,
          for_table: 'bronze.plays',
          loaded_at: '2026-02-01T00:00:00.000Z',
        });
      }),
    );

    it(
      'loads an object without good records, one without any, and no object at all',
      on(async (warehouse, { lake }) => {
        const none = await warehouse.load(loadOf(lake, []));
        expect(none).toMatchObject({ rows: 0, objects: 0 });
        expect(await warehouse.version('bronze.plays')).toBe(none.version);
        const flagged = await landObject(lake, 'k/1', { rows: [], rejected: ['x'] });
        const empty = await landObject(lake, 'k/2', { rows: [] });
        expect(await warehouse.load(loadOf(lake, [flagged, empty]))).toMatchObject({ rows: 0, rejected: 1, objects: 2 });
        expect([await warehouse.count('bronze.plays'), await warehouse.count('bronze.dead_letters')]).toEqual([0, 1]);
      }),
    );

    it(
      'leaves out what its ledger holds, also when objects come in other groups, and says so',
      on(async (warehouse, { lake }) => {
        const objects = [];
        for (let n = 0; n < 5; n++) objects.push(await landObject(lake, `k/${n}`, { rows: [play(`${n}`)] }));
        expect(await warehouse.unloaded(playsTable(), objects)).toEqual(objects);
        await warehouse.load(loadOf(lake, objects.slice(0, 2)));
        const progress: (number | undefined)[][] = [];
        const outcome = await warehouse.load(loadOf(lake, objects, { progress: (...step) => progress.push(step) }));
        expect(outcome).toMatchObject({ rows: 3, objects: 3, skippedObjects: 2 });
        expect(progress.at(-1)).toEqual([3, 3]);
        expect(await idsOf(warehouse)).toEqual(['0', '1', '2', '3', '4']);
        expect(await warehouse.unloaded(playsTable(), objects)).toEqual([]);
        expect(await warehouse.load(loadOf(lake, objects))).toMatchObject({
          rows: 0,
          objects: 0,
          skippedObjects: 5,
          version: outcome.version,
        });
      }),
    );

    it(
      'has the version of the set of loaded objects, however they were grouped',
      on(async (warehouse, { lake }) => {
        const objects = [await landObject(lake, 'k/1', { rows: [play('a')] }), await landObject(lake, 'k/2', { rows: [play('b')] })];
        await warehouse.load(loadOf(lake, objects.slice(1)));
        const { version } = await warehouse.load(loadOf(lake, objects.slice(0, 1)));
        const twin = playsTable({ name: 'bronze.twin' });
        expect((await warehouse.load(loadOf(lake, objects, { table: twin }))).version).toBe(version);
      }),
    );

    it(
      'loads the same objects once when two loads race',
      on(async (warehouse, { lake }) => {
        const objects = [
          await landObject(lake, 'k/1', { rows: [play('a')], rejected: ['x'] }),
          await landObject(lake, 'k/2', { rows: [play('b')] }),
        ];
        const outcomes = await Promise.all([1, 2, 3].map(() => warehouse.load(loadOf(lake, objects))));
        expect(outcomes.map(({ objects: loaded }) => loaded).toSorted()).toEqual([0, 0, 2]);
        expect([await warehouse.count('bronze.plays'), await warehouse.count('bronze.dead_letters')]).toEqual([2, 1]);
      }),
    );

    for (const fault of LOAD_FAULTS) {
      it(
        `holds each record once after a failure at ${fault} and another load`,
        on(async (warehouse, { lake, setFaults }) => {
          const first = await landObject(lake, 'k/1', { rows: [play('a')] });
          await warehouse.load(loadOf(lake, [first]));
          const objects = [first, await landObject(lake, 'k/2', { rows: [play('b')], rejected: ['x'] })];
          const hits: string[] = [];
          setFaults((point) => {
            hits.push(point);
            if (point === fault) throw new Error(`injected at ${point}`);
          });
          await expect(warehouse.load(loadOf(lake, objects))).rejects.toMatchObject({ message: `injected at ${fault}` });
          expect(hits.at(-1)).toBe(fault);
          expect(await warehouse.count('bronze.plays')).toBe(fault === 'load.after-commit' ? 2 : 1);
          setFaults(() => {});
          await warehouse.load(loadOf(lake, objects));
          expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a', 'b'], 1]);
        }),
      );
    }

    it(
      'names an object that cannot be read, or holds another number of records, and loads nothing',
      on(async (warehouse, { lake }) => {
        const good = await landObject(lake, 'k/0', { rows: [play('a')] });
        const fat = await landObject(lake, 'k/fat', {
          rows: Array.from({ length: 500 }, (_, index) => play(`${index}`, { ms: index * 7919 })),
        });
        const torn = await lake.put('k/torn', (await lake.get(fat.key)).subarray(0, fat.size >> 1), {});
        const noise = await lake.put('k/noise', new TextEncoder().encode('no gzip'), {});
        const attempt = (object: object) => warehouse.load(loadOf(lake, [good, { ...fat, ...object }]));
        const unreadable = (key: string) => ({ code: 'OBJECT_UNREADABLE', message: expectMessage(key) });
        for (const [object, expected] of [
          [{ key: 'k/torn', size: torn.size, rejectedFrom: torn.size }, unreadable('k/torn')],
          [{ key: 'k/noise', size: noise.size, rejectedFrom: noise.size }, unreadable('k/noise')],
          [{ rows: 499 }, { code: 'LOAD_COUNT_MISMATCH' }],
          [{ rows: 501 }, { code: 'LOAD_COUNT_MISMATCH' }],
          [{ key: 'k/gone' }, { code: 'OBJECT_NOT_FOUND' }],
        ] as const) {
          const error = await attempt(object).then(
            () => undefined,
            (reason: unknown) => reason as Error & { code: string },
          );
          expect(error?.code).toBe(expected.code);
          if ('message' in expected) expect(expected.message.test(error?.message ?? '')).toBe(true);
        }
        expect(await warehouse.load(loadOf(lake, [good]))).toMatchObject({ rows: 1, objects: 1 });
        expect(await idsOf(warehouse)).toEqual(['a']);
      }),
    );

    it(
      'counts the rows of each slice of time that it touched',
      on(async (warehouse, { lake }) => {
        const object = await landObject(lake, 'k/1', {
          rows: [play('a'), play('b'), play('c', { played_at: '2025-12-31T23:59:59.999Z' })],
        });
        await warehouse.load(loadOf(lake, [object]));
        const next = await landObject(lake, 'k/2', { rows: [play('d', { played_at: '2026-01-02T00:00:00.000Z' }), play('e')] });
        const { touched } = await warehouse.load(loadOf(lake, [object, next], { touched: { column: 'played_at', unit: 'day' } }));
        expect([...touched]).toEqual([
          ['2026-01-01T00:00:00.000Z', 1],
          ['2026-01-02T00:00:00.000Z', 1],
        ]);
        const all = await warehouse.load(loadOf(lake, [object], { touched: { column: 'played_at', unit: 'hour' }, fullRefresh: true }));
        expect([...all.touched]).toEqual([
          ['2025-12-31T23:00:00.000Z', 1],
          ['2026-01-01T10:00:00.000Z', 2],
        ]);
      }),
    );

    it(
      'stops with the reason of an abort, and loads nothing',
      on(async (warehouse, { lake }) => {
        const object = await landObject(lake, 'k/1', { rows: [play('a')] });
        await expect(warehouse.load(loadOf(lake, [object], { signal: AbortSignal.abort(new Error('stop')) }))).rejects.toMatchObject({
          message: 'stop',
        });
        expect(await warehouse.unloaded(playsTable(), [object])).toEqual([object]);
      }),
    );
  });

  describe('loading again', () => {
    it(
      'deletes and reloads by a full refresh, in one transaction',
      on(async (warehouse, { lake, setFaults }) => {
        const objects = [
          await landObject(lake, 'k/1', { rows: [play('a')], rejected: ['x'] }),
          await landObject(lake, 'k/2', { rows: [play('b')] }),
        ];
        const { version } = await warehouse.load(loadOf(lake, objects));
        const changed = playsTable({ generation: 'g2' });
        await expect(warehouse.load(loadOf(lake, objects, { table: changed }))).rejects.toMatchObject({ code: 'TABLE_NEEDS_REBUILD' });
        setFaults((point) => {
          if (point === 'load.before-commit') throw new Error('killed');
        });
        await expect(warehouse.load(loadOf(lake, objects, { table: changed, fullRefresh: true }))).rejects.toMatchObject({
          message: 'killed',
        });
        expect([await warehouse.version('bronze.plays'), await idsOf(warehouse)]).toEqual([version, ['a', 'b']]);
        setFaults(() => {});
        const refreshed = await warehouse.load(loadOf(lake, objects, { table: changed, fullRefresh: true }));
        expect(refreshed).toMatchObject({ rows: 2, objects: 2, rejected: 1 });
        expect(refreshed.version === version).toBe(false);
        expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['a', 'b'], 1]);
      }),
    );

    it(
      'takes a new nullable column without a rebuild, and any column by a full refresh',
      on(async (warehouse, { lake }) => {
        const grown = playsTable({ schema: Play.extend({ note: z.string().optional() }), generation: 'g2' });
        const first = await landObject(lake, 'k/1', { rows: [play('a')] });
        await warehouse.load(loadOf(lake, [first]));
        const second = await landObject(lake, 'k/2', { rows: [play('b', { note: 'n' })] });
        await warehouse.load(loadOf(lake, [first, second], { table: grown }));
        expect((await scanAll(warehouse, grown)).map((row) => row['note'])).toEqual([null, 'n']);
        const other = playsTable({ schema: Play.omit({ ms: true }).extend({ must: z.string().default('d') }), generation: 'g3' });
        await expect(warehouse.load(loadOf(lake, [first], { table: other }))).rejects.toMatchObject({ code: 'TABLE_NEEDS_REBUILD' });
        const third = await landObject(lake, 'k/3', { rows: [play('c', { must: 'm' })] });
        await warehouse.load(loadOf(lake, [third], { table: other, fullRefresh: true }));
        expect(await idsOf(warehouse, other)).toEqual(['c']);
      }),
    );

    it(
      'takes a new column by the next load where the one that brought it failed',
      on(async (warehouse, { lake, setFaults }) => {
        const grown = playsTable({ schema: Play.extend({ note: z.string().optional() }), generation: 'g2' });
        const first = await landObject(lake, 'k/1', { rows: [play('a')] });
        await warehouse.load(loadOf(lake, [first]));
        const second = await landObject(lake, 'k/2', { rows: [play('b', { note: 'n' })] });
        setFaults((point) => {
          if (point === 'load.after-insert') throw new Error('killed');
        });
        await expect(warehouse.load(loadOf(lake, [first, second], { table: grown }))).rejects.toMatchObject({ message: 'killed' });
        setFaults(() => {});
        await warehouse.load(loadOf(lake, [first, second], { table: grown }));
        expect((await scanAll(warehouse, grown)).map((row) => row['note'])).toEqual([null, 'n']);
      }),
    );

    it(
      'reloads an object whose content changed, in place of its earlier rows',
      on(async (warehouse, { lake }) => {
        const other = await landObject(lake, 'k/2', { rows: [play('z')] });
        const before = await landObject(lake, 'k/1', { rows: [play('a'), play('b')], rejected: ['x'] });
        await warehouse.load(loadOf(lake, [before, other]));
        const after = await landObject(lake, 'k/1', { rows: [play('c')] });
        expect(await warehouse.load(loadOf(lake, [after, other]))).toMatchObject({ rows: 1, objects: 1, skippedObjects: 1 });
        expect([await idsOf(warehouse), await warehouse.count('bronze.dead_letters')]).toEqual([['c', 'z'], 0]);
      }),
    );

    it(
      "refuses a schema with a column of the loader's",
      on(async (warehouse, { lake }) => {
        const table = playsTable({ schema: Play.extend({ _object: z.string() }) });
        await expect(warehouse.load(loadOf(lake, [], { table }))).rejects.toMatchObject({
          code: 'SCHEMA_UNMAPPABLE',
          place: { field: '_object' },
        });
      }),
    );
  });
}

function expectMessage(key: string): RegExp {
  return new RegExp(`object ${key} cannot be read`);
}
