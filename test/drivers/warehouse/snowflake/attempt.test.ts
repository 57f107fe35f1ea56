import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isOrphaned, newAttempt } from '../../../../src/drivers/warehouse/snowflake/attempt.ts';

describe('an attempt of a load', () => {
  it('is nobody’s once its process has ended, also where its name comes back in capitals', () => {
    expect([isOrphaned(newAttempt()), isOrphaned(newAttempt().toUpperCase())]).toEqual([false, false]);
    const ended = `${spawnSync(process.execPath, ['-e', '']).pid}+1+${encodeURIComponent(hostname())}+${Date.now()}+aaaaaaaa`;
    expect([isOrphaned(ended), isOrphaned(ended.toUpperCase())]).toEqual([true, true]);
  });

  it('of another host is nobody’s after a day', () => {
    const after = (hours: number) => `1+1+elsewhere+${Date.now() - hours * 3_600_000}+aaaaaaaa`;
    expect([isOrphaned(after(23)), isOrphaned(after(25))]).toEqual([false, true]);
  });

  it('is not what somebody else named', () => {
    expect(['', 'a', 'a+b+c', 'mine'].map(isOrphaned)).toEqual([false, false, false, false]);
  });
});
