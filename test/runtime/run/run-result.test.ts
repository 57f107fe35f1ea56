import { asset, check, materialize, partitions, value } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const daily = partitions.daily({ start: '2025-12-01' });

describe('a run in a test', () => {
  const fails = asset('fails', { store: value(z.int()) }).run((): number => {
    throw new TypeError('no such thing');
  });
  const behind = asset('behind', { store: value(z.int()), deps: { fails } }).run(({ fails }) => fails);

  it('throws what a step threw where its output is asked for, with its stack', async () => {
    const run = await materialize([fails, behind], ephemeral());
    expect(run.ok).toBe(false);
    await expect(run.output(fails)).rejects.toMatchObject({
      code: 'ASSET_FAILED',
      message: expect.stringContaining('fails failed: TypeError: no such thing'),
      cause: { name: 'TypeError', stack: expect.stringContaining('run-result.test.ts') },
    });
    await expect(run.output(behind)).rejects.toMatchObject({
      code: 'ASSET_FAILED',
      message: 'behind was not made: fails failed.',
      cause: { cause: { message: 'no such thing' } },
    });
  });

  it('throws as a whole where it is told to, and else returns itself', async () => {
    const run = await materialize([fails, behind], ephemeral());
    expect(() => run.orThrow()).toThrow('fails failed: TypeError: no such thing');
    const fine = await materialize([asset('fine').run(() => 1)], ephemeral());
    expect(fine.orThrow()).toBe(fine);
    const other = asset('other').run(() => Promise.reject(new Error('second')));
    const two = await materialize([fails, other], ephemeral());
    expect(() => two.orThrow()).toThrow(/1 more failed: other\.$/);
  });

  it('throws with its failed checks', async () => {
    const one = asset('one', { store: value(z.int()) }).run(() => 1);
    const big = check(one, 'is big').run((n) => ({ passed: n > 9 }));
    const run = await materialize([one], { ...ephemeral(), checks: [big] });
    expect(() => run.orThrow()).toThrow('The run failed: the check "is big" of one did not pass.');
    expect(await run.output(one)).toBe(1);
  });

  it('says which partition to ask for where one is missing or was not made', async () => {
    const days = asset('days', { store: value(z.string()), partitions: daily }).run((_, { partition }) => partition.key);
    const run = await materialize([days], { ...ephemeral(), partition: '2025-12-31' });
    expect(await run.output(days, { partition: '2025-12-31' })).toBe('2025-12-31');
    const told = { code: 'PARTITION_UNKNOWN', remedy: "Ask for one that was: { partition: '2025-12-31' }." };
    // @ts-expect-error a value of which partition?
    await expect(run.output(days)).rejects.toMatchObject(told);
    await expect(run.output(days, { partition: '2025-12-30' })).rejects.toMatchObject(told);
    await expect(run.output(days, { partition: 'today' })).rejects.toMatchObject({ code: 'PARTITION_UNKNOWN' });
    await expect(materialize([days], { ...ephemeral(), partition: 'today' })).rejects.toMatchObject({ code: 'PARTITION_UNKNOWN' });
  });

  it('waits for no retry: its clock stands still', async () => {
    const flaky = asset('flaky', { retry: { attempts: 4, delay: '1h' } }).run((_, { step, now }) => {
      if (step.attempt < 4) throw Object.assign(new Error('busy'), { transient: true });
      return now().toISOString();
    });
    const run = await materialize([flaky], ephemeral({ now: '2026-02-01T00:00:00Z' }));
    expect(await run.output(flaky)).toBe('2026-02-01T00:00:00.000Z');
    expect(run.events.filter(({ type }) => type === 'step.retried')).toHaveLength(3);
  });
});
