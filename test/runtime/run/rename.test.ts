import { describe, expect, it } from 'vitest';
import { asset, every, materialize, partitions, value, type ObjectStore } from 'spindle';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';

const daily = partitions.daily({ start: '2026-01-01' });

/** A number and twice it, over one run store and one lake; the clock goes on by a day with each run. */
function history() {
  const resources = { lake: createMemoryObjectStore() };
  const runStore = createMemoryRunStore();
  let day = 3;
  let made = 0;
  const run = async (
    key: string,
    { formerly = [], code = '1', dependent = '1' }: { formerly?: string[]; code?: string; dependent?: string } = {},
  ) => {
    const up = asset(key, { store: value<number>(), formerly, codeVersion: code }).run(() => ++made);
    const down = asset('down', { store: value<number>(), deps: { up }, codeVersion: dependent }).run(({ up }) => 2 * up);
    const now = `2026-01-${String(day++).padStart(2, '0')}T00:00:00Z`;
    const { ran, output } = await materialize([up, down], { resources, runStore, now });
    return { ran: [...ran], up: await output(up), down: await output(down) };
  };
  return { run, lake: resources.lake as ObjectStore };
}

describe('a renamed asset', () => {
  it('keeps its value where it lies, and its dependents are fresh', async () => {
    const { run } = history();
    await run('a');
    expect(await run('b', { formerly: ['a'] })).toEqual({ ran: [], up: 1, down: 2 });
  });

  it('gives the value under its former key to dependents that are made again', async () => {
    const { run } = history();
    await run('a');
    expect(await run('b', { formerly: ['a'], dependent: '2' })).toEqual({ ran: ['down'], up: 1, down: 2 });
  });

  it('is made again where its code changed with its name, and from then on lies under the new key', async () => {
    const { run, lake } = history();
    await run('a');
    expect(await run('b', { formerly: ['a'], code: '2' })).toEqual({ ran: ['b', 'down'], up: 2, down: 4 });
    expect(await lake.head('values/b.json')).toBeDefined();
    expect(await run('b', { formerly: ['a'], code: '2' })).toEqual({ ran: [], up: 2, down: 4 });
  });

  it.each([
    ['the newest first', ['b', 'a']],
    ['the oldest first', ['a', 'b']],
  ])('has one history over a chain of renames, named %s', async (_, formerly) => {
    const { run } = history();
    await run('a');
    expect((await run('b', { formerly: ['a'], code: '2' })).ran).toEqual(['b', 'down']);
    expect(await run('c', { formerly, code: '2' })).toEqual({ ran: [], up: 2, down: 4 });
  });

  it('keeps its value over a chain of renames without a run in between', async () => {
    const { run } = history();
    await run('a');
    expect(await run('c', { formerly: ['b', 'a'] })).toEqual({ ran: [], up: 1, down: 2 });
  });

  it('may get its old name back', async () => {
    const { run } = history();
    await run('a');
    await run('b', { formerly: ['a'], code: '2' });
    expect(await run('a', { formerly: ['b'], code: '2' })).toEqual({ ran: [], up: 2, down: 4 });
  });

  it('is made again, not read from its former place, once its new value is gone', async () => {
    const { run, lake } = history();
    await run('a');
    await run('b', { formerly: ['a'], code: '2' });
    await lake.delete('values/b.json');
    expect(await run('b', { formerly: ['a'], code: '2' })).toEqual({ ran: ['b', 'down'], up: 3, down: 6 });
  });

  it('keeps each partition where it was last written', async () => {
    const resources = { lake: createMemoryObjectStore() };
    const runStore = createMemoryRunStore();
    const run = async (key: string, now: string, options: { formerly?: string[]; code?: string; partition?: string } = {}) => {
      const { formerly = [], code = '1', partition } = options;
      const days = asset(key, { store: value<string>(), partitions: daily, formerly, codeVersion: code }).run(
        (_, { partition }) => `${partition.key} by ${code}`,
      );
      const all = asset('all', { store: value<string[]>(), deps: { days: every(days) } }).run(({ days }) => [...days.values()]);
      const result = await materialize([days, all], { resources, runStore, now, ...(partition !== undefined && { partition }) });
      const made = result.events.flatMap((event) => (event.type === 'asset.materialized' && event.asset === key ? [event.partition] : []));
      return { made, ran: result.ran.includes('all'), all: await result.output(all) };
    };
    await run('a', '2026-01-03T00:00:00Z');
    expect(await run('b', '2026-01-03T00:00:00Z', { formerly: ['a'] })).toEqual({
      made: [],
      ran: false,
      all: ['2026-01-01 by 1', '2026-01-02 by 1'],
    });
    const one = await run('b', '2026-01-03T00:00:00Z', { formerly: ['a'], code: '2', partition: '2026-01-02' });
    expect(one).toEqual({ made: ['2026-01-02'], ran: true, all: ['2026-01-01 by 1', '2026-01-02 by 2'] });
    expect(await run('b', '2026-01-04T00:00:00Z', { formerly: ['a'], code: '2' })).toEqual({
      made: ['2026-01-01', '2026-01-03'],
      ran: true,
      all: ['2026-01-01 by 2', '2026-01-02 by 2', '2026-01-03 by 2'],
    });
  });
});
