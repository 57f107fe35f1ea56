import { describe, expect, it } from 'vitest';
import { instantOf } from '../../../src/cli/runs/prune.ts';
import { runCommand } from '../run-command.ts';
import { NOW, storedPlays } from './stored-plays.ts';

describe('spindle runs prune', () => {
  it('forgets the runs that finished before, and makes nothing stale', async () => {
    const { root } = await storedPlays();
    await runCommand(root, ['materialize', '-s', 'gold/songs', '--now', '2026-02-01T00:00:00Z']);
    const plan = async () => (await runCommand(root, ['plan', '--now', NOW])).stdout;
    const before = await plan();
    const dry = await runCommand(root, ['runs', 'prune', '--before', '2026-01-04', '--dry-run']);
    expect(dry.stdout).toMatch(/^Would forget 1 run that finished before 2026-01-04T00:00:00.000Z, with \d+ events\.\n$/);
    expect(JSON.parse((await runCommand(root, ['runs', '--json'])).stdout)).toHaveLength(2);
    const { stdout, exit } = await runCommand(root, ['runs', 'prune', '--before', '2026-01-04']);
    expect(stdout).toMatch(/^Forgot 1 run .* nothing became stale\.\n$/);
    expect(exit).toBe(0);
    expect(JSON.parse((await runCommand(root, ['runs', '--json'])).stdout)).toHaveLength(1);
    expect(await plan()).toBe(before);
    expect(JSON.parse((await runCommand(root, ['runs', 'prune', '--before', '1d', '--json'])).stdout)).toMatchObject({ runs: 1 });
    expect(await plan()).toBe(before);
  });

  it('asks for an age or an instant', async () => {
    const { root } = await storedPlays();
    for (const before of [[], ['--before', 'yesterday'], ['--before', '2026-13-45']]) {
      const { stderr, exit } = await runCommand(root, ['runs', 'prune', ...before]);
      expect(stderr).toContain('Give an age or an instant: --before 30d, --before 2026-01-31.');
      expect(exit).toBe(2);
    }
    const now = Date.parse('2026-01-31T00:00:00Z');
    expect(instantOf('1.5d', now)).toBe('2026-01-29T12:00:00.000Z');
    expect(instantOf('2026-01-31T08:00:00+02:00', now)).toBe('2026-01-31T06:00:00.000Z');
  });
});

describe('the tags of a run', () => {
  it('are those of the command, by which it is found', async () => {
    const { root } = await storedPlays();
    await runCommand(root, ['materialize', '-s', 'gold/songs', '--tag', 'try', '--tag', 'eu', '--now', NOW]);
    expect(JSON.parse((await runCommand(root, ['runs', '--tag', 'eu', '--json'])).stdout)).toMatchObject([{ tags: ['try', 'eu'] }]);
    expect(JSON.parse((await runCommand(root, ['runs', '--tag', 'e', '--json'])).stdout)).toEqual([]);
  });
});
