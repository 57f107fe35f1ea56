import { describe, expect, it } from 'vitest';
import { asset, assets, check, defineProject, job, onCron, partitions, source, value, window, type Asset, type Check } from 'spindle';
import { production, rows } from './environment.ts';
import { dagOf } from './exported.ts';

const store = value<number>();
const passes = () => ({ passed: true });
const project = (of: readonly Asset[], checks: readonly Check[] = []) =>
  defineProject({ name: 'p', assets: of, checks, jobs: [job('all', { select: '**' })], environments: { production } });
const tasksOf = (of: readonly Asset[], checks: readonly Check[] = []) => dagOf(project(of, checks)).tasks;
const flow = (of: readonly Asset[], checks: readonly Check[] = []) =>
  tasksOf(of, checks).map(({ id, after, outlets }) => [id, after, outlets]);

describe('checks', () => {
  it('that block stand one after another between an asset and what depends on it; the last one has its outlet', () => {
    const a = asset('a', { store }).run(() => 1);
    const b = asset('b', { store, deps: { a } }).run(() => 1);
    const checks = [
      check(a, 'first', { blocking: true }).run(passes),
      check(a, 'last', { blocking: true }).run(passes),
      check(a, 'beside').run(passes),
    ];
    expect(flow([a, b], checks)).toEqual([
      ['a', [], []],
      ['a__check__first', ['a'], []],
      ['a__check__last', ['a__check__first'], ['a']],
      ['a__check__beside', ['a'], []],
      ['b', ['a__check__last'], ['b']],
    ]);
  });

  it('that do not block keep nothing waiting', () => {
    const a = asset('a', { store }).run(() => 1);
    const b = asset('b', { store, deps: { a } }).run(() => 1);
    expect(flow([a, b], [check(a, 'x').run(passes)])).toEqual([
      ['a', [], ['a']],
      ['a__check__x', ['a'], []],
      ['b', ['a'], ['b']],
    ]);
  });

  it('are run by the task itself where it makes several assets, or one in memory', () => {
    const memory = asset('m').run(() => 1);
    const a = asset('a', { store, deps: { memory } }).run(() => 1);
    const alone = asset('alone').run(() => 1);
    const tasks = tasksOf([memory, a, alone], [check(a, 'x', { blocking: true }).run(passes), check(alone, 'y').run(passes)]);
    expect(tasks.map((task) => [task.id, task.kind === 'materialize' && task.checks])).toEqual([
      ['alone', true],
      ['a', true],
    ]);
  });
});

describe('a task', () => {
  it('tries as often as its asset, after the same delay; of several, as the most patient one', () => {
    const retry = (of: Parameters<typeof asset>[1]) => tasksOf([asset('a', { store, ...of }).run(() => 1)])[0]!.retry;
    expect(retry({})).toEqual({ retries: 0, delay: 1000, exponential: true });
    expect(retry({ retry: { attempts: 3, backoff: 'fixed', delay: '1.5s' } })).toEqual({ retries: 2, delay: 1500, exponential: false });
    const { one, two } = assets({
      outputs: { one: { key: 'one', store }, two: { key: 'two', store } },
      retry: { attempts: 2, delay: '5s' },
    }).run(() => ({ one: 1, two: 2 }));
    expect(tasksOf([one, two])).toMatchObject([{ retry: { retries: 1, delay: 5000 } }]);
  });

  it('has the timeout of its asset where it is one step', () => {
    const daily = partitions.daily({ start: '2026-01-01' });
    expect(tasksOf([asset('a', { store, timeout: '90s' }).run(() => 1)])[0]!.timeout).toBe(90_000);
    expect(tasksOf([asset('a', { store, timeout: '90s', partitions: daily }).run(() => 1)])[0]!.timeout).toBeUndefined();
  });

  it('reads what its assets read, and not what they only wait for or make themselves', () => {
    const raw = source('raw', { store });
    const memory = asset('m', { deps: { raw } }).run(() => 1);
    const a = asset('a', { store, deps: { memory } }).run(() => 1);
    expect(tasksOf([raw, memory, a])[0]).toMatchObject({ inlets: ['raw'], outlets: ['m', 'a'] });
  });

  it('makes stale partitions again where its run is about one, and data can come late', () => {
    const daily = partitions.daily({ start: '2026-01-01' });
    const a = asset('a', { store: rows('a'), partitions: daily }).run(() => []);
    const b = asset('b', { store: rows('b'), partitions: daily, deps: { a: window(a, { from: -1, to: 0 }) } }).run(() => []);
    const stale = (automation?: ReturnType<typeof onCron>) =>
      dagOf(
        defineProject({
          name: 'p',
          assets: [a, b],
          jobs: [job('all', { select: '**', ...(automation && { automation }) })],
          environments: { production },
        }),
      ).tasks.map((task) => task.kind === 'materialize' && task.withStale);
    expect(stale(onCron('0 4 * * *'))).toEqual([false, true]);
    expect(stale()).toEqual([false, false]);
  });
});
