import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import type { RunSummary } from '../../../src/runtime/resource/run-store.ts';
import { runCli } from '../run-cli.ts';
import { runCommand } from '../run-command.ts';
import { playsProject, storedPlays } from './stored-plays.ts';

describe('spindle runs', () => {
  it('lists the runs, newest first, shows what one did, and its events in order', async () => {
    const { root } = await storedPlays();
    await runCommand(root, ['check', '-s', 'gold/songs']);
    const listed = JSON.parse((await runCommand(root, ['runs', '--json'])).stdout) as readonly RunSummary[];
    expect(listed).toMatchObject([
      { selection: 'gold/songs', status: 'succeeded', materialized: 0 },
      { selection: 'not gold/days', status: 'succeeded', materialized: 4 },
    ]);
    const [newest, first] = listed as readonly [RunSummary, RunSummary];
    const { stdout } = await runCommand(root, ['runs', 'list', '--limit', '1']);
    expect(stdout.split('\n')[1]).toMatch(new RegExp(`^${newest.run.slice(0, 8)}  succeeded  \\S+ +\\S+ m?s +0 +0 +0  gold/songs$`));

    const shown = (await runCommand(root, ['runs', 'show', first.run.slice(0, 6)])).stdout;
    expect(shown).toContain(`run          ${first.run}\nstatus       succeeded\n`);
    expect(shown).toMatch(/bronze\/plays +materialized +4 +\d+ B/);
    expect(shown).toContain('check failed gold/songs: some song is popular: {"most":2}');
    expect(shown).toContain('4 materialized, 0 fresh, 0 skipped, 0 failed; checks: 1 passed, 1 failed');
    expect(JSON.parse((await runCommand(root, ['runs', 'show', '--json'])).stdout)).toMatchObject({ run: newest.run, failures: [] });

    const events = JSON.parse((await runCommand(root, ['runs', 'logs', first.run, '--json'])).stdout) as readonly RunEvent[];
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      ...['stream', 'lake', 'bronze', 'gold'].flatMap(() => ['step.started', 'asset.materialized']),
      'check.finished',
      'check.finished',
      'run.finished',
    ]);
    const lines = (await runCommand(root, ['runs', 'logs', first.run])).stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(events.length);
    expect(lines[1]).toBe('2026-01-03T12:00:00.000Z  run   stream/plays  it was never materialized');
  });

  it('suggests a run where no id begins so, and says how to choose among several', async () => {
    const { root } = await storedPlays();
    const [first] = JSON.parse((await runCommand(root, ['runs', '--json'])).stdout) as readonly [RunSummary];
    const typed = first.run[0] === 'f' ? `e${first.run.slice(1, 8)}` : `f${first.run.slice(1, 8)}`;
    const unknown = await runCommand(root, ['runs', 'show', typed]);
    expect(unknown.stderr).toContain(`error[RUN_UNKNOWN]: There is no run "${typed}". Did you mean ${first.run.slice(0, 8)}?`);
    expect(unknown.exit).toBe(2);
    await runCommand(root, ['check']);
    const several = await runCommand(root, ['runs', 'show', '']);
    expect(several.stderr).toMatch(/error\[RUN_UNKNOWN\]: 2 runs begin with ""/);
    expect((await runCommand(root, ['runs', 'list', 'x'])).stderr).toContain('Run: spindle runs show x');
  });

  it('says so where there is no run yet', async () => {
    const { root } = playsProject();
    expect((await runCommand(root, ['runs'])).stdout).toBe('There is no run yet.\n');
    expect(await runCommand(root, ['runs', 'show'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('RUN_UNKNOWN') });
  });

  it('shows a run whose process was killed as one that died, and what it was at', async () => {
    const { root } = playsProject();
    const killed = await runCli(root, ['materialize', '-s', '+bronze/plays'], { SPINDLE_FAULT: 'land.before-put' });
    expect(killed.signal).toBe('SIGKILL');
    expect((await runCommand(root, ['runs'])).stdout).toMatch(/^\w{8} +died /m);
    const { stdout } = await runCommand(root, ['runs', 'show']);
    expect(stdout).toContain('status       died  (its process is no more; the next run goes on from what it had done)');
    expect(stdout).toContain('In work when it ended: lake/plays');
  });
});
