import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import type { RunSummary } from '../../../src/runtime/resource/run-store.ts';
import { callsOf, daysProject } from './days-project.ts';

describe('spindle backfill', () => {
  it('makes the partitions of a range in one run, and leaves them alone the next time unless it is forced', async () => {
    const { say, ask, calls } = daysProject();
    const range = ['backfill', '-s', 'silver/days', '--from', '2026-01-02', '--to', '2026-01-04', '--tag', 'january', '--tag', 'first'];
    const first = await say(...range);
    expect(first.stdout).toMatch(/^silver\/days +3 +0 +0 +\S+ ms$/m);
    expect(first.stdout).toMatch(/^run \S+ succeeded: 3 partitions done, 0 failed, 0 skipped$/m);
    expect(first).toMatchObject({ exit: 0 });
    expect(calls()).toEqual(callsOf('days', 2, 3, 4));
    expect((await say(...range)).stdout).toMatch(/^silver\/days +0 +0 +0 +every partition is as it was materialized \(3\)$/m);
    expect(calls()).toEqual([]);
    expect((await say(...range, '--force')).exit).toBe(0);
    expect(calls()).toEqual(callsOf('days', 2, 3, 4));
    const [forced] = await ask<readonly RunSummary[]>('runs', '--tag', 'january');
    expect(forced).toMatchObject({ materialized: 3, tags: ['january', 'first'] });
    const events = await ask<readonly RunEvent[]>('runs', 'logs');
    expect(events[0]).toMatchObject({
      type: 'run.started',
      request: { keys: ['silver/days'], partitions: { from: '2026-01-02', to: '2026-01-04' }, force: true },
    });
  });

  it('takes whole months of assets of any unit, and one side may stay open', async () => {
    const { say, calls } = daysProject();
    expect((await say('backfill', '-s', 'silver/days', '--to', '2026-01-02')).exit).toBe(0);
    expect(calls()).toEqual(callsOf('days', 1, 2));
    expect((await say('backfill', '-s', 'silver/days', '--from', '2026-01')).exit).toBe(0);
    expect(calls()).toEqual(callsOf('days', 3, 4, 5, 6, 7, 8, 9, 10));
  });

  it('goes on downstream within one run, and names what it leaves out for having no partitions', async () => {
    const { say, calls } = daysProject();
    const { stdout, stderr, exit } = await say('backfill', '-s', 'silver/days or gold/reports or gold/total', '--from', '2026-01-09');
    expect(stderr).toContain('Left out, having no partitions: gold/total');
    expect(stdout).not.toContain('gold/total');
    expect(exit).toBe(0);
    expect(calls()).toEqual([...callsOf('days', 9, 10), ...callsOf('reports', 9, 10)]);
    const nothing = await say('backfill', '-s', 'gold/total', '--missing');
    expect(nothing).toMatchObject({ exit: 2, stderr: expect.stringContaining('error[PARTITION_UNSUPPORTED]') });
    expect(nothing.stderr).toContain('Use `spindle materialize`');
  });

  it('makes what is missing, and of what was tried what failed, with the retries of the asset for each partition', async () => {
    const { say, calls, breakDays, mendDays } = daysProject();
    breakDays('2026-01-03', '2026-01-05', 'transient');
    await say('backfill', '-s', 'silver/days', '--from', '2026-01-01', '--to', '2026-01-02');
    calls();
    const failed = await say('backfill', '-s', 'silver/days', '--missing', '--to', '2026-01-06');
    expect(failed.exit).toBe(1);
    expect(failed.stdout).toMatch(/^silver\/days +2 +2 +0 /m);
    expect(failed.stdout).toMatch(/error\[ASSET_FAILED\] silver\/days \[2026-01-05\]: Error: there is no data for 2026-01-05/);
    expect(failed.stdout).toMatch(/Go on with:\n {2}spindle runs resume \w{8}\n {2}spindle backfill --select silver\/days --failed\n$/);
    expect(calls()).toEqual(callsOf('days', 3, 3, 4, 5, 5, 6));
    mendDays();
    expect((await say('backfill', '-s', 'silver/days', '--failed')).exit).toBe(0);
    expect(calls()).toEqual(callsOf('days', 3, 5));
    expect((await say('backfill', '-s', 'silver/days', '--missing')).exit).toBe(0);
    expect(calls()).toEqual(callsOf('days', 7, 8, 9, 10));
  });

  it('shows a few of many failures, and counts the others', async () => {
    const { say, breakDays } = daysProject();
    breakDays(...Array.from({ length: 9 }, (_, index) => `2026-01-0${index + 1}`));
    const { stdout } = await say('backfill', '-s', 'silver/days', '--missing');
    expect(stdout.match(/error\[ASSET_FAILED\]/g)).toHaveLength(3);
    expect(stdout).toMatch(/… and 6 more: spindle runs logs \w{8}/);
  });

  it('tells what it would come to and makes nothing, with --dry-run', async () => {
    const { say, ask, calls } = daysProject();
    await say('backfill', '-s', 'silver/days', '--from', '2026-01-03', '--to', '2026-01-05');
    calls();
    const request = ['backfill', '-s', 'silver/days or gold/reports', '--from', '2026-01-01', '--dry-run'];
    const lines = (await say(...request)).stdout.split('\n');
    expect(lines[1]).toMatch(/^silver\/days +7 +2026-01-01 +2026-01-10 +3$/);
    expect(await ask(...request)).toEqual([
      { asset: 'silver/days', partitions: 7, first: '2026-01-01', last: '2026-01-10', fresh: 3, note: '' },
      { asset: 'gold/reports', partitions: 10, first: '2026-01-01', last: '2026-01-10', fresh: 0, note: '' },
    ]);
    expect(calls()).toEqual([]);
    expect(await ask('runs')).toHaveLength(1);
  });

  it('asks which partitions, and refuses what is none', async () => {
    const { say } = daysProject();
    const none = await say('backfill', '-s', 'silver/days');
    expect(none.stderr).toContain('error[USAGE]: Which partitions? spindle backfill takes --from, --to, --missing or --failed.');
    expect(none.exit).toBe(2);
    expect((await say('backfill', '-s', 'silver/days', '--missing', '--failed')).exit).toBe(2);
    const wrong = await say('backfill', '-s', 'silver/days', '--from', '2026-1-1');
    expect(wrong).toMatchObject({ exit: 2, stderr: expect.stringContaining('Did you mean 2026-01-01?') });
    const backwards = await say('backfill', '-s', 'silver/days', '--from', '2026-01-05', '--to', '2026-01-01');
    expect(backwards).toMatchObject({ exit: 2, stderr: expect.stringContaining('error[PARTITION_UNKNOWN]') });
  });
});
