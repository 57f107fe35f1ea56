import { describe, expect, it } from 'vitest';
import { asset, check, materialize, value } from 'spindle';
import { z } from 'zod';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';

const resources = () => ({ lake: createMemoryObjectStore() });

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

  it('is made up for where the run that materialized the asset was ended before it, and then blocks', async () => {
    const shared = resources();
    const { list, checks } = pipeline(false, true);
    const { events } = await materialize(list, { resources: shared, checks });
    const runStore = createMemoryRunStore();
    await runStore.append(
      events.slice(
        0,
        events.findIndex(({ type }) => type === 'check.finished'),
      ),
    );
    const later = await materialize(list, { resources: shared, checks, runStore });
    expect(later.skipped).toEqual(['a', 'b']);
    expect(later.explain(list[1])).toBe('b was skipped: the blocking check "is positive" of a failed.');
    const again = await materialize(list, { resources: shared, checks, runStore });
    expect(again.events.filter(({ type }) => type === 'check.finished')).toEqual([]);
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
