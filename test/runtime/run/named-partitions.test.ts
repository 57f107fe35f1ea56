import { describe, expect, it } from 'vitest';
import { asset, every, mapped, materialize, partitions, table, value, window, type Run, type RunEvent } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { z } from 'zod';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';

const daily = partitions.daily({ start: '2026-01-01' });
const Day = z.object({ day: z.iso.date(), n: z.int() });
const now = '2026-01-11T00:00:00Z';
const made = (run: { readonly events: readonly RunEvent[] }, key: string) =>
  run.events.flatMap((event) => (event.type === 'asset.materialized' && event.asset === key ? [event.partition] : []));

const failureOf = (run: { readonly events: readonly RunEvent[] }, key: string) =>
  run.events.flatMap((event) => (event.type === 'step.failed' && event.asset === key ? [event.error] : []))[0];

describe('a custom mapping', () => {
  const regions = asset('regions', { store: value(z.string()), partitions: partitions.of(['de', 'fr', 'us']) }).run(
    (_, { partition }) => partition,
  );
  const members: Readonly<Record<string, readonly string[]>> = { europe: ['de', 'fr'], america: ['us'] };
  const continents = (upstream: (key: string) => readonly string[], downstream?: (key: string) => readonly string[]) =>
    asset('continents', {
      store: value(z.array(z.string())),
      partitions: partitions.of(['europe', 'america']),
      deps: { regions: mapped(regions, { upstream, ...(downstream && { downstream }) }) },
    }).run(({ regions }) => [...regions].map(([key, name]) => `${key}=${name}`));

  it('reads the partitions that its function names', async () => {
    const down = continents((key) => members[key] ?? []);
    const run = await materialize([regions, down], { ...ephemeral() });
    expect(await run.output(down, { partition: 'europe' })).toEqual(['de=de', 'fr=fr']);
    expect(await run.output(down, { partition: 'america' })).toEqual(['us=us']);
  });

  it('asks about those partitions alone that its inverse names', async () => {
    const down = continents(
      (key) => members[key] ?? [],
      (key) => Object.keys(members).filter((name) => members[name]?.includes(key)),
    );
    const runStore = createMemoryRunStore();
    const { resources } = ephemeral();
    await materialize([regions], { resources, runStore, partition: 'us' });
    const run = await materialize([down], { resources, runStore });
    expect(made(run, 'continents')).toEqual(['america']);
  });

  it('names the asset and the key that is none', async () => {
    const run = await materialize([regions, continents(() => ['atlantis'])], { ...ephemeral() });
    expect(run.ok).toBe(false);
    expect(failureOf(run, 'continents')).toMatchObject({
      code: 'PARTITION_UNKNOWN',
      message: '"atlantis", which the mapping of continents gives for "europe", is no partition of regions.',
    });
  });

  const days = asset('days', { store: value(z.string()), partitions: daily }).run((_, { partition }) => partition.key);
  const dayBefore = (key: string) => new Date(Date.parse(key) - 86_400_000).toISOString().slice(0, 10);

  it('may name none: then the function receives none', async () => {
    const down = asset('down', {
      store: value(z.array(z.string())),
      partitions: daily,
      deps: { days: mapped(days, { upstream: (key) => (key === '2026-01-01' ? [] : [dayBefore(key)]) }) },
    }).run(({ days }) => [...days.values()]);
    const run = await materialize([days, down], { ...ephemeral({ now }) });
    expect(run.ok).toBe(true);
    expect(await run.output(down, { partition: '2026-01-01' })).toEqual([]);
    expect(await run.output(down, { partition: '2026-01-02' })).toEqual(['2026-01-01']);
  });

  it('leaves out, without its inverse, the partitions for which nothing was made', async () => {
    const down = asset('down', {
      store: value(z.int()),
      partitions: daily,
      deps: { days: mapped(days, { upstream: (key) => [key] }) },
    }).run(({ days }) => days.size);
    const { resources } = ephemeral();
    const runStore = createMemoryRunStore();
    await materialize([days], { resources, runStore, now, partition: '2026-01-03..2026-01-05' });
    const run = await materialize([down], { resources, runStore, now });
    expect(run.ok).toBe(true);
    expect(made(run, 'down').toSorted()).toEqual(['2026-01-03', '2026-01-04', '2026-01-05']);
  });

  it('names the asset and the key where its function throws, and leaves other assets alone', async () => {
    const down = continents(() => {
      throw new Error('no atlas');
    });
    const other = asset('z/other', { deps: { regions: every(regions) } }).run(({ regions }) => regions.size);
    const run = await materialize([regions, down, other], { ...ephemeral() });
    expect(failureOf(run, 'continents')).toMatchObject({
      code: 'ASSET_FAILED',
      message: 'The mapping of continents failed for "europe": no atlas',
      remedy: 'Correct the function "upstream" that continents passes to mapped(…).',
    });
    expect(run.ran).toContain('z/other');
  });

  it('reads the rows of all of them through one handle', async () => {
    const rows = asset('rows', { store: table('a.rows', Day, { partitionBy: 'day' }), partitions: daily }).run((_, { partition }) => [
      { day: partition.key, n: 1 },
    ]);
    const before = asset('before', {
      store: value(z.array(z.string())),
      partitions: daily,
      deps: { rows: mapped(rows, { upstream: (key) => (key > '2026-01-02' ? ['2026-01-01', key] : [key]) }) },
    }).run(async ({ rows }) => (await rows.all()).map(({ day }) => day));
    const run = await materialize([rows, before], { ...ephemeral({ now }) });
    expect(await run.output(before, { partition: '2026-01-05' })).toEqual(['2026-01-01', '2026-01-05']);
  });
});

describe('dynamic partitions', () => {
  const tenants = asset('tenants', { store: value(z.string()), partitions: partitions.dynamic('tenants') }).run(
    (_, { partition }) => partition,
  );
  const below = asset('below', { store: value(z.string()), partitions: partitions.dynamic('tenants'), deps: { tenants } }).run(
    ({ tenants }) => tenants,
  );

  it('are those whose keys are registered', async () => {
    const run = await materialize([tenants, below], { ...ephemeral(), dynamicKeys: { tenants: ['acme', 'zeta'] } });
    expect(made(run, 'tenants')).toEqual(['acme', 'zeta']);
    expect(made(run, 'below')).toEqual(['acme', 'zeta']);
  });

  it('are none without a registered key', async () => {
    const run = await materialize([tenants], { ...ephemeral() });
    expect(made(run, 'tenants')).toEqual([]);
  });

  it('come from the run store', async () => {
    const runStore = createMemoryRunStore();
    await runStore.append([{ type: 'partitions.added', run: 'r', at: '2026-01-01T00:00:00Z', name: 'tenants', keys: ['acme'] }]);
    const run: Run<readonly [typeof tenants]> = await materialize([tenants], { ...ephemeral(), runStore });
    expect(made(run, 'tenants')).toEqual(['acme']);
  });

  it('are refused where a key that is not registered is asked for', async () => {
    const run = materialize([tenants], { ...ephemeral(), dynamicKeys: { tenants: ['acme'] }, partition: 'acmee' });
    await expect(run).rejects.toMatchObject({
      code: 'PARTITION_UNKNOWN',
      remedy: 'Did you mean acme? If it is a new one, register it: spindle partitions add tenants acmee',
    });
  });
});

describe('a partition of a finer unit', () => {
  const day = asset('day', { store: value(z.string()), partitions: daily }).run((_, { partition }) => partition.key);
  const hour = asset('hour', {
    store: value(z.string()),
    partitions: partitions.hourly({ start: '2026-01-01' }),
    deps: { day },
  }).run(({ day }, { partition }) => `${day} ${partition.key.slice(11, 13)}`);

  it('reads the one of the coarser unit that it lies in', async () => {
    const runStore = createMemoryRunStore();
    const { resources } = ephemeral();
    await materialize([day], { resources, runStore, now, partition: '2026-01-02' });
    const run = await materialize([hour], { resources, runStore, now });
    expect(run.ok).toBe(true);
    expect(made(run, 'hour')).toHaveLength(24);
    expect(await run.output(hour, { partition: '2026-01-02T23:00Z' })).toBe('2026-01-02 23');
    expect((await materialize([hour], { resources, runStore, now })).ran).toEqual([]);
  });
});

describe('a window', () => {
  it('is made once its own day has passed, or the upstream holds that day', async () => {
    const now = '2026-01-04T06:00:00Z';
    const day = asset('day', { store: value(z.int()), partitions: daily }).run(() => 1);
    const three = asset('three', { store: value(z.int()), partitions: daily, deps: { days: window(day, { from: -2, to: 0 }) } }).run(
      ({ days }) => days.length,
    );
    const runStore = createMemoryRunStore();
    const { resources } = ephemeral();
    await materialize([day], { resources, runStore, now, partition: '2026-01-03' });
    expect(made(await materialize([three], { resources, runStore, now }), 'three')).toEqual(['2026-01-03']);
    await materialize([day], { resources, runStore, now, partition: '2026-01-04' });
    expect(made(await materialize([three], { resources, runStore, now }), 'three')).toEqual(['2026-01-04']);
  });
});
