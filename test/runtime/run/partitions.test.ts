import { describe, expect, it } from 'vitest';
import { after, asset, every, given, materialize, partitions, value, type RunEvent } from 'spindle';
import { z } from 'zod';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';

const resources = () => ({ lake: createMemoryObjectStore() });
const now = '2026-01-03T12:00:00Z';

describe('partitions', () => {
  const daily = partitions.daily({ start: '2026-01-01' });
  const hourly = partitions.hourly({ start: '2026-01-01T00:00Z' });

  it('runs those that are complete, each with its window', async () => {
    const day = asset('day', { store: value(), partitions: daily }).run((_, { partition }) => partition.key);
    const run = await materialize([day], { resources: resources(), now });
    const made = run.events.flatMap((event: RunEvent) => (event.type === 'asset.materialized' ? [event.partition] : []));
    expect(made.toSorted()).toEqual(['2026-01-01', '2026-01-02']);
    expect(await run.output(day, { partition: '2026-01-02' })).toBe('2026-01-02');
  });

  it('runs the one that was asked for', async () => {
    const day = asset('day', { store: value(), partitions: daily }).run((_, { partition }) => partition.start.toISOString());
    const run = await materialize([day], { resources: resources(), now, partition: '2026-01-02' });
    expect(await run.output(day, { partition: '2026-01-02' })).toBe('2026-01-02T00:00:00.000Z');
    expect(run.events.filter(({ type }) => type === 'asset.materialized')).toHaveLength(1);
  });

  it('refuses a key that is none, by name', async () => {
    const day = asset('day', { store: value(), partitions: daily }).run(() => 1);
    const run = materialize([day], { resources: resources(), now, partition: 'yesterday' });
    await expect(run).rejects.toMatchObject({ code: 'PARTITION_UNKNOWN', place: { asset: 'day' } });
  });

  it('reruns a dependent partition when its own upstream partition changed, and no other', async () => {
    const runStore = createMemoryRunStore();
    const shared = resources();
    let second = 'x';
    const up = asset('up', { store: value(), partitions: daily }).run((_, { partition }) =>
      partition.key === '2026-01-02' ? second : 'same',
    );
    const down = asset('down', { store: value(), partitions: daily, deps: { up } }).run(({ up }) => up);
    await materialize([up, down], { resources: shared, now, runStore });
    second = 'y';
    const changed = asset('up', { store: value(), partitions: daily, codeVersion: '2' }).run((_, { partition }) =>
      partition.key === '2026-01-02' ? second : 'same',
    );
    const behind = asset('down', { store: value(), partitions: daily, deps: { up: changed } }).run(({ up }) => up);
    const run = await materialize([changed, behind], { resources: shared, now, runStore });
    const made = run.events.flatMap((event) => (event.type === 'asset.materialized' && event.asset === 'down' ? [event.partition] : []));
    expect(made).toEqual(['2026-01-02']);
  });

  it('fails one partition without the others', async () => {
    const picky = asset('picky', { store: value(), partitions: partitions.of(['eu', 'us']) }).run((_, { partition }) => {
      if (partition === 'us') throw new Error('no');
      return partition;
    });
    const behind = asset('behind', { store: value(), partitions: partitions.of(['eu', 'us']), deps: { picky } }).run(({ picky }) => picky);
    const run = await materialize([picky, behind], { resources: resources() });
    const made = run.events.flatMap((event) => (event.type === 'asset.materialized' ? [`${event.asset} ${event.partition}`] : []));
    expect(made).toEqual(['picky eu', 'behind eu']);
    expect(run.ok).toBe(false);
  });

  it('leaves a partition alone that only runs after one that failed', async () => {
    const regions = partitions.of(['eu', 'us']);
    const first = asset('first', { store: value(), partitions: regions }).run((_, { partition }) => {
      if (partition === 'us') throw new Error('no');
      return partition;
    });
    const then = asset('then', { store: value(), partitions: regions, deps: { first: after(first) } }).run((_, { partition }) => partition);
    const run = await materialize([first, then], { resources: resources() });
    const made = run.events.flatMap((event) => (event.type === 'asset.materialized' ? [`${event.asset} ${event.partition}`] : []));
    expect(made).toEqual(['first eu', 'then eu']);
    expect(run.explain(then)).toContain('then [us] was skipped: first failed');
  });

  it('keeps a day from being made of the hours that did not fail', async () => {
    const failing = asset('hours', { store: value(z.int()), partitions: hourly }).run((_, { partition }) => {
      if (partition.key === '2026-01-02T05:00Z') throw new Error('no');
      return 1;
    });
    const { window } = await import('spindle');
    const days = asset('days', { store: value(), partitions: daily, deps: { hours: window(failing, { from: 0, to: 0 }) } }).run(
      ({ hours }) => hours.length,
    );
    const run = await materialize([failing, days], { resources: resources(), now: '2026-01-03T00:00:00Z' });
    expect(await run.output(days, { partition: '2026-01-01' })).toBe(24);
    expect(run.explain(days)).toContain('days [2026-01-02] was skipped: hours failed');
  });

  it('takes rows given for one partition of an hourly upstream into a daily asset', async () => {
    const hours = asset('hours', { store: value(z.int()), partitions: hourly }).run(() => 1);
    const { window } = await import('spindle');
    const day = asset('day', { store: value(), partitions: hourly, deps: { around: window(hours, { from: -1, to: 0 }) } }).run(
      ({ around }) => around,
    );
    const all = asset('all', { store: value(), deps: { hours: every(hours) } }).run(({ hours }) => [...hours.keys()]);
    const fixtures = [
      given(hours, 1, { partition: '2026-01-01T00:00Z' }),
      given(hours, 2, { partition: '2026-01-01T01:00Z' }),
      given(hours, 3, { partition: '2026-01-01T02:00Z' }),
    ];
    const run = await materialize([day], { resources: resources(), now, partition: '2026-01-01T01:00Z', given: fixtures });
    expect(await run.output(day, { partition: '2026-01-01T01:00Z' })).toEqual([1, 2]);
    const whole = await materialize([all], { resources: resources(), now, given: fixtures });
    expect(await whole.output(all)).toEqual(['2026-01-01T00:00Z', '2026-01-01T01:00Z', '2026-01-01T02:00Z']);
  });
});

describe('a changed definition', () => {
  it('leaves partitions out that are none any more', async () => {
    const runStore = createMemoryRunStore();
    const shared = resources();
    const make = (start: string) => {
      const up = asset('up', { store: value(), partitions: partitions.daily({ start }) }).run((_, { partition }) => partition.key);
      const down = asset('down', { store: value(), partitions: partitions.daily({ start }), deps: { up } }).run(({ up }) => up);
      const all = asset('all', { store: value(), deps: { up: every(up) } }).run(() => 1);
      return [up, down, all] as const;
    };
    await materialize(make('2026-01-01'), { resources: shared, now, runStore });
    const run = await materialize(make('2026-01-02'), { resources: shared, now, runStore });
    expect(run.ok).toBe(true);
  });

  it('reads rows given for a partition that has not begun', async () => {
    const up = asset('up', { store: value(z.int()), partitions: partitions.daily({ start: '2026-01-01' }) }).run(() => 1);
    const down = asset('down', { store: value(), partitions: partitions.daily({ start: '2026-01-01' }), deps: { up } }).run(({ up }) => up);
    const run = await materialize([down], {
      resources: resources(),
      now,
      partition: '2026-05-05',
      given: [given(up, 7, { partition: '2026-05-05' })],
    });
    expect(await run.output(down, { partition: '2026-05-05' })).toBe(7);
  });
});
