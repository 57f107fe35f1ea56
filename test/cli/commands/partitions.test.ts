import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { daysProject } from './days-project.ts';

describe('spindle partitions list', () => {
  it('counts what is materialized, missing and failed, as ranges', async () => {
    const { say, ask, breakDays } = daysProject();
    breakDays('2026-01-05');
    await say('backfill', '-s', 'silver/days', '--from', '2026-01-02', '--to', '2026-01-06');
    const { stdout } = await say('partitions', 'list', 'silver/days', '--materialized');
    expect(stdout).toBe('materialized  4\n  2026-01-02..2026-01-04\n  2026-01-06\n');
    const listed = await ask<Record<string, { count: number; ranges: readonly string[] }>>('partitions', 'list', 'silver/days');
    expect(listed).toMatchObject({
      asset: 'silver/days',
      materialized: { count: 4, ranges: ['2026-01-02..2026-01-04', '2026-01-06'] },
      failed: { count: 1, ranges: ['2026-01-05'] },
    });
    expect(listed['missing']?.ranges.slice(0, 2)).toEqual(['2026-01-01', '2026-01-05']);
    expect((await say('partitions', 'list', 'silver/days')).stdout).toMatch(
      /^materialized {2}4\n[^]*^missing +[\d,]+\n[^]*^failed +1\n {2}2026-01-05\n$/m,
    );
  });

  it('lists every key of one kind for a pipe, with --all', async () => {
    const { say, ask } = daysProject();
    await say('backfill', '-s', 'silver/days', '--to', '2026-01-03');
    const args = ['partitions', 'list', 'silver/days', '--materialized', '--all'] as const;
    expect((await say(...args)).stdout).toBe('2026-01-01\n2026-01-02\n2026-01-03\n');
    expect(await ask(...args)).toEqual({
      asset: 'silver/days',
      materialized: { count: 3, keys: ['2026-01-01', '2026-01-02', '2026-01-03'] },
    });
  });

  it('refuses an asset that has none', async () => {
    const { say } = daysProject();
    expect(await say('partitions', 'list', 'gold/total')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('PARTITION_UNSUPPORTED'),
    });
    expect(await say('partitions', 'list', 'gold/totals')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('Did you mean gold/total'),
    });
    expect(await say('partitions', 'list', 'silver/days', 'x')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('takes one asset'),
    });
  });
});

describe('spindle partitions add and remove', () => {
  it('registers keys of dynamic partitions, which then can be materialized, and takes them out', async () => {
    const { say, ask, calls } = daysProject();
    const unknown = await say('materialize', '-s', 'gold/tenants', '-p', 'acme');
    expect(unknown).toMatchObject({ exit: 2, stderr: expect.stringContaining('spindle partitions add') });
    expect((await say('partitions', 'add', 'tenants', 'acme', 'globex', 'acme')).stdout).toBe('Added 2 of tenants. It has 2 keys now.\n');
    expect((await say('partitions', 'add', 'tenants', 'globex', 'initech')).stdout).toBe(
      'Added 1 of tenants; 1 was there already. It has 3 keys now.\n',
    );
    expect((await say('backfill', '-s', 'gold/tenants', '--missing')).exit).toBe(0);
    expect(calls()).toEqual(['tenants acme', 'tenants globex', 'tenants initech']);
    expect(await ask('partitions', 'remove', 'tenants', 'globex')).toEqual({
      name: 'tenants',
      changed: ['globex'],
      keys: ['acme', 'initech'],
    });
    expect(await ask('partitions', 'list', 'gold/tenants')).toMatchObject({ materialized: { count: 2, ranges: ['acme', 'initech'] } });
    const events = await ask<readonly RunEvent[]>('runs');
    expect(events).toHaveLength(1);
  });

  it('refuses a name that no asset uses, a text that is no key, and a key that is not registered', async () => {
    const { say } = daysProject();
    const name = await say('partitions', 'add', 'tenant', 'acme');
    expect(name.stderr).toContain('error[PARTITION_UNKNOWN]: No asset has dynamic partitions called "tenant". Did you mean tenants?');
    expect(name.exit).toBe(2);
    const key = await say('partitions', 'add', 'tenants', 'good', 'a|b');
    expect(key).toMatchObject({ exit: 2, stderr: expect.stringContaining('"a|b" cannot be the key of a partition') });
    await say('partitions', 'add', 'tenants', 'acme');
    const gone = await say('partitions', 'remove', 'tenants', 'acmee');
    expect(gone).toMatchObject({ exit: 2, stderr: expect.stringContaining('"acmee" is no key of tenants. Did you mean acme?') });
    expect(await say('partitions', 'add', 'tenants')).toMatchObject({ exit: 2, stderr: expect.stringContaining('takes a name and keys') });
  });
});
