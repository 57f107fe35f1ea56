import { describe, expect, it } from 'vitest';
import { after, asset, materialize, SpindleError, value } from 'spindle';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';

const resources = () => ({ lake: createMemoryObjectStore() });
const now = '2026-01-03T12:00:00Z';

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

describe('what a function reports of itself', () => {
  it('fails its step where the event log cannot hold it, naming the field', async () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    for (const odd of [1n, () => 1, loop]) {
      const reporting = asset('reporting').run((_, { metadata }) => {
        metadata({ fine: 1, odd });
        return 1;
      });
      const run = await materialize([reporting], { resources: {} });
      expect(run.events.find(({ type }) => type === 'step.failed')).toMatchObject({ error: { code: 'VALUE_INVALID', field: 'odd' } });
    }
  });
});
