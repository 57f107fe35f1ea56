import { describe, expect, it } from 'vitest';
import { asset, materialize, partitions, table, value } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { z } from 'zod';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import { planOf } from '../../../src/runtime/run/plan-of.ts';
import { startRun } from '../../../src/runtime/run/start-run.ts';
import { stillClock } from '../../../src/runtime/run/system-clock.ts';

const now = '2026-01-01T00:00:00Z';
const regions = partitions.of(Array.from({ length: 1000 }, (_, index) => `r${index}`));
/** Some 490 million partitions. */
const many = partitions.cross({ hour: partitions.hourly({ start: '1970-01-01' }), region: regions });
const up = asset('up', { store: value(z.string()), partitions: many }).run((_, { partition }) => partition.region);
const down = asset('down', { store: value(z.string()), partitions: many, deps: { up } }).run(({ up }) => up);

describe('assets of more partitions than anyone could list', () => {
  it('are planned with the first of them as steps and a count of the others', async () => {
    const graph = buildGraph({ assets: [up.definition, down.definition], checks: [], jobs: [] });
    const run = await startRun({
      run: 'r',
      graph,
      selection: graph.keys,
      resources: { open: () => Promise.reject(new Error('nothing is opened')) },
      clock: stillClock(now),
      signal: new AbortController().signal,
      partitions: { from: '1980-01-01', only: 'missing' },
    });
    const [first, second] = planOf(run).assets;
    expect(first).toMatchObject({ action: 'run', fresh: 0, unlisted: 403_248 * 1000 - 100_000 });
    expect(first?.steps).toHaveLength(100_000);
    expect(first?.steps[0]?.partition).toBe('hour=1980-01-01T00:00Z|region=r0');
    expect(second).toMatchObject({ action: 'perhaps', steps: [] });
  });

  it('are made one after the other, without a list of those to come', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const slow = asset('slow', { store: value(z.string()), partitions: many }).run((_, { partition }) => {
      seen.push(partition.hour.key);
      if (seen.length === 5) stop.abort();
      return 'x';
    });
    const run = await materialize([slow], { ...ephemeral({ now }), signal: stop.signal, concurrency: 2 });
    expect(run.ok).toBe(false);
    expect(seen.length).toBeLessThan(8);
    expect(run.events.length).toBeLessThan(40);
  });

  it('are told missing where only some of them were made', async () => {
    const runStore = createMemoryRunStore();
    const options = { ...ephemeral({ now }), runStore };
    await materialize([up], { ...options, partition: 'hour=2000-01-01T00:00Z..2000-01-01T03:00Z|region=r7' });
    const run = await materialize([up, down], { ...options, partition: 'hour=2000-01-01T02:00Z..2000-01-01T05:00Z|region=r7' });
    const made = run.events.flatMap((event) => (event.type === 'asset.materialized' ? [`${event.asset} ${event.partition}`] : []));
    expect(made.filter((name) => name.startsWith('up'))).toEqual([
      'up hour=2000-01-01T04:00Z|region=r7',
      'up hour=2000-01-01T05:00Z|region=r7',
    ]);
    expect(made.filter((name) => name.startsWith('down'))).toHaveLength(4);
  });
});

describe('a request for a span', () => {
  const Hour = z.object({ at: z.iso.datetime(), n: z.int() });
  const hours = asset('hours', {
    store: table('a.hours', Hour, { partitionBy: 'at' }),
    partitions: partitions.hourly({ start: '2025-12-01' }),
  }).run((_, { partition }) => [{ at: partition.start.toISOString(), n: 1 }]);
  const days = asset('days', { store: value(z.int()), partitions: partitions.daily({ start: '2025-12-01' }), deps: { hours } }).run(
    ({ hours }) => hours.count(),
  );
  const ask = async (request: { from?: string; to?: string; only?: 'missing' | 'failed' }, runStore = createMemoryRunStore()) => {
    const graph = buildGraph({ assets: [hours.definition, days.definition], checks: [], jobs: [] });
    const { resources } = ephemeral();
    const run = await startRun({
      run: 'r',
      graph,
      selection: graph.keys,
      resources: { open: async (name) => (resources as Readonly<Record<string, unknown>>)[name] },
      clock: stillClock('2025-12-04T10:30:00Z'),
      signal: new AbortController().signal,
      partitions: request,
      runStore,
    });
    return planOf(run).assets.map(({ asset, steps }) => [asset.key, steps.length, steps[0]?.partition, steps.at(-1)?.partition]);
  };

  it('means the same time for all assets, both ends included', async () => {
    expect(await ask({ from: '2025-12-02', to: '2025-12-03' })).toEqual([
      ['hours', 48, '2025-12-02T00:00Z', '2025-12-03T23:00Z'],
      ['days', 0, undefined, undefined],
    ]);
  });

  it('takes keys of any of the assets, days and months', async () => {
    expect((await ask({ from: '2025-12-02T05:00Z', to: '2025-12-02T06:00Z' }))[0]).toEqual([
      'hours',
      2,
      '2025-12-02T05:00Z',
      '2025-12-02T06:00Z',
    ]);
    expect((await ask({ from: '2025-12' }))[0]).toEqual(['hours', 82, '2025-12-01T00:00Z', '2025-12-04T09:00Z']);
  });

  it('ends, where it is open, with the last partition that is over', async () => {
    expect((await ask({ from: '2025-12-04' }))[0]).toEqual(['hours', 10, '2025-12-04T00:00Z', '2025-12-04T09:00Z']);
    expect((await ask({ from: '2025-12-04', to: '2025-12-04' }))[0]).toEqual(['hours', 11, '2025-12-04T00:00Z', '2025-12-04T10:00Z']);
  });

  it('can be of what is missing, or of what failed, alone', async () => {
    const runStore = createMemoryRunStore();
    const event = { run: 'r', at: '2025-12-04T00:00:00Z', asset: 'hours' };
    const made = {
      type: 'asset.materialized',
      version: '1',
      codeVersion: 'unversioned',
      configVersion: '',
      inputs: {},
      milliseconds: 1,
      metadata: {},
    } as const;
    const error = { code: 'ASSET_FAILED', message: 'no', transient: false } as const;
    await runStore.append([
      { ...event, ...made, partition: '2025-12-01T00:00Z' },
      { ...event, type: 'step.failed', attempt: 1, error, milliseconds: 1, partition: '2025-12-01T04:00Z' },
    ]);
    expect((await ask({ only: 'missing', to: '2025-12-01' }, runStore))[0]).toEqual([
      'hours',
      23,
      '2025-12-01T01:00Z',
      '2025-12-01T23:00Z',
    ]);
    expect((await ask({ only: 'failed' }, runStore))[0]).toEqual(['hours', 1, '2025-12-01T04:00Z', '2025-12-01T04:00Z']);
  });

  it.each([
    [{ from: 'yesterday' }, 'PARTITION_UNKNOWN'],
    [{ from: '2025-12-03', to: '2025-12-01' }, 'PARTITION_UNKNOWN'],
  ])('is refused as %j', async (request, code) => {
    await expect(ask(request)).rejects.toMatchObject({ code });
  });
});
