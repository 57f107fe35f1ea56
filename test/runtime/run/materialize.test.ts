import { describe, expect, it } from 'vitest';
import { after, asset, assets, check, configure, given, materialize, partitions, SpindleError, value, type RunEvent } from 'spindle';
import { z } from 'zod';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
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
    expect(again.explain(b)).toContain('code, config and the input a are as when it was materialized');
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
    expect(run.explain(sized)).toBe('sized ran because its config changed.');
    expect(await run.output(sized)).toBe(2);
  });

  it('reports every mistake of a config at once', async () => {
    const sized = asset('sized', { config: z.object({ size: z.int(), name: z.string() }) }).run(() => 1);
    await expect(materialize([sized], { resources: {} })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: [expect.stringContaining('size'), expect.stringContaining('name')],
    });
  });

  it('keeps a history across a rename', async () => {
    const runStore = createMemoryRunStore();
    const shared = resources();
    const before = asset('old', { store: value(), codeVersion: '1' }).run(() => 1);
    await materialize([before], { resources: shared, runStore });
    const renamed = asset('new', { store: value(), codeVersion: '1', formerly: ['old'] }).run(() => 1);
    const run = await materialize([renamed], { resources: shared, runStore });
    expect(run.ran).toEqual([]);
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

describe('a step that fails', () => {
  const failing = (error: () => Error) =>
    asset('failing', { retry: { attempts: 3, delay: '10s' } }).run((): number => {
      throw error();
    });

  it('is tried again when its error is transient, and not otherwise', async () => {
    const attempts = async (error: () => Error) => {
      const run = await materialize([failing(error)], { resources: {}, now });
      return run.events.filter(({ type }) => type === 'step.started').length;
    };
    expect(await attempts(() => Object.assign(new Error('busy'), { transient: true }))).toBe(3);
    expect(await attempts(() => new Error('wrong'))).toBe(1);
  });

  it('waits longer from attempt to attempt, with jitter', async () => {
    const run = await materialize([failing(() => new SpindleError('ASSET_FAILED', 'busy', { transient: true }))], { resources: {}, now });
    const delays = run.events.flatMap((event) => (event.type === 'step.retried' ? [event.delay] : []));
    expect(delays[0]).toBeGreaterThanOrEqual(5_000);
    expect(delays[0]).toBeLessThanOrEqual(10_000);
    expect(delays[1]).toBeGreaterThanOrEqual(10_000);
    expect(delays[1]).toBeLessThanOrEqual(20_000);
  });

  it('keeps its dependents from running, and nothing else', async () => {
    const bad = asset('bad', { store: value<number>() }).run((): number => {
      throw new Error('no');
    });
    const behind = asset('behind', { store: value(), deps: { bad } }).run(({ bad }) => bad);
    const ordered = asset('ordered', { store: value(), deps: { bad: after(bad) } }).run(() => 1);
    const apart = asset('apart', { store: value() }).run(() => 1);
    const run = await materialize([bad, behind, ordered, apart], { resources: resources() });
    expect(run.ok).toBe(false);
    expect(run.ran).toEqual(['apart']);
    expect(run.explain(behind)).toBe('behind was skipped: bad failed.');
    expect(run.explain(ordered)).toBe('ordered was skipped: bad failed.');
  });

  it('is ended by its timeout, even if it does not listen', async () => {
    const slow = asset('slow', { timeout: '20ms' }).run(() => new Promise<number>(() => {}));
    const run = await materialize([slow], { resources: {} });
    expect(run.events.find(({ type }) => type === 'step.failed')).toMatchObject({ error: { code: 'STEP_TIMEOUT' } });
  });

  it('is run again next time', async () => {
    const runStore = createMemoryRunStore();
    const shared = resources();
    let broken = false;
    const make = () =>
      asset('flaky', { store: value() }).run(() => {
        if (broken) throw new Error('no');
        return 1;
      });
    await materialize([make()], { resources: shared, runStore });
    broken = true;
    const forced = asset('flaky', { store: value(), codeVersion: '2' }).run((): number => {
      throw new Error('no');
    });
    await materialize([forced], { resources: shared, runStore });
    broken = false;
    const run = await materialize([make()], { resources: shared, runStore });
    expect(run.explain(make())).toContain('its last attempt failed (ASSET_FAILED)');
  });
});

describe('cancellation', () => {
  it('lets go of running steps, starts no other, and says which were canceled', async () => {
    const controller = new AbortController();
    const first = asset('first', { store: value<number>() }).run(async (_, { signal }) => {
      controller.abort(new Error('stop'));
      signal.throwIfAborted();
      return 1;
    });
    const second = asset('second', { store: value(), deps: { first } }).run(({ first }) => first);
    const run = await materialize([first, second], { resources: resources(), signal: controller.signal });
    expect(run.ok).toBe(false);
    expect(run.events.at(-1)).toMatchObject({ type: 'run.finished', status: 'canceled' });
    expect(run.explain(second)).toBe('second was skipped: the run was canceled.');
  });
});

describe('concurrency', () => {
  const tracked = (concurrency: number, pool?: string) => {
    let active = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setImmediate(resolve));
      active--;
      return 1;
    };
    const leaves = Array.from({ length: 8 }, (_, index) => asset(`leaf/${index}`, { ...(pool && { pool }) }).run(work));
    return materialize(leaves, { resources: {}, concurrency }).then(() => most);
  };
  it('is bounded by the setting, and by a pool', async () => {
    expect(await tracked(3)).toBe(3);
    expect(await tracked(8, 'one')).toBe(1);
  });
});

describe('a check', () => {
  const pipeline = (passed: boolean, blocking: boolean, severity: 'warn' | 'error' = 'error') => {
    const a = asset('a', { store: value(z.int()) }).run(() => 1);
    const b = asset('b', { store: value(), deps: { a } }).run(({ a }) => a);
    const positive = check(a, 'is positive', { blocking, severity }).run(async (value) => ({
      passed: passed && value > 0,
      metadata: { value },
    }));
    return { list: [a, b] as const, checks: [positive] };
  };

  it('is run on what was stored, and its metadata recorded', async () => {
    const { list, checks } = pipeline(true, true);
    const run = await materialize(list, { resources: resources(), checks });
    expect(run.events.find(({ type }) => type === 'check.finished')).toMatchObject({
      check: 'is positive',
      passed: true,
      metadata: { value: 1 },
    });
    expect(run.ok).toBe(true);
  });

  it('keeps dependents from running while it blocks', async () => {
    const { list, checks } = pipeline(false, true);
    const run = await materialize(list, { resources: resources(), checks });
    expect(run.ran).toEqual(['a']);
    expect(run.explain(list[1])).toBe('b was skipped: the blocking check "is positive" of a failed.');
  });

  it('still blocks in a later run, until there is a new version', async () => {
    const runStore = createMemoryRunStore();
    const shared = resources();
    const { list, checks } = pipeline(false, true);
    await materialize(list, { resources: shared, checks, runStore });
    const later = await materialize(list, { resources: shared, checks, runStore });
    expect(later.skipped).toContain('b');
    expect(later.ok).toBe(false);
  });

  it('lets dependents run when it does not block, and fails the run by its severity', async () => {
    for (const [severity, ok] of [
      ['error', false],
      ['warn', true],
    ] as const) {
      const { list, checks } = pipeline(false, false, severity);
      const run = await materialize(list, { resources: resources(), checks });
      expect(run.ran).toEqual(['a', 'b']);
      expect(run.ok).toBe(ok);
    }
  });

  it('has not passed when it throws', async () => {
    const a = asset('a', { store: value(z.int()) }).run(() => 1);
    const throwing = check(a, 'throws').run(() => {
      throw new Error('broken check');
    });
    const run = await materialize([a], { resources: resources(), checks: [throwing] });
    expect(run.events.find(({ type }) => type === 'check.finished')).toMatchObject({
      passed: false,
      error: { message: expect.stringContaining('broken check') },
    });
  });
});

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

  it('takes rows given for one partition of an hourly upstream into a daily asset', async () => {
    const hours = asset('hours', { store: value(z.int()), partitions: hourly }).run(() => 1);
    const { window, every } = await import('spindle');
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
