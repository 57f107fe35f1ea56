import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutput } from '../../../src/cli/output.ts';
import { createProgressView } from '../../../src/cli/progress/progress-view.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const at = '2026-01-31T08:00:00.000Z';
const error = { code: 'ASSET_FAILED', message: 'busy', transient: true } as const;
const started = (asset: string, partition?: string): RunEvent => ({
  type: 'step.started',
  run: 'r1',
  at,
  asset,
  ...(partition !== undefined && { partition }),
  attempt: 1,
  reasons: ['it was never materialized'],
});
const done = (asset: string, rows: number, partition?: string): RunEvent => ({
  type: 'asset.materialized',
  run: 'r1',
  at,
  asset,
  ...(partition !== undefined && { partition }),
  version: 'v',
  codeVersion: 'c',
  configVersion: '',
  inputs: {},
  milliseconds: 2000,
  rows,
  metadata: {},
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function liveOutput(columns = 100, rows = 24) {
  const terminal = fakeTerminal(columns, rows);
  const output = createOutput({ stdout: new PassThrough() as never, stderr: terminal as never }, { NO_COLOR: '1' }, false);
  return { terminal, output };
}

function plainOutput() {
  const stderr = new PassThrough();
  const output = createOutput({ stdout: new PassThrough() as never, stderr: stderr as never }, {}, false);
  return {
    output,
    lines: () =>
      String(stderr.read() ?? '')
        .split('\n')
        .slice(0, -1),
  };
}

describe('progress on a terminal', () => {
  it('has a line for each running step with bar, counts, rate and elapsed time, and scrolls up what is done', () => {
    const { terminal, output } = liveOutput();
    const view = createProgressView(output, false);
    view.listen(started('stream/plays'));
    view.listen(started('lake/plays', '2026-01-31'));
    view.progress({ asset: 'stream/plays', partition: undefined }, 5000, 20_000);
    view.progress({ asset: 'lake/plays', partition: '2026-01-31' }, 300, undefined);
    vi.advanceTimersByTime(2000);
    expect(terminal.screen()).toEqual([
      '⠋  stream/plays             █████░░░░░░░░░░░░░░░  5,000/20,000, 2,500/s, 2.0 s',
      '⠋  lake/plays [2026-01-31]  300, 150/s, 2.0 s',
    ]);
    view.listen(done('stream/plays', 20_000));
    expect(terminal.screen()).toEqual(['done  stream/plays  20,000 rows, 2.0 s', '⠋  lake/plays [2026-01-31]  300, 150/s, 2.0 s']);
    view.close();
    expect(terminal.screen()).toEqual(['done  stream/plays  20,000 rows, 2.0 s']);
  });

  it('shows which run a step waits for, until it runs', () => {
    const { terminal, output } = liveOutput();
    const view = createProgressView(output, false);
    view.listen({ type: 'step.waiting', run: 'r1', at, asset: 'gold/songs', holder: '3f2a1b2c-0000-4000-8000-000000000000' });
    vi.advanceTimersByTime(1000);
    expect(terminal.screen()).toEqual([
      'wait  gold/songs  waits for run 3f2a1b2c, which has it in work',
      '⠋  gold/songs (waits for run 3f2a1b2c)  1.0 s',
    ]);
    view.listen(started('gold/songs'));
    vi.advanceTimersByTime(100);
    expect(terminal.screen().at(-1)).toMatch(/^.  gold\/songs  100 ms$/);
    view.close();
  });

  it('prints notices of others above the running steps', () => {
    const { terminal, output } = liveOutput();
    const view = createProgressView(output, false);
    view.listen(started('gold/top_songs'));
    vi.advanceTimersByTime(100);
    output.notice('Setting up Python: installing 40 packages.');
    expect(terminal.screen()).toEqual(['Setting up Python: installing 40 packages.', '⠙  gold/top_songs  100 ms']);
    view.close();
  });

  it('draws at most ten frames a second, however often steps report', () => {
    const { terminal, output } = liveOutput();
    const view = createProgressView(output, false);
    view.listen(started('stream/plays'));
    for (let count = 0; count < 1000; count++) {
      view.progress({ asset: 'stream/plays', partition: undefined }, count, 1000);
      vi.advanceTimersByTime(1);
    }
    expect(terminal.written).toHaveLength(10);
    view.close();
  });

  it('counts the steps that it has no room for, and leaves the bar out where the terminal is narrow', () => {
    const { terminal, output } = liveOutput(30, 5);
    const view = createProgressView(output, false);
    for (const name of ['a', 'b', 'c', 'd']) view.listen(started(name));
    view.progress({ asset: 'a', partition: undefined }, 1_000_000, 2_000_000);
    vi.advanceTimersByTime(1000);
    expect(terminal.screen()).toEqual(['⠋  a  1,000,000/2,000,000, 1…', '⠋  b  1.0 s', '   and 2 more']);
    view.close();
    expect(terminal.screen()).toEqual([]);
  });

  it('counts the partitions of an asset, and those that failed, as long as some are left', () => {
    const { terminal, output } = liveOutput();
    const view = createProgressView(output, false);
    view.progress({ asset: 'gold/days', partition: undefined }, 0, 365);
    view.listen(started('gold/days', '2026-01-01'));
    view.listen({ type: 'step.failed', run: 'r1', at, asset: 'gold/days', partition: '2026-01-01', attempt: 1, error, milliseconds: 1 });
    view.progress({ asset: 'gold/days', partition: undefined }, 73, 365);
    vi.advanceTimersByTime(1000);
    expect(terminal.screen()).toEqual([
      'fail  gold/days [2026-01-01]  busy',
      '⠋  gold/days  ████░░░░░░░░░░░░░░░░  73/365 partitions, 1 failed, 73/s, 1.0 s',
    ]);
    view.progress({ asset: 'gold/days', partition: undefined }, 365, 365);
    vi.advanceTimersByTime(1000);
    expect(terminal.screen()).toEqual(['fail  gold/days [2026-01-01]  busy']);
    view.close();
  });

  it('takes what a function tells after its end for no partitions', () => {
    const { terminal, output } = liveOutput();
    const view = createProgressView(output, false);
    view.listen(started('stream/plays'));
    view.listen(done('stream/plays', 1));
    view.progress({ asset: 'stream/plays', partition: undefined }, 1, 2);
    vi.advanceTimersByTime(1000);
    expect(terminal.screen()).toEqual(['done  stream/plays  1 rows, 2.0 s']);
    view.close();
  });

  it('forgets a step that waits for its next attempt', () => {
    const { terminal, output } = liveOutput();
    const view = createProgressView(output, false);
    view.listen(started('a'));
    view.listen({ type: 'step.retried', run: 'r1', at, asset: 'a', attempt: 1, delay: 1500, error });
    vi.advanceTimersByTime(500);
    expect(terminal.screen()).toEqual(['wait  a  busy (again in 1.5 s)']);
    view.close();
  });
});

describe('progress elsewhere', () => {
  it('is a line when a step begins and ends, and every ten seconds one on what takes longer', () => {
    const { output, lines } = plainOutput();
    const view = createProgressView(output, false);
    view.listen(started('stream/plays'));
    vi.advanceTimersByTime(9000);
    expect(lines()).toEqual(['run   stream/plays']);
    view.progress({ asset: 'stream/plays', partition: undefined }, 5000, 20_000);
    view.listen(started('catalogue/users'));
    vi.advanceTimersByTime(1000);
    expect(lines()).toEqual(['run   catalogue/users', 'work  stream/plays (5,000/20,000, 500/s, 10.0 s)']);
    view.listen(done('stream/plays', 20_000));
    vi.advanceTimersByTime(10_000);
    expect(lines()).toEqual(['done  stream/plays  20,000 rows, 2.0 s', 'work  catalogue/users (11.0 s)']);
    view.close();
    vi.advanceTimersByTime(30_000);
    expect(lines()).toEqual([]);
  });

  it('is a line every ten seconds on the partitions that are done of an asset', () => {
    const { output, lines } = plainOutput();
    const view = createProgressView(output, false);
    view.progress({ asset: 'gold/days', partition: undefined }, 0, 5000);
    vi.advanceTimersByTime(9000);
    view.progress({ asset: 'gold/days', partition: undefined }, 1000, 5000);
    vi.advanceTimersByTime(1000);
    expect(lines()).toEqual(['work  gold/days (1,000/5,000 partitions, 100/s, 10.0 s)']);
    view.close();
  });

  it('tells the first partitions of an asset one by one, then only what goes wrong', () => {
    const { output, lines } = plainOutput();
    const view = createProgressView(output, false);
    for (let day = 1; day <= 20; day++) {
      view.listen(started('gold/days', `2026-01-${day}`));
      view.listen(done('gold/days', 1, `2026-01-${day}`));
    }
    view.listen({ type: 'step.failed', run: 'r1', at, asset: 'gold/days', partition: '2026-01-21', attempt: 1, error, milliseconds: 1 });
    const told = lines();
    expect(told).toHaveLength(13);
    expect(told.slice(0, 2)).toEqual(['run   gold/days [2026-01-1]', 'done  gold/days [2026-01-1]  1 rows, 2.0 s']);
    expect(told.slice(11)).toEqual(['…     gold/days: its other partitions are counted at the end', 'fail  gold/days [2026-01-21]  busy']);
    view.close();
  });

  it('names three of many long steps and counts the others', () => {
    const { output, lines } = plainOutput();
    const view = createProgressView(output, false);
    for (const name of ['a', 'b', 'c', 'd', 'e']) view.listen(started(name));
    vi.advanceTimersByTime(10_000);
    expect(lines().at(-1)).toBe('work  a (10.0 s), b (10.0 s), c (10.0 s) and 2 more');
    view.close();
  });

  it('is nothing where only the result is wanted', () => {
    const { output, lines } = plainOutput();
    const view = createProgressView(output, true);
    view.listen(started('a'));
    vi.advanceTimersByTime(30_000);
    view.close();
    expect(lines()).toEqual([]);
  });
});
