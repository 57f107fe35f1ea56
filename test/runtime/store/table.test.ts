import { describe, expect, it } from 'vitest';
import { asset, check, given, landed, landing, materialize, partitions, table, topic, value } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { z } from 'zod';
import { SpindleError } from '../../../src/runtime/errors.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';

const Play = z.object({ id: z.string(), at: z.iso.datetime(), note: z.string().optional(), rating: z.int().nullable() });
const rows = [
  { id: 'a', at: '2026-01-01T10:00:00.000Z', rating: 1 },
  { id: 'b', at: '2026-01-02T10:00:00.000Z', rating: null, note: 'x' },
];

describe('a table', () => {
  it('gives back the rows that it was given, absent and null fields told apart', async () => {
    const plays = asset('silver/plays', { store: table('silver.plays', Play, { key: ['id'] }) }).run(() => rows);
    const run = await materialize([plays], { ...ephemeral() });
    const handle = await run.output(plays);
    expect(await handle.all()).toEqual(rows);
    expect(await handle.count()).toBe(2);
  });

  it('answers SQL with rows of the given schema', async () => {
    const plays = asset('silver/plays', { store: table('silver.plays', Play) }).run(() => rows);
    const run = await materialize([plays], { ...ephemeral() });
    const handle = await run.output(plays);
    expect(await handle.sql(z.object({ n: z.int() }), 'select count(*) as n from silver.plays where id = ?', ['a'])).toEqual([{ n: 1 }]);
  });

  it('refuses rows that break the schema, and keeps what it had', async () => {
    const kit = ephemeral();
    const plays = asset('silver/plays', { store: table('silver.plays', Play) }).run(() => rows);
    await materialize([plays], kit);
    const broken = asset('silver/plays', { store: table('silver.plays', Play) }).run(() => [
      { ...rows[0]!, rating: 'x' as unknown as number },
    ]);
    const run = await materialize([broken], kit);
    expect(run.events.find(({ type }) => type === 'step.failed')).toMatchObject({ error: { code: 'ROWS_INVALID', field: 'rating' } });
    expect(await kit.resources.warehouse.count('silver.plays')).toBe(2);
  });

  it('is loaded from landed objects, records that break the schema beside it as dead letters', async () => {
    const kit = ephemeral();
    const plays = asset('stream/plays', { store: topic('plays', Play) }).run(() => rows);
    const lake = asset('lake/plays', { store: landing('raw', Play), deps: { plays } }).run(({ plays }) => plays);
    const bronze = asset('bronze/plays', { store: table('bronze.plays', landed(Play), { write: 'append' }), deps: { lake } }).run(
      ({ lake }) => lake,
    );
    const broken = { ...rows[0]!, rating: 'five' as unknown as number };
    const run = await materialize([lake, bronze], { ...kit, given: [given(plays, [...rows, broken])] });
    expect(run.ok).toBe(true);
    expect(await (await run.output(bronze)).count()).toBe(2);
    expect(await kit.resources.warehouse.query('select topic, "offset", raw from bronze.dead_letters')).toEqual([
      { topic: 'plays', offset: 2, raw: JSON.stringify(broken) },
    ]);
  });

  it('goes on loading behind the last object of each folder, and says how many it had', async () => {
    const kit = ephemeral();
    const asked: string[] = [];
    const { lake: store } = kit.resources;
    const watched = {
      ...store,
      head: (key: string) => {
        asked.push(/(\d)\.ndjson\.gz$/.exec(key)?.[1] ?? key);
        return store.head(key);
      },
    };
    const plays = asset('stream/plays', { store: topic('plays', Play) }).run(() => rows);
    const lake = asset('lake/plays', { store: landing('raw', Play, { rotate: { records: 1 } }), deps: { plays } }).run(
      ({ plays }) => plays,
    );
    const bronze = asset('bronze/plays', { store: table('bronze.plays', landed(Play), { write: 'append' }), deps: { lake } }).run(
      ({ lake }) => lake,
    );
    const many = Array.from({ length: 6 }, (_, index) => ({ ...rows[0]!, id: `${index}` }));
    const load = async (count: number) => {
      await materialize([lake], { ...kit, given: [given(plays, many.slice(0, count))] });
      asked.length = 0;
      const { events } = await materialize([lake, bronze], { ...kit, select: 'bronze/*', resources: { ...kit.resources, lake: watched } });
      const made = events.find((event) => event.type === 'asset.materialized' && event.asset === 'bronze/plays');
      return { ...(made?.type === 'asset.materialized' && made.metadata), asked: [...new Set(asked)].toSorted() };
    };
    expect(await load(3)).toMatchObject({ objects: 3, skippedObjects: 0, asked: ['0', '1', '2'] });
    expect(await load(6)).toMatchObject({ objects: 3, skippedObjects: 3, asked: ['2', '3', '4', '5'] });
  });

  it('loads all of it again where somebody empties the table between the listing and the load', async () => {
    const kit = ephemeral();
    const { lake: store, warehouse } = kit.resources;
    const plays = asset('stream/plays', { store: topic('plays', Play) }).run(() => rows);
    const lake = asset('lake/plays', { store: landing('raw', Play, { rotate: { records: 1 } }), deps: { plays } }).run(
      ({ plays }) => plays,
    );
    const bronze = asset('bronze/plays', { store: table('bronze.plays', landed(Play), { write: 'append' }), deps: { lake } }).run(
      ({ lake }) => lake,
    );
    const many = Array.from({ length: 4 }, (_, index) => ({ ...rows[0]!, id: `${index}` }));
    await materialize([lake, bronze], { ...kit, given: [given(plays, many.slice(0, 2))] });
    await materialize([lake], { ...kit, given: [given(plays, many)] });
    const emptied = {
      ...warehouse,
      load: async (load: Parameters<typeof warehouse.load>[0]) => {
        if (load.behind === true) throw new SpindleError('TABLE_EMPTIED', 'as a driver tells it', { transient: true });
        return warehouse.load(load);
      },
    };
    const run = await materialize([lake, bronze], {
      ...kit,
      select: 'bronze/*',
      resources: { ...kit.resources, lake: store, warehouse: emptied },
    });
    expect([run.ok, await warehouse.count('bronze.plays')]).toEqual([true, 4]);
  });

  it('appends the rows of one run once', async () => {
    const kit = ephemeral();
    const log = asset('log/plays', { store: table('log.plays', Play, { write: 'append' }) }).run(() => rows);
    await materialize([log], kit);
    await materialize([log], kit);
    expect(await kit.resources.warehouse.count('log.plays')).toBe(2);
  });

  it('replaces the slice of one partition, and shows checks that slice', async () => {
    const kit = ephemeral({ now: '2026-01-04T00:00:00Z' });
    const Day = z.object({ day: z.iso.datetime(), n: z.int() });
    const days = asset('silver/days', {
      store: table('silver.days', Day, { partitionBy: 'day' }),
      partitions: partitions.daily({ start: '2026-01-01' }),
    }).run((_, { partition }) => [{ day: partition.start.toISOString(), n: 1 }]);
    const single = check(days, 'has one row').run(async (slice) => ({ passed: (await slice.count()) === 1 }));
    const run = await materialize([days], { ...kit, checks: [single] });
    expect(run.ok).toBe(true);
    expect(await (await run.output(days)).count()).toBe(3);
    expect(await (await run.output(days, { partition: '2026-01-02' })).all()).toEqual([{ day: '2026-01-02T00:00:00.000Z', n: 1 }]);
  });

  it('makes stale, in a partitioned dependent, exactly the days whose rows changed', async () => {
    const runStore = createMemoryRunStore();
    const kit = ephemeral({ now: '2026-01-04T00:00:00Z' });
    const build = (list: typeof rows, codeVersion: string) => {
      const plays = asset('silver/plays', { store: table('silver.plays', Play, { partitionBy: 'at' }), codeVersion }).run(() => list);
      const digest = asset('gold/digest', {
        store: value(z.int()),
        deps: { plays },
        partitions: partitions.daily({ start: '2026-01-01' }),
        codeVersion: '1',
      }).run(({ plays }) => plays.count());
      return [plays, digest] as const;
    };
    const first = build(rows, '1');
    const run = await materialize(first, { ...kit, runStore });
    const days = (events: typeof run.events) =>
      events.flatMap((event) => (event.type === 'asset.materialized' && event.asset === 'gold/digest' ? [event.partition] : []));
    expect(days(run.events)).toEqual(['2026-01-01', '2026-01-02']);
    const late = build([...rows, { id: 'c', at: '2026-01-01T23:59:59.999Z', rating: 1 }], '2');
    const again = await materialize(late, { ...kit, runStore });
    expect(days(again.events)).toEqual(['2026-01-01']);
    expect(await again.output(late[1], { partition: '2026-01-01' })).toBe(2);
  });
});

describe('objects', () => {
  it('are replaced as a whole, and loaded in bulk into a table', async () => {
    const { objects } = await import('spindle');
    const kit = ephemeral();
    const files = asset('lake/files', { store: objects('files', Play) }).run(() => rows);
    const loaded = asset('bronze/files', { store: table('bronze.files', Play, { write: 'append' }), deps: { files } }).run(
      ({ files }) => files,
    );
    const run = await materialize([files, loaded], kit);
    expect(run.ok).toBe(true);
    expect(await (await run.output(files)).all()).toEqual(rows);
    expect(await (await run.output(loaded)).count()).toBe(2);
  });
});

describe('a table that adds up', () => {
  it('is rebuilt when its code changed, and only when that is asked for', async () => {
    const runStore = createMemoryRunStore();
    const kit = ephemeral();
    const make = (codeVersion: string) =>
      asset('log/plays', { store: table('log.plays', Play, { write: 'append' }), codeVersion }).run(() => rows);
    await materialize([make('1')], { ...kit, runStore });
    const refused = await materialize([make('2')], { ...kit, runStore });
    expect(refused.events.find(({ type }) => type === 'step.failed')).toMatchObject({
      error: { code: 'TABLE_NEEDS_REBUILD', remedy: 'Run: spindle materialize --select log/plays --full-refresh' },
    });
  });
});

describe('stored data that somebody removed', () => {
  it('is made again, partition by partition', async () => {
    const runStore = createMemoryRunStore();
    const kit = ephemeral({ now: '2026-01-04T00:00:00Z' });
    const day = asset('gold/day', { store: value(z.string()), partitions: partitions.daily({ start: '2026-01-01' }) }).run(
      (_, { partition }) => partition.key,
    );
    await materialize([day], { ...kit, runStore });
    await kit.resources.lake.delete('values/gold/day/2026-01-02.json');
    const run = await materialize([day], { ...kit, runStore });
    expect(run.explain(day)).toContain('gold/day [2026-01-02] ran because what was materialized is gone from its store.');
    expect(run.events.filter(({ type }) => type === 'asset.materialized')).toHaveLength(1);
  });
});
