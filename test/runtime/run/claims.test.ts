import { describe, expect, it } from 'vitest';
import { after, asset, materialize, partitions, value, type Asset } from 'spindle';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { gate } from './gate.ts';

const now = '2026-01-03T12:00:00Z';
const shared = () => ({ resources: { lake: createMemoryObjectStore() }, runStore: createMemoryRunStore(), now });

const waits = (events: readonly RunEvent[]) => events.filter((event) => event.type === 'step.waiting');
const fresh = (events: readonly RunEvent[]) =>
  events.flatMap((event) =>
    event.type === 'step.skipped' && event.cause === 'fresh' ? [[event.asset, event.partition, event.reason]] : [],
  );

describe('two runs of one run store', () => {
  it('never make the same asset at once: the second waits, and finds it made', async () => {
    const here = shared();
    const door = gate();
    let calls = 0;
    const slow = asset('slow', { store: value() }).run(async () => {
      calls++;
      await door.pass();
      return 1;
    });
    const first = materialize([slow], here);
    await door.reached;
    let told = () => {};
    const waiting = new Promise<void>((resolve) => (told = resolve));
    const second = materialize([slow], { ...here, listen: ({ type }) => type === 'step.waiting' && told() });
    await waiting;
    door.open();
    const [one, other] = await Promise.all([first, second]);
    expect([one.ran, other.ran, calls]).toEqual([['slow'], [], 1]);
    expect(waits(other.events)).toMatchObject([{ asset: 'slow', holder: one.id }]);
    expect(fresh(other.events)).toEqual([['slow', undefined, `run ${one.id} made it meanwhile`]]);
    expect(waits(one.events)).toEqual([]);
  });

  it('make each partition once', async () => {
    const here = shared();
    const made: string[] = [];
    const days = asset('days', { store: value(), partitions: partitions.daily({ start: '2026-01-01', timezone: 'UTC' }) }).run(
      async (_, { partition }) => {
        made.push(partition.key);
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
        return partition.key;
      },
    );
    const later = { ...here, now: '2026-02-01T00:00:00Z' };
    const runs = await Promise.all([materialize([days], later), materialize([days], later)]);
    expect(runs.every(({ ok }) => ok)).toBe(true);
    expect(made.toSorted()).toEqual([...new Set(made)].toSorted());
    expect(made.length).toBe(31);
  });

  it('do not make again what the other made before it was their turn', async () => {
    const here = shared();
    const door = gate();
    const gated = asset('gated', { store: value() }).run(async () => {
      await door.pass();
      return 1;
    });
    const plain = asset('plain', { store: value(), deps: { gated: after(gated) } }).run(() => 1);
    const first = materialize([gated, plain], here);
    await door.reached;
    const second = await materialize([asset('plain', { store: value() }).run(() => 1)], here);
    door.open();
    expect(second.ran).toEqual(['plain']);
    expect((await first).ran).toEqual(['gated']);
    expect(fresh((await first).events)).toEqual([['plain', undefined, `run ${second.id} made it meanwhile`]]);
  });

  it('compare what the other made with the inputs that it had', async () => {
    const here = shared();
    const door = gate();
    const up = (version: string) => asset('up', { store: value(), codeVersion: version }).run(() => version);
    const [old, newer] = [up('v1'), up('v2')];
    await materialize([old], here);
    const gated = asset('gated', { store: value() }).run(async () => {
      await door.pass();
      return 1;
    });
    const behind = asset('down', { store: value(), deps: { up: old, gated: after(gated) } }).run(({ up: input }) => input);
    const first = materialize([old, gated, behind], here); // finds `up` fresh
    await door.reached;
    await materialize([newer, asset('down', { store: value(), deps: { up: newer } }).run(({ up: input }) => input)], here);
    door.open();
    expect((await first).ran).toEqual(['gated']);
  });

  it('leave the slot to other steps while they wait', async () => {
    const here = shared();
    const door = gate();
    const slow = asset('a_slow', { store: value() }).run(async () => {
      await door.pass();
      return 1;
    });
    const quick = asset('b_quick', { store: value() }).run(() => {
      door.open();
      return 1;
    });
    const first = materialize([slow], here);
    await door.reached;
    const second = await materialize([slow, quick], { ...here, concurrency: 1 });
    expect([(await first).ran, second.ran, second.ok]).toEqual([['a_slow'], ['b_quick'], true]);
  });

  it('make one after the other what is forced', async () => {
    const here = shared();
    let [at, most, calls] = [0, 0, 0];
    const only = asset('only', { store: value() }).run(async () => {
      most = Math.max(most, ++at);
      await new Promise(setImmediate);
      at--;
      return ++calls;
    });
    const changed = asset('only', { store: value(), codeVersion: 'other' }).run(only.definition.run as never) as Asset;
    const runs = await Promise.all([materialize([only], here), materialize([changed] as never, here)]);
    expect([runs.every(({ ok }) => ok), calls, most]).toEqual([true, 2, 1]);
  });
});

describe('a run that waits for another', () => {
  it('ends as canceled where it is aborted', async () => {
    const here = shared();
    const door = gate();
    const slow = asset('slow', { store: value() }).run(async () => {
      await door.pass();
      return 1;
    });
    const first = materialize([slow], here);
    await door.reached;
    const abort = new AbortController();
    const second = await materialize([slow], {
      ...here,
      signal: abort.signal,
      listen: ({ type }) => type === 'step.waiting' && abort.abort(),
    });
    expect(second.events.at(-1)).toMatchObject({ type: 'run.finished', status: 'canceled' });
    expect(second.events).toContainEqual(expect.objectContaining({ type: 'step.skipped', asset: 'slow', cause: 'canceled' }));
    door.open();
    expect((await first).ok).toBe(true);
  });

  it('makes itself what the other failed to make', async () => {
    const here = shared();
    const door = gate();
    let calls = 0;
    const flaky = asset('flaky', { store: value() }).run(async () => {
      if (++calls > 1) return calls;
      await door.pass();
      throw new Error('no');
    });
    const first = materialize([flaky], here);
    await door.reached;
    const second = materialize([flaky], { ...here, listen: ({ type }) => type === 'step.waiting' && door.open() });
    expect([(await first).ok, (await second).ran]).toEqual([false, ['flaky']]);
  });
});

describe('the claims of a run', () => {
  it('are all given back at its end, however it ends', async () => {
    const here = shared();
    const good = asset('good', { store: value() }).run(() => 1);
    const bad = asset('bad', { store: value() }).run((): number => {
      throw new Error('no');
    });
    await materialize([good, bad], here);
    for (const name of ['good', 'bad']) expect(await here.runStore.claim({ name, part: '', whole: true, run: 'other' })).toBe(undefined);
  });

  it('are none for an asset without a store, and none without a run store', async () => {
    const here = shared();
    await here.runStore.claim({ name: 'plain', part: '', whole: true, run: 'other' });
    await here.runStore.claim({ name: 'stored', part: '', whole: true, run: 'other' });
    const plain = asset('plain').run(() => 1);
    const stored = asset('stored', { store: value() }).run(() => 1);
    expect((await materialize([plain], here)).ran).toEqual(['plain']);
    expect((await materialize([stored], { resources: here.resources, now })).ran).toEqual(['stored']);
  });
});
