import { asset, check, every, given, landing, materialize, partitions, source, table, topic, value, window } from 'spindle';
import { createMemoryRunStore, ephemeral } from 'spindle/testing';
import { dbtProject } from 'spindle/dbt';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const Play = z.object({ day: z.iso.date(), song: z.string() });
const Count = z.object({ day: z.iso.date(), plays: z.int() });
const daily = partitions.daily({ start: '2025-12-01' });
const plays = asset('plays', { store: table('x.plays', Play, { partitionBy: 'day' }), partitions: daily }).run(() => []);
const counts = asset('counts', { store: table('x.counts', Count, { partitionBy: 'day' }), partitions: daily, deps: { plays } }).run(
  async ({ plays }, { partition }) => [{ day: partition.key, plays: await plays.count() }],
);
const rows = [
  { day: '2025-12-30', song: 'a' },
  { day: '2025-12-31', song: 'b' },
  { day: '2025-12-31', song: 'c' },
];

describe('rows given for a partitioned table', () => {
  it('are divided by its column: each partition reads its own, and those that the rows tell are made', async () => {
    const run = (await materialize([counts], { ...ephemeral(), given: [given(plays, rows)] })).orThrow();
    expect(await (await run.output(counts)).all()).toEqual([
      { day: '2025-12-30', plays: 1 },
      { day: '2025-12-31', plays: 2 },
    ]);
  });

  it('stand in for partitions without rows as well', async () => {
    const run = await materialize([counts], { ...ephemeral(), partition: '2025-12-29', given: [given(plays, rows)] });
    expect(await (await run.output(counts)).all()).toEqual([{ day: '2025-12-29', plays: 0 }]);
  });

  it('may be given for single partitions, whose rows they then have to be', async () => {
    const [first, ...others] = rows;
    const each = [given(plays, [first!], { partition: '2025-12-30' }), given(plays, others, { partition: '2025-12-31' })];
    const run = (await materialize([counts], { ...ephemeral(), given: each })).orThrow();
    expect(await (await run.output(counts)).count()).toBe(2);
    await expect(materialize([counts], { ...ephemeral(), given: [given(plays, rows, { partition: '2025-12-30' })] })).rejects.toMatchObject(
      {
        code: 'ROWS_INVALID',
        message: 'Rows given for the partition 2025-12-30 of plays belong to 2025-12-31.',
      },
    );
  });

  it('reach a window and every partition as one handle', async () => {
    const trend = asset('trend', { partitions: daily, deps: { days: window(plays, { from: -1, to: 0 }) } }).run(({ days }) => days.count());
    const total = asset('total', { deps: { all: every(plays) } }).run(({ all }) => all.count());
    const run = await materialize([trend, total], { ...ephemeral(), partition: '2025-12-31', given: [given(plays, rows)] });
    expect([await run.output(trend, { partition: '2025-12-31' }), await run.output(total)]).toEqual([3, 3]);
  });

  it('are divided by static keys too', async () => {
    const regions = partitions.of(['eu', 'us']);
    const Sale = z.object({ region: z.string(), cents: z.int() });
    const sales = asset('sales', { store: table('x.sales', Sale, { partitionBy: 'region' }), partitions: regions }).run(() => []);
    const sum = asset('sum', { partitions: regions, deps: { sales } }).run(async ({ sales }) => sales.count());
    const fixture = given(sales, [{ region: 'eu', cents: 1 }]);
    const run = await materialize([sum], { ...ephemeral(), given: [fixture], partition: 'us' });
    expect(await run.output(sum, { partition: 'us' })).toBe(0);
    await expect(materialize([sum], { ...ephemeral(), given: [given(sales, [{ region: 'asia', cents: 1 }])] })).rejects.toMatchObject({
      code: 'PARTITION_UNKNOWN',
      message: expect.stringContaining('"asia" is no partition of sales'),
    });
  });

  it('are divided by each dimension of a cross', async () => {
    const cross = partitions.cross({ day: daily, region: partitions.of(['eu', 'us']) });
    const Sale = z.object({ at: z.iso.datetime(), region: z.string(), cents: z.int() });
    const store = table('x.sales', Sale, { partitionBy: { day: 'at', region: 'region' } });
    const sales = asset('sales', { store, partitions: cross }).run(() => []);
    const sum = asset('sum', { store: value(z.int()), partitions: cross, deps: { sales } }).run(async ({ sales }) => sales.count());
    const sale = (at: string, region: string) => ({ at, region, cents: 1 });
    const fixture = given(sales, [
      sale('2025-12-30T01:00:00Z', 'eu'),
      sale('2025-12-30T02:00:00Z', 'eu'),
      sale('2025-12-31T01:00:00Z', 'us'),
    ]);
    const run = (await materialize([sum], { ...ephemeral(), given: [fixture] })).orThrow();
    expect(run.events.flatMap((event) => (event.type === 'asset.materialized' ? [event.partition] : []))).toEqual([
      'day=2025-12-30|region=eu',
      'day=2025-12-31|region=us',
    ]);
    expect(await run.output(sum, { partition: 'day=2025-12-30|region=eu' })).toBe(2);
  });

  it('make exactly those partitions stale whose rows changed', async () => {
    const world = { ...ephemeral(), runStore: createMemoryRunStore() };
    await materialize([counts], { ...world, given: [given(plays, rows)] });
    expect((await materialize([counts], { ...world, given: [given(plays, rows)] })).ran).toEqual([]);
    const late = await materialize([counts], { ...world, given: [given(plays, [...rows, { day: '2025-12-30', song: 'late' }])] });
    expect(late.events.flatMap((event) => (event.type === 'asset.materialized' ? [event.partition] : []))).toEqual(['2025-12-30']);
  });

  it('tell the event time of an upstream without partitions likewise', async () => {
    const bronze = asset('bronze', { store: table('x.bronze', Play, { partitionBy: 'day' }) }).run(() => []);
    const silver = asset('silver', { store: table('x.silver', Play, { partitionBy: 'day' }), partitions: daily, deps: { bronze } }).run(
      async ({ bronze }) => bronze.all(),
    );
    const run = (await materialize([silver], { ...ephemeral(), given: [given(bronze, rows)] })).orThrow();
    expect(await (await run.output(silver)).all()).toEqual(rows);
  });
});

describe('given rows', () => {
  const Row = z.object({ n: z.int(), at: z.iso.datetime().optional() });
  const left = asset('left', { store: table('x.left', Row) }).run(() => []);
  const right = asset('right', { store: table('x.right', Row) }).run(() => [{ n: 2 }, { n: 3 }]);
  const joined = asset('joined', { store: value(z.int()), deps: { left, right } }).run(async ({ left, right }) => {
    const [found] = await left.sql(z.object({ n: z.int() }), `select count(*)::int as n from ${left.table} join ${right.table} using (n)`);
    return found?.n ?? -1;
  });

  it('answer SQL together with tables that were materialized, and touch no table', async () => {
    const world = ephemeral();
    const { warehouse } = world.resources;
    await materialize([asset('left', { store: table('x.left', Row) }).run(() => [{ n: 9 }])], world);
    const run = (await materialize([right, joined], { ...world, given: [given(left, [{ n: 1 }, { n: 2 }])] })).orThrow();
    expect(await run.output(joined)).toBe(1);
    expect(await warehouse.query('select n from x.left')).toEqual([{ n: 9 }]);
  });

  it('answer SQL in place of a table that is not there, and leave none behind', async () => {
    const world = ephemeral();
    const run = (await materialize([joined], { ...world, given: [given(left, [{ n: 1 }]), given(right, [{ n: 1 }])] })).orThrow();
    expect(await run.output(joined)).toBe(1);
    await expect(world.resources.warehouse.query('select * from x.left')).rejects.toMatchObject({ code: 'QUERY_FAILED' });
    expect(await world.resources.warehouse.tables()).toEqual([]);
  });

  it('are what the SQL of an asset that was materialized finds', async () => {
    const reads = asset('reads', { store: value(z.int()), deps: { left, right } }).run(
      async ({ right }) => (await right.sql(Row, 'select n from x.left')).length,
    );
    const run = (await materialize([right, reads], { ...ephemeral(), given: [given(left, [{ n: 1 }])] })).orThrow();
    expect(await run.output(reads)).toBe(1);
  });

  it('cannot be queried in a warehouse that does not know how, which is said', async () => {
    const world = ephemeral();
    const { queryGiven: _, ...warehouse } = world.resources.warehouse;
    const run = await materialize([right, joined], {
      ...world,
      resources: { ...world.resources, warehouse },
      given: [given(left, [{ n: 1 }])],
    });
    await expect(run.output(joined)).rejects.toMatchObject({
      code: 'RESOURCE_MISSING',
      message: expect.stringContaining('cannot query rows given in place of x.left'),
    });
  });

  it('need a warehouse only for SQL', async () => {
    const size = asset('size', { deps: { left } }).run(({ left }) => left.count());
    expect(await (await materialize([size], { resources: {}, given: [given(left, [])] })).output(size)).toBe(0);
  });

  it('are checked, before anything reads them', async () => {
    const small = check(left, 'are small', { blocking: true }).run(async (rows) => ({
      passed: (await rows.all()).every(({ n }) => n < 9),
    }));
    const some = check(plays, 'are some').run(async (rows) => ({ passed: (await rows.count()) > 0 }));
    const size = asset('size', { deps: { left } }).run(({ left }) => left.count());
    const fixtures = (n: number) => [
      given(left, [{ n }]),
      given(plays, rows.slice(1), { partition: '2025-12-31' }),
      given(plays, [], { partition: '2025-12-30' }),
    ];
    const run = (n: number) => materialize([left, plays, size], { ...ephemeral(), checks: [small, some], given: fixtures(n) });
    const fine = await run(1);
    expect(fine.ran).toEqual(['size']);
    expect(
      fine.events.flatMap((event) => (event.type === 'check.finished' ? [`${event.asset} ${event.partition} ${event.passed}`] : [])),
    ).toEqual(['left undefined true', 'plays 2025-12-31 true', 'plays 2025-12-30 false']);
    expect(() => fine.orThrow()).toThrow('the check "are some" of plays [2025-12-30] did not pass');
    const blocked = await run(9);
    expect([blocked.ok, blocked.ran, blocked.skipped]).toEqual([false, [], ['size']]);
  });

  it('are what the output of the asset is', async () => {
    const size = asset('size', { deps: { left, plays } }).run(({ left }) => left.count());
    const run = await materialize([left, plays, size], { resources: {} as never, given: [given(left, [{ n: 1 }]), given(plays, rows)] });
    expect(await (await run.output(left)).all()).toEqual([{ n: 1 }]);
    expect(await (await run.output(plays, { partition: '2025-12-31' })).count()).toBe(2);
  });

  it('stand in for a model of dbt', async () => {
    const dbt = dbtProject({ name: 'p', dir: 'dbt', sources: [] });
    const songs = dbt.model('gold/songs', z.object({ song: z.string() }));
    const poster = asset('poster', { deps: { songs } }).run(async ({ songs }) => (await songs.all()).map(({ song }) => song).join());
    expect(
      await (await materialize([poster], { ...ephemeral(), given: [given(songs, [{ song: 'a' }, { song: 'b' }])] })).output(poster),
    ).toBe('a,b');
  });

  it('stand in for a topic that is landed, and for a source', async () => {
    const raw = asset('raw', { store: topic('plays', Play) }).run(() => []);
    const landed = asset('landed', { store: landing('plays', Play), deps: { raw } }).run(({ raw }) => raw);
    const list = source('list', { store: value(z.array(z.string())) });
    const known = asset('known', { deps: { landed, list } }).run(
      async ({ landed, list }) => (await landed.all()).filter(({ song }) => list.includes(song)).length,
    );
    const run = (await materialize([landed, known], { ...ephemeral(), given: [given(raw, rows), given(list, ['a', 'b'])] })).orThrow();
    expect(await run.output(known)).toBe(2);
  });

  it.each([
    ['a wrong column', [{ n: 'x' }], 'Rows given for left do not fit its schema: row 0: n: '],
    ['a column too many', [{ n: 1 }, { n: 2, m: 3 }], 'Rows given for left do not fit its schema: row 1: Unrecognized key: "m"'],
  ])('are refused with %s', async (_, wrong, message) => {
    const size = asset('size', { deps: { left } }).run(({ left }) => left.count());
    await expect(materialize([size], { resources: {}, given: [given(left, wrong as never)] })).rejects.toMatchObject({
      code: 'ROWS_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('are refused for a value that does not fit, an asset that is not read, and a partition that is none', async () => {
    const size = asset('size', { store: value(z.int()) }).run(() => 1);
    const days = asset('days', { store: value(z.int()), partitions: daily }).run(() => 1);
    const reads = asset('reads', { deps: { size, all: every(days) } }).run(() => 1);
    const run = (...fixtures: ReturnType<typeof given>[]) => materialize([reads], { ...ephemeral(), given: fixtures });
    await expect(run(given(size, 'x' as never))).rejects.toMatchObject({ code: 'VALUE_INVALID' });
    await expect(run(given(left, []))).rejects.toMatchObject({ code: 'ASSET_UNKNOWN' });
    await expect(
      (await materialize([reads], { ...ephemeral(), partition: '2025-12-31', given: [given(size, 1), given(days, 1)] })).output(reads),
    ).rejects.toMatchObject({ code: 'PARTITION_UNKNOWN' });
    await expect(run(given(days, 1))).rejects.toMatchObject({
      code: 'PARTITION_UNKNOWN',
      remedy: expect.stringContaining('{ partition }'),
    });
    await expect(run(given(days, 1, { partition: 'today' }))).rejects.toMatchObject({ code: 'PARTITION_UNKNOWN' });
    // @ts-expect-error it has no partitions
    await expect(run(given(size, 1, { partition: '2026-01-01' }))).rejects.toMatchObject({ code: 'PARTITION_UNKNOWN' });
  });
});
