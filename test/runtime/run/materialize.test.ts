import { describe, expect, it } from 'vitest';
import { asset, assets, configure, given, materialize, partitions, table, value } from 'spindle';
import { z } from 'zod';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryWarehouse } from '../../../src/drivers/warehouse/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';

const resources = () => ({ lake: createMemoryObjectStore() });
const now = '2026-01-03T12:00:00Z';

describe('a run', () => {
  it('hands each function what its dependencies hold, in the order of the graph', async () => {
    const a = asset('a', { store: value(z.int()) }).run(() => 1);
    const b = asset('b', { deps: { a } }).run(({ a }) => a + 1);
    const c = asset('c', { store: value(z.int()), deps: { a, b } }).run(({ a, b }) => a + b);
    const run = await materialize([c, b, a], { resources: resources() });
    expect(run.ok).toBe(true);
    expect(run.ran).toEqual(['a', 'b', 'c']);
    expect(await run.output(c)).toBe(3);
  });

  it('leaves alone what has not changed, and says so', async () => {
    const runStore = createMemoryRunStore();
    const shared = { ...resources() };
    const a = asset('a', { store: value() }).run(() => 1);
    const b = asset('b', { store: value(), deps: { a } }).run(({ a }) => a);
    await materialize([a, b], { resources: shared, runStore });
    const again = await materialize([a, b], { resources: shared, runStore });
    expect(again.ran).toEqual([]);
    expect(again.skipped).toEqual(['a', 'b']);
    expect(again.explain(b)).toContain('code, config and the input a are unchanged since it was materialized');
  });

  it('stops at an upstream that ran and produced the same version', async () => {
    const runStore = createMemoryRunStore();
    const shared = resources();
    const make = (codeVersion: string) => {
      const a = asset('a', { store: value(), codeVersion }).run(() => 1);
      return [a, asset('b', { store: value(), deps: { a }, codeVersion: '1' }).run(({ a }) => a)] as const;
    };
    await materialize(make('1'), { resources: shared, runStore });
    const again = await materialize(make('2'), { resources: shared, runStore });
    expect(again.ran).toEqual(['a']);
    expect(again.explain(make('2')[0])).toBe('a ran because its code changed (1 → 2).');
  });

  it('reruns what a changed config concerns', async () => {
    const runStore = createMemoryRunStore();
    const shared = resources();
    const sized = asset('sized', { store: value(), config: z.object({ size: z.int().default(1) }) }).run((_, { config }) => config.size);
    await materialize([sized], { resources: shared, runStore });
    const run = await materialize([sized], { resources: shared, runStore, config: [configure(sized, { size: 2 })] });
    expect(run.explain(sized)).toBe('sized ran because its config changed: size 1 → 2.');
    expect(await run.output(sized)).toBe(2);
  });

  it('reports every mistake of a config at once', async () => {
    const sized = asset('sized', { config: z.object({ size: z.int(), name: z.string() }) }).run(() => 1);
    await expect(materialize([sized], { resources: {} })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: [expect.stringContaining('size'), expect.stringContaining('name')],
    });
  });

  it('keeps a history across a rename, also for what reads the renamed asset by partitions', async () => {
    const runStore = createMemoryRunStore();
    const shared = { warehouse: createMemoryWarehouse() };
    const daily = partitions.daily({ start: '2026-01-01' });
    const days = (name: string) => table(name, z.object({ day: z.iso.date() }), { partitionBy: 'day' });
    const make = (key: string, spec: { codeVersion: string; formerly?: string[] }) => {
      const declared = asset(key, {
        store: days('x.up'),
        partitions: daily,
        codeVersion: '1',
        ...(spec.formerly && { formerly: spec.formerly }),
      });
      const upstream = declared.run((_, { partition }) => [{ day: partition.key }]);
      const down = asset('down', { store: days('x.down'), partitions: daily, deps: { upstream }, codeVersion: spec.codeVersion });
      return [upstream, down.run(async ({ upstream }) => upstream.all())] as const;
    };
    await materialize(make('old', { codeVersion: '1' }), { resources: shared, runStore, now });
    const renamed = make('new', { codeVersion: '1', formerly: ['old'] });
    expect((await materialize(renamed, { resources: shared, runStore, now })).ran).toEqual([]);
    const [, changed] = make('new', { codeVersion: '2', formerly: ['old'] });
    expect((await materialize([changed], { resources: shared, runStore, now })).ran).toEqual(['down']);
  });

  it('makes again what is gone from its store, and what a rename left behind under the old name', async () => {
    const runStore = createMemoryRunStore();
    const before = asset('old', { store: value(), codeVersion: '1' }).run(() => 1);
    await materialize([before], { resources: resources(), runStore });
    const again = await materialize([before], { resources: resources(), runStore });
    expect(again.explain(before)).toBe('old ran because what was materialized is gone from its store.');
    const renamed = asset('new', { store: value(), codeVersion: '1', formerly: ['old'] }).run(() => 1);
    const run = await materialize([renamed], { resources: resources(), runStore });
    expect(run.ran).toEqual(['new']);
    expect(await run.output(renamed)).toBe(1);
  });

  it('gives a multi-asset one call and each output its own store', async () => {
    let calls = 0;
    const { good, bad } = assets({
      outputs: { good: { key: 'good', store: value<number>() }, bad: { key: 'bad', store: value<string>() } },
    }).run(async () => {
      calls++;
      return { good: 1, bad: 'x' };
    });
    const run = await materialize([good, bad], { resources: resources() });
    expect([await run.output(good), await run.output(bad), calls]).toEqual([1, 'x', 1]);
  });

  it('computes an asset without a store once, for all that read it', async () => {
    let calls = 0;
    const shared = asset('shared').run(() => ++calls);
    const readers = ['x', 'y', 'z'].map((key) => asset(key, { store: value(), deps: { shared } }).run(({ shared }) => shared));
    await materialize([shared, ...readers], { resources: resources() });
    expect(calls).toBe(1);
  });

  it('has the same digest at any concurrency, and random numbers that depend on the seed alone', async () => {
    const leaves = Array.from({ length: 20 }, (_, index) =>
      asset(`leaf/${index}`, { store: value(z.number()) }).run(async (_, { random }) => random()),
    );
    const runs = await Promise.all([1, 16].map((concurrency) => materialize(leaves, { resources: resources(), seed: 3, concurrency })));
    const other = await materialize(leaves, { resources: resources(), seed: 4 });
    expect(runs[0]!.digest).toBe(runs[1]!.digest);
    expect(other.digest).not.toBe(runs[0]!.digest);
  });

  it('uses the clock that it was given', async () => {
    const clock = asset('clock').run((_, { now }) => now().toISOString());
    const run = await materialize([clock], { resources: {}, now });
    expect(await run.output(clock)).toBe('2026-01-03T12:00:00.000Z');
  });

  it('refuses to read what was never materialized', async () => {
    const a = asset('a', { store: value() }).run(() => 1);
    const b = asset('b', { store: value(), deps: { a } }).run(({ a }) => a);
    const run = await materialize([b], { resources: resources() });
    expect(run.ok).toBe(false);
    expect(run.events.find(({ type }) => type === 'step.failed')).toMatchObject({
      error: { code: 'UPSTREAM_MISSING', remedy: 'Materialize it too: --select "+b".' },
    });
  });

  it('takes given rows in place of an upstream', async () => {
    const a = asset('a', { store: value(z.array(z.int())) }).run(() => [1]);
    const sum = asset('sum', { deps: { a } }).run(({ a }) => a.reduce((left, right) => left + right));
    const run = await materialize([sum], { resources: {}, given: [given(a, [1, 2, 3])] });
    expect(await run.output(sum)).toBe(6);
  });
});
