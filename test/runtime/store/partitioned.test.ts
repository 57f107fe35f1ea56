import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asset, every, materialize, objects, partitions, table, value, window, type Warehouse } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { z } from 'zod';
import { openDuckDbWarehouse } from '../../../src/drivers/warehouse/duckdb.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { temporaryFolder } from '../../drivers/temporary-folder.ts';

const now = '2026-01-06T00:00:00Z';
const daily = partitions.daily({ start: '2026-01-01' });
const Regional = z.object({ day: z.iso.date(), region: z.string(), n: z.int() });

async function openDuckDb(): Promise<Warehouse & { close?(): Promise<void> }> {
  const path = join(await temporaryFolder(), 'warehouse.duckdb');
  return openDuckDbWarehouse({ path, memoryLimit: '256MB', threads: 1, holder: 'test', faults: noFaults });
}

describe.each([
  ['in memory', async (): Promise<Warehouse> => ephemeral().resources.warehouse],
  ['in a DuckDB file', openDuckDb as () => Promise<Warehouse>],
])('a partitioned table %s', (_, open) => {
  const count = async (warehouse: Warehouse) =>
    Object.fromEntries(
      (await warehouse.query('select region, n, count(*) as c from silver.regional group by region, n order by region, n')).map(
        ({ region, n, c }) => [`${String(region)} ${String(n)}`, Number(c)],
      ),
    );
  const regional = (n: number, stray?: string) =>
    asset('regional', {
      store: table('silver.regional', Regional, { partitionBy: { day: 'day', region: 'region' } }),
      partitions: partitions.cross({ day: daily, region: partitions.of(['eu', 'us']) }),
      backfill: 'range',
      codeVersion: String(n),
    }).run((_, { partition }) => {
      const days: string[] = [];
      for (let at = partition.day.start.getTime(); at < partition.day.end.getTime(); at += 86_400_000)
        days.push(new Date(at).toISOString().slice(0, 10));
      return days.map((day) => ({ day, region: stray ?? partition.region, n }));
    });

  it('is replaced by the day and the region, and by a range of them, alone', async () => {
    const options = { resources: { warehouse: await open() }, now, runStore: createMemoryRunStore() };
    await materialize([regional(1)], options);
    expect(await count(options.resources.warehouse)).toEqual({ 'eu 1': 5, 'us 1': 5 });
    await materialize([regional(2)], { ...options, partition: 'day=2026-01-02|region=eu' });
    expect(await count(options.resources.warehouse)).toEqual({ 'eu 1': 4, 'eu 2': 1, 'us 1': 5 });
    await materialize([regional(3)], { ...options, partition: 'day=2026-01-02..2026-01-04|region=us' });
    expect(await count(options.resources.warehouse)).toEqual({ 'eu 1': 4, 'eu 2': 1, 'us 1': 2, 'us 3': 3 });
  });

  it('refuses rows of another region, and keeps what it had', async () => {
    const options = { resources: { warehouse: await open() }, now, runStore: createMemoryRunStore() };
    await materialize([regional(1)], options);
    const run = await materialize([regional(2, 'us')], { ...options, partition: 'day=2026-01-02..2026-01-03|region=eu' });
    expect(run.events.find(({ type }) => type === 'step.failed')).toMatchObject({ error: { code: 'ROWS_INVALID' } });
    expect(await count(options.resources.warehouse)).toEqual({ 'eu 1': 5, 'us 1': 5 });
  });

  it('gives a dependent the rows of its slice', async () => {
    const up = regional(1);
    const days = asset('days', { store: value(z.int()), partitions: daily, deps: { up } }).run(({ up }) => up.count());
    const regions = asset('regions', { store: value(z.int()), partitions: partitions.of(['eu', 'us']), deps: { up } }).run(({ up }) =>
      up.count(),
    );
    const { lake } = ephemeral().resources;
    const run = await materialize([up, days, regions], { resources: { warehouse: await open(), lake }, now });
    expect(await run.output(days, { partition: '2026-01-03' })).toBe(2);
    expect(await run.output(regions, { partition: 'us' })).toBe(5);
  });
});

describe('the columns of a partitioned table', () => {
  const Row = z.object({ day: z.iso.date(), region: z.string() });
  const both = partitions.cross({ day: daily, region: partitions.of(['eu']) });
  it.each([
    ['one column for a cross', { partitionBy: 'day' } as const, both, 'name a column for each, { partitionBy: { day: …, region: … } }'],
    ['no column for a dimension', { partitionBy: { day: 'day' } } as const, both, 'names no column for the dimension "region"'],
    ['a dimension that is none', { partitionBy: { day: 'day', region: 'region', x: 'day' } } as const, both, 'names the dimension "x"'],
    ['columns for what is no cross', { partitionBy: { day: 'day' } } as const, daily, 'its partitions have no dimensions'],
    ['none at all', {}, both, 'add { partitionBy: { day: …, region: … } }'],
  ])('are refused as %s', async (_, options, of, expected) => {
    const wrong = asset('wrong', { store: table('a.b', Row, options), partitions: of }).run(() => []);
    await expect(materialize([wrong], ephemeral())).rejects.toMatchObject({
      code: 'GRAPH_INVALID',
      message: expect.stringContaining(expected),
    });
  });
});

describe('partitioned objects', () => {
  it('are read by the partitions that a dependent takes', async () => {
    const up = asset('up', { store: objects('lake/up', z.object({ day: z.string() })), partitions: daily }).run((_, { partition }) => [
      { day: partition.key },
    ]);
    const listed = z.array(z.string());
    const same = asset('same', { store: value(listed), partitions: daily, deps: { up } }).run(async ({ up }) =>
      (await up.all()).map(({ day }) => day),
    );
    const around = asset('around', { store: value(listed), partitions: daily, deps: { up: window(up, { from: -1, to: 0 }) } }).run(
      async ({ up }) => (await up.all()).map(({ day }) => day),
    );
    const all = asset('all', { store: value(z.int()), deps: { up: every(up) } }).run(({ up }) => up.count());
    const run = await materialize([up, same, around, all], { ...ephemeral({ now }) });
    expect(await run.output(same, { partition: '2026-01-02' })).toEqual(['2026-01-02']);
    expect(await run.output(around, { partition: '2026-01-02' })).toEqual(['2026-01-01', '2026-01-02']);
    expect(await run.output(all)).toBe(5);
  });
});
