import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import type { RunSummary } from '../../../src/runtime/resource/run-store.ts';
import { callsOf, daysProject } from './days-project.ts';
import { storedPlays } from './stored-plays.ts';
import { runCommand } from '../run-command.ts';

type Started = Extract<RunEvent, { type: 'run.started' }>;

describe('spindle runs resume', () => {
  it('makes what is left of a failed run under its own id, and nothing again even where it was forced', async () => {
    const { say, ask, calls, breakDays, mendDays } = daysProject();
    await say('backfill', '-s', 'silver/days or gold/reports', '--from', '2026-01-01', '--to', '2026-01-04');
    calls();
    breakDays('2026-01-02');
    const config = ['--config', 'silver/days.shift=1'];
    const options = ['--from', '2026-01-01', '--to', '2026-01-04', '--force', '--concurrency', '1', '--tag', 'nightly', ...config];
    expect((await say('backfill', '-s', 'silver/days or gold/reports', ...options)).exit).toBe(1);
    expect(calls()).toEqual([...callsOf('days', 1, 2, 3, 4), ...callsOf('reports', 1, 3, 4)]);
    mendDays();
    const [failed] = await ask<readonly RunSummary[]>('runs');
    const resumed = await say('runs', 'resume');
    expect(resumed.stderr).toContain(
      `Resuming run ${failed?.run.slice(0, 8)} of 2026-01-11T00:00:00.000Z, which failed: silver/days or gold/reports`,
    );
    expect(resumed.exit, resumed.stdout).toBe(0);
    expect(calls()).toEqual([...callsOf('days', 2), ...callsOf('reports', 2)]);
    expect(resumed.stdout).toContain(`run ${failed?.run} succeeded: 8 partitions done, 0 failed, 0 skipped`);
    expect(await ask('runs')).toMatchObject([{ run: failed?.run, status: 'succeeded', tags: ['nightly'], failed: 0 }, {}]);
    const started = (await ask<readonly RunEvent[]>('runs', 'logs')).filter((event): event is Started => event.type === 'run.started');
    expect(started).toHaveLength(2);
    expect(started[1]?.request).toEqual(started[0]?.request);
    expect(started[0]?.request).toMatchObject({ force: true, concurrency: 1, config: { 'silver/days': { shift: 1 } } });
    // The config was that of the run: its days are as it made them.
    await say('backfill', '-s', 'silver/days', '--from', '2026-01-01', '--to', '2026-01-04', ...config);
    expect(calls()).toEqual([]);
  });

  it('tells a resumed run by what came of it', async () => {
    const { say, breakDays, mendDays } = daysProject();
    breakDays('2026-01-02');
    await say('backfill', '-s', 'silver/days', '--from', '2026-01-01', '--to', '2026-01-03');
    mendDays();
    await say('runs', 'resume');
    const shown = (await say('runs', 'show')).stdout;
    expect(shown).toContain('status       succeeded');
    expect(shown).toMatch(/^silver\/days +materialized \(3\)/m);
    expect(shown).not.toContain('there is no data');
  });

  it('finishes a run of assets without partitions too, and does not make what it had made', async () => {
    const { say, calls, breakDays, mendDays } = daysProject();
    breakDays('all');
    expect((await say('materialize', '-s', 'silver/days or gold/total', '--full-refresh')).exit).toBe(1);
    mendDays();
    calls();
    expect((await say('runs', 'resume')).exit).toBe(0);
    expect(calls()).toEqual(['total all']);
  });

  it('refuses a run that succeeded, and one that did not record how it was asked for', async () => {
    const { root } = await storedPlays();
    expect(await runCommand(root, ['runs', 'resume'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('error[RUN_UNKNOWN]') });
    const [run] = JSON.parse((await runCommand(root, ['runs', '--json'])).stdout) as readonly [RunSummary];
    const succeeded = await runCommand(root, ['runs', 'resume', run.run.slice(0, 6)]);
    expect(succeeded.stderr).toContain(`Run ${run.run.slice(0, 8)} succeeded: nothing of it is left to do.`);
    expect(succeeded.stderr).toContain(`spindle runs rerun ${run.run.slice(0, 8)}`);
    expect(succeeded.exit).toBe(2);
    await runCommand(root, ['check', '-s', 'gold/songs']);
    const [check] = JSON.parse((await runCommand(root, ['runs', '--json'])).stdout) as readonly [RunSummary];
    const refused = await runCommand(root, ['runs', 'rerun', check.run]);
    expect(refused).toMatchObject({ exit: 2, stderr: expect.stringContaining('did not record how it was asked for') });
  });

  it('takes no options of another action', async () => {
    const { say } = daysProject();
    const refused = await say('runs', 'resume', '--from', 'a');
    expect(refused.stderr).toContain('error[USAGE]: spindle runs resume has no option --from.');
    expect(refused.stderr).toContain('It is one of: spindle runs rerun.');
    expect(refused.exit).toBe(2);
  });
});

describe('spindle runs rerun', () => {
  it('makes what a run made again, as a new run with a tag that names the first', async () => {
    const { say, ask, calls } = daysProject();
    await say('backfill', '-s', 'silver/days', '--missing', '--to', '2026-01-03', '--tag', 'nightly');
    await say('backfill', '-s', 'silver/days or gold/reports', '--missing', '--to', '2026-01-05');
    const [second, first] = await ask<readonly [RunSummary, RunSummary]>('runs');
    calls();
    expect((await say('runs', 'rerun', first.run)).exit).toBe(0);
    expect(calls()).toEqual(callsOf('days', 1, 2, 3));
    const [again] = await ask<readonly RunSummary[]>('runs', '--tag', `rerun-of=${first.run}`);
    expect(again).toMatchObject({ status: 'succeeded', tags: ['nightly', `rerun-of=${first.run}`], selection: 'silver/days' });
    expect((await say('runs', 'list', '-n', '1')).stdout).toContain(`nightly, rerun-of=${first.run.slice(0, 8)}\n`);
    // The missing days of reports were five, of days two.
    expect((await say('runs', 'rerun', second.run)).exit).toBe(0);
    expect(calls()).toEqual([...callsOf('days', 4, 5), ...callsOf('reports', 1, 2, 3, 4, 5)]);
  });

  it('begins at an asset, with --from', async () => {
    const { say, ask, calls } = daysProject();
    await say('backfill', '-s', 'silver/days or gold/reports', '--from', '2026-01-01', '--to', '2026-01-02');
    const [{ run }] = await ask<readonly [RunSummary]>('runs');
    calls();
    expect((await say('runs', 'rerun', run, '--from', 'gold/reports')).exit).toBe(0);
    expect(calls()).toEqual(callsOf('reports', 1, 2));
    expect((await say('runs', 'rerun', run, '--from', 'silver/days')).exit).toBe(0);
    expect(calls()).toEqual([...callsOf('days', 1, 2), ...callsOf('reports', 1, 2)]);
    const other = await say('runs', 'rerun', run, '--from', 'gold/total');
    expect(other.stderr).toContain(`error[ASSET_UNKNOWN]: gold/total was no part of run ${run.slice(0, 8)}.`);
    expect(other.exit).toBe(2);
  });

  it('makes only what failed and what was skipped because of it, with --failed', async () => {
    const { say, ask, calls, breakDays, mendDays } = daysProject();
    breakDays('2026-01-02', '2026-01-03');
    await say('backfill', '-s', 'silver/days or gold/reports', '--from', '2026-01-01', '--to', '2026-01-04');
    const [{ run }] = await ask<readonly [RunSummary]>('runs');
    mendDays();
    calls();
    const rerun = await say('runs', 'rerun', run, '--failed');
    expect(rerun.exit, rerun.stdout).toBe(0);
    expect(calls()).toEqual([...callsOf('days', 2, 3), ...callsOf('reports', 2, 3)]);
    const [{ run: good }] = await ask<readonly [RunSummary]>('runs');
    const nothing = await say('runs', 'rerun', good, '--failed');
    expect(nothing).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining(`Nothing of run ${good.slice(0, 8)} failed: nothing to do.`),
    });
  });

  it('makes assets without partitions again, and of those with them only what the run had to do with', async () => {
    const { say, ask, calls } = daysProject();
    await say('backfill', '-s', 'silver/days', '--to', '2026-01-08');
    calls();
    await say('materialize', '-s', 'silver/days or gold/total');
    expect(calls()).toEqual([...callsOf('days', 9, 10), 'total all']);
    const [{ run }] = await ask<readonly [RunSummary]>('runs');
    expect((await say('runs', 'rerun', run)).exit).toBe(0);
    expect(calls()).toEqual([...callsOf('days', 9, 10), 'total all']);
    expect((await say('runs', 'rerun', run, '--from', 'gold/total')).exit).toBe(0);
    expect(calls()).toEqual(['total all']);
  });

  it('can itself be resumed', async () => {
    const { say, ask, calls, breakDays, mendDays } = daysProject();
    await say('backfill', '-s', 'silver/days', '--missing', '--to', '2026-01-03');
    const [{ run }] = await ask<readonly [RunSummary]>('runs');
    await say('backfill', '-s', 'silver/days', '--missing');
    calls();
    breakDays('2026-01-02');
    expect((await say('runs', 'rerun', run)).exit).toBe(1);
    mendDays();
    expect(calls()).toEqual(callsOf('days', 1, 2, 3));
    expect((await say('runs', 'resume')).exit).toBe(0);
    expect(calls()).toEqual(callsOf('days', 2));
  });
});

describe('spindle runs list', () => {
  it('lists by tag and by status', async () => {
    const { say, ask, breakDays } = daysProject();
    await say('materialize', '-s', 'silver/days', '-p', '2026-01-01', '--tag', 'a');
    breakDays('2026-01-02');
    await say('materialize', '-s', 'silver/days', '-p', '2026-01-02', '--tag', 'a', '--tag', 'b');
    const statuses = async (...args: string[]) => (await ask<readonly RunSummary[]>('runs', ...args)).map(({ status }) => status);
    expect(await statuses('--tag', 'a')).toEqual(['failed', 'succeeded']);
    expect(await statuses('--tag', 'b')).toEqual(['failed']);
    expect(await statuses('--status', 'succeeded')).toEqual(['succeeded']);
    expect(await statuses('--tag', 'a', '--status', 'failed', '--limit', '1')).toEqual(['failed']);
    expect(await statuses('--status', 'died')).toEqual([]);
  });
});
