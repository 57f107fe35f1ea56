import { describe, expect, it } from 'vitest';
import { asset, check, materialize, partitions, table, value, type RunEvent, type Warehouse } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { z } from 'zod';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';

const daily = partitions.daily({ start: '2026-01-01' });
const Day = z.object({ day: z.iso.date(), n: z.int() });
const now = '2026-01-11T00:00:00Z';

/** A table of days that takes ranges; `n` tells its code, `seen` what it was called with. */
const days = (options: { n?: number; seen?: string[]; fail?: boolean; rows?: (day: string) => string } = {}) =>
  asset('days', {
    store: table('silver.days', Day, { partitionBy: 'day' }),
    partitions: daily,
    backfill: 'range',
    codeVersion: String(options.n ?? 1),
  }).run((_, { partition }) => {
    options.seen?.push(partition.key);
    if (options.fail === true) throw new Error('no');
    return daysOf(partition).map((day) => ({ day: options.rows?.(day) ?? day, n: options.n ?? 1 }));
  });

const daysOf = ({ start, end }: { start: Date; end: Date }): string[] => {
  const found: string[] = [];
  for (let at = start.getTime(); at < end.getTime(); at += 86_400_000) found.push(new Date(at).toISOString().slice(0, 10));
  return found;
};
const made = (run: { readonly events: readonly RunEvent[] }, key: string) =>
  run.events.flatMap((event) => (event.type === 'asset.materialized' && event.asset === key ? [event.partition] : []));
const rowsIn = async (warehouse: Warehouse) =>
  (await warehouse.query('select day, n from silver.days order by day')).map(({ day, n }) => `${String(day).slice(0, 10)} ${String(n)}`);

describe('an asset that takes ranges', () => {
  it('is called once for neighbors that are due together', async () => {
    const seen: string[] = [];
    const { resources } = ephemeral();
    const run = await materialize([days({ seen })], { resources, now });
    expect(run.explain(days())).toContain('never materialized');
    expect(seen).toEqual(['2026-01-01..2026-01-10']);
    expect(made(run, 'days')).toEqual(['2026-01-01..2026-01-10']);
    expect(await rowsIn(resources.warehouse)).toHaveLength(10);
  });

  it('leaves fresh partitions out, between two ranges', async () => {
    const [seen, runStore, { resources }] = [[] as string[], createMemoryRunStore(), ephemeral()];
    await materialize([days()], { resources, now, runStore, partition: '2026-01-04' });
    await materialize([days({ seen })], { resources, now, runStore });
    await materialize([days({ seen })], { resources, now, runStore });
    expect(seen).toEqual(['2026-01-01..2026-01-03', '2026-01-05..2026-01-10']);
  });

  it('counts by the newest of a range and a partition, also where the record is read again', async () => {
    const [runStore, { resources }] = [createMemoryRunStore(), ephemeral()];
    const at = (hour: number) => `2026-01-11T0${hour}:00:00Z`;
    await materialize([days({ n: 1 })], { resources, now: at(0), runStore });
    await materialize([days({ n: 2 })], { resources, now: at(1), runStore, partition: '2026-01-05' });
    const seen: string[] = [];
    await materialize([days({ n: 2, seen })], { resources, now: at(2), runStore });
    expect(seen).toEqual(['2026-01-01..2026-01-04', '2026-01-06..2026-01-10']);
    await materialize([days({ n: 3 })], { resources, now: at(3), runStore, partition: '2026-01-04..2026-01-06' });
    seen.length = 0;
    await materialize([days({ n: 3, seen })], { resources, now: at(4), runStore });
    expect(seen).toEqual(['2026-01-01..2026-01-03', '2026-01-07..2026-01-10']);
    expect(await rowsIn(resources.warehouse)).toEqual(
      daysOf({ start: new Date('2026-01-01'), end: new Date('2026-01-11') }).map((day) => `${day} 3`),
    );
  });

  it('marks each partition of a range that failed, until one is made', async () => {
    const [runStore, { resources }] = [createMemoryRunStore(), ephemeral()];
    const ones = (up: ReturnType<typeof days>) =>
      asset('ones', { store: value(z.int()), partitions: daily, deps: { up } }).run(({ up }) => up.count());
    const failing = days({ fail: true });
    const run = await materialize([failing, ones(failing)], { resources, now, runStore });
    expect(run.ok).toBe(false);
    expect(run.events.filter((event) => event.type === 'step.failed')).toHaveLength(1);
    const wanted = await materialize([failing, ones(failing)], { resources, now, runStore, partition: '2026-01-03' });
    expect(wanted.explain(ones(failing))).toContain('days failed');
    const working = days();
    const mended = await materialize([working, ones(working)], { resources, now: '2026-01-11T01:00:00Z', runStore });
    expect(made(mended, 'days')).toEqual(['2026-01-01..2026-01-10']);
    expect(made(mended, 'ones')).toHaveLength(10);
  });

  it('gives a dependent of one day the rows of that day alone, and is stale day by day', async () => {
    const [runStore, { resources }] = [createMemoryRunStore(), ephemeral()];
    const graph = (n: number) => {
      const up = days({ n });
      return [up, asset('ones', { store: value(z.int()), partitions: daily, deps: { up } }).run(({ up }) => up.count())] as const;
    };
    const first = await materialize(graph(1), { resources, now: '2026-01-11T00:00:00Z', runStore });
    expect(await first.output(graph(1)[1], { partition: '2026-01-03' })).toBe(1);
    const fresh = await materialize(graph(1), { resources, now: '2026-01-11T01:00:00Z', runStore });
    expect([...fresh.ran]).toEqual([]);
    await materialize([graph(2)[0]], { resources, now: '2026-01-11T02:00:00Z', runStore, partition: '2026-01-02..2026-01-03' });
    const again = await materialize(graph(2), { resources, now: '2026-01-11T03:00:00Z', runStore, select: 'ones' });
    expect(made(again, 'ones')).toEqual(['2026-01-02', '2026-01-03']);
  });

  it('remembers what each partition of a range has read', async () => {
    const [runStore, { resources }] = [createMemoryRunStore(), ephemeral()];
    const graph = (second: number) => {
      const up = asset('up', {
        store: table('bronze.up', Day, { partitionBy: 'day' }),
        partitions: daily,
        codeVersion: String(second),
      }).run((_, { partition }) => [{ day: partition.key, n: partition.key === '2026-01-02' ? second : 1 }]);
      const down = asset('down', {
        store: table('silver.down', Day, { partitionBy: 'day' }),
        partitions: daily,
        backfill: 'range',
        deps: { up },
      }).run(({ up }) => up.rows());
      return [up, down] as const;
    };
    await materialize(graph(1), { resources, now, runStore });
    const run = await materialize(graph(2), { resources, now, runStore });
    expect(made(run, 'up')).toHaveLength(10);
    expect(made(run, 'down')).toEqual(['2026-01-02']);
  });

  it('refuses rows outside of the range', async () => {
    const { resources } = ephemeral();
    const run = await materialize([days({ rows: (day) => day.replace('2026-01-10', '2026-02-10') })], { resources, now });
    expect(run.explain(days())).toMatch(/1 row.*outside|slice/);
    expect(run.ok).toBe(false);
  });

  it('is made again where its table is gone', async () => {
    const runStore = createMemoryRunStore();
    await materialize([days()], { ...ephemeral(), now, runStore });
    const seen: string[] = [];
    const run = await materialize([days({ seen })], { ...ephemeral(), now, runStore });
    expect(seen).toEqual(['2026-01-01..2026-01-10']);
    expect(run.explain(days())).toContain('gone from its store');
  });

  it('has its checks see the range', async () => {
    const { resources } = ephemeral();
    const seen: number[] = [];
    const counted = check(days(), 'counted').run(async (rows) => {
      seen.push(await rows.count());
      return { passed: true };
    });
    const asset = days();
    const run = await materialize([asset], {
      resources,
      now,
      checks: [{ definition: { ...counted.definition, asset: asset.definition } }],
    });
    expect(run.ok).toBe(true);
    expect(seen).toEqual([10]);
  });

  it('makes ranges of the same region', async () => {
    const [runStore, { resources }] = [createMemoryRunStore(), ephemeral()];
    const seen: string[] = [];
    const Regional = z.object({ day: z.iso.date(), region: z.string() });
    const regional = asset('regional', {
      store: table('silver.regional', Regional, { partitionBy: { day: 'day', region: 'region' } }),
      partitions: partitions.cross({ day: daily, region: partitions.of(['eu', 'us']) }),
      backfill: 'range',
    }).run((_, { partition }) => {
      seen.push(`${partition.day.key} ${partition.region}`);
      return daysOf(partition.day).map((day) => ({ day, region: partition.region }));
    });
    await materialize([regional], { resources, now, runStore, partition: 'day=2026-01-03|region=eu' });
    const run = await materialize([regional], { resources, now, runStore });
    expect(run.explain(regional)).not.toContain('failed');
    expect(seen).toEqual(['2026-01-03 eu', '2026-01-01..2026-01-02 eu', '2026-01-04..2026-01-10 eu', '2026-01-01..2026-01-10 us']);
    expect(await resources.warehouse.count('silver.regional')).toBe(20);
  });

  it('is refused where each partition is kept by itself, or has no time', async () => {
    const kept = asset('kept', { store: value(), partitions: daily, backfill: 'range' }).run(() => 1);
    await expect(materialize([kept], { ...ephemeral() })).rejects.toMatchObject({
      code: 'GRAPH_INVALID',
      message: expect.stringContaining("BACKFILL_RANGE: kept has backfill: 'range', and its store keeps each partition by itself"),
    });
    const values = asset('values', { store: value(), partitions: daily }).run(() => 1);
    const over = asset('over', {
      store: table('a.b', Day, { partitionBy: 'day' }),
      partitions: daily,
      backfill: 'range',
      deps: { values },
    }).run(() => []);
    await expect(materialize([over], { ...ephemeral() })).rejects.toMatchObject({
      message: expect.stringContaining('PARTITION_FAN_IN: over depends on values'),
    });
  });
});

describe('a range that is asked for', () => {
  const each = asset('each', { store: value(z.string()), partitions: daily }).run((_, { partition }) => partition.key);

  it('means each of its partitions, where the asset takes one at a time', async () => {
    const run = await materialize([each], { ...ephemeral({ now }), partition: '2026-01-03..2026-01-05' });
    expect(made(run, 'each')).toEqual(['2026-01-03', '2026-01-04', '2026-01-05']);
  });

  it('means what lies in it for assets of another unit', async () => {
    const hours = asset('hours', { store: value(), partitions: partitions.hourly({ start: '2026-01-01T00:00Z' }) }).run(() => 1);
    const run = await materialize([each, hours], { ...ephemeral({ now }), partition: '2026-01-03..2026-01-04' });
    expect(made(run, 'hours')).toHaveLength(48);
  });

  it.each([
    ['2026-01-05..2026-01-03', 'the range ends before it begins. Write 2026-01-03..2026-01-05.'],
    ['2025-12-01..2026-01-03', 'of its first partition "2025-12-01", its partitions start at 2026-01-01. Use 2026-01-01 or a later one.'],
    ['2026-01-01..tomorrow', 'of its last partition "tomorrow", expected a day such as 2026-01-01. The first partition is 2026-01-01.'],
  ])('is refused as %s with what to do', async (partition, expected) => {
    const run = materialize([each], { ...ephemeral({ now }), partition });
    await expect(run).rejects.toMatchObject({ code: 'PARTITION_UNKNOWN', place: { asset: 'each', partition } });
    const error = (await run.catch((thrown: unknown) => thrown)) as { message: string; remedy: string };
    expect(`${error.message} ${error.remedy}`).toContain(expected);
  });

  it('leaves listed keys that look like one alone', async () => {
    const dots = asset('dots', { store: value(), partitions: partitions.of(['a..b', 'a']) }).run((_, { partition }) => partition);
    const run = await materialize([dots], { ...ephemeral({ now }), partition: 'a..b' });
    expect(made(run, 'dots')).toEqual(['a..b']);
  });
});
