import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { tasksProject } from './tasks-project.ts';

interface ShownRun {
  readonly run: string;
  readonly status: string;
  readonly materialized: number;
  readonly external: unknown;
  readonly parts: Readonly<Record<string, { readonly status: string; readonly try: number; readonly maxTries: number }>>;
}

const LEFT = ['materialize', '--select=silver/left', '--no-checks'];
const RIGHT = ['materialize', '--select=silver/right', '--no-checks'];
const DAYS = ['materialize', '--select=silver/days', '--no-checks'];

describe('tasks of one DAG run', () => {
  it('are parts of one run, also at the same time', async () => {
    const { start, task, ask, say, called, write, remove } = tasksProject();
    write('held/left');
    write('held/right');
    const running = [start(LEFT, { TASK_ID: 'left' }), start(RIGHT, { TASK_ID: 'right', MAP_INDEX: '2' })];
    await Promise.all([called('left 1'), called('right 1')]);
    expect(await ask<ShownRun>('runs', 'show')).toMatchObject({
      status: 'running',
      external: { system: 'airflow', dag: 'music', run: 'scheduled' },
      parts: { left: { status: 'running', try: 1, maxTries: 3 }, 'right[2]': { status: 'running' } },
    });
    remove('held/left');
    expect(await running[0]?.ended).toMatchObject({ exit: 0 });
    // The end of one task ends neither the run nor the claims of the other.
    expect(await ask<ShownRun>('runs', 'show')).toMatchObject({
      status: 'running',
      parts: { left: { status: 'succeeded' }, 'right[2]': { status: 'running' } },
    });
    const other = start(RIGHT, { TASK_ID: 'other' });
    await expect
      .poll(async () => (await ask<readonly RunEvent[]>('runs', 'logs')).filter(({ type }) => type === 'step.waiting'), { timeout: 15_000 })
      .toMatchObject([{ part: 'other', holder: expect.stringMatching(/\/right\[2\]$/) }]);
    remove('held/right');
    expect(await running[1]?.ended).toMatchObject({ exit: 0 });
    const { exit, stderr } = await other.ended;
    expect({ exit, stderr }).toMatchObject({ exit: 99, stderr: expect.stringMatching(/waits for right\[2\] of run [0-9a-f]{8}/) });
    const { line } = await task(LEFT, { TASK_ID: 'left' });
    const runs = await ask<readonly ShownRun[]>('runs');
    expect(runs).toMatchObject([{ run: line.run, status: 'succeeded', materialized: 2 }]);
    expect((await say('runs')).stdout).toMatch(/3 tasks +music scheduled$/m);
    const shown = (await say('runs', 'show')).stdout;
    expect(shown).toContain('airflow      DAG music, run scheduled\n');
    expect(shown).toMatch(/^right\[2\] +1 +succeeded /m);
  });

  it('are runs of their own in another DAG run', async () => {
    const { task, ask } = tasksProject();
    await task(LEFT);
    expect(await task(LEFT, { RUN_ID: 'manual' })).toMatchObject({ exit: 99 });
    expect(await ask('runs')).toMatchObject([{ external: { run: 'manual' } }, { external: { run: 'scheduled' } }]);
  });

  it('cannot be resumed or run again but in Airflow', async () => {
    const { task, say, write } = tasksProject();
    write('broken/left');
    const { line } = await task(LEFT);
    const id = line.run?.slice(0, 8) ?? '';
    for (const action of ['resume', 'rerun'])
      expect(await say('runs', action, id)).toMatchObject({
        exit: 2,
        stderr: expect.stringMatching(/USAGE.*is one of Airflow: scheduled of the DAG music[^]*Clear its tasks in Airflow/),
      });
    expect(await say('runs', 'resume')).toMatchObject({ exit: 2, stderr: expect.stringContaining('RUN_UNKNOWN') });
  });
});

describe('a try', () => {
  it('that follows a transient failure goes on, as the only attempt of its number', async () => {
    const { task, calls, write, remove, ask } = tasksProject();
    write('broken/left', 'transient');
    const first = await task(LEFT);
    expect(first).toMatchObject({ exit: 1, line: { status: 'failed', failed: 1, materialized: [] } });
    remove('broken/left');
    const second = await task(LEFT, { TRY_NUMBER: '2' });
    expect(second).toMatchObject({ exit: 0, line: { status: 'succeeded', failed: 0, materialized: [{ asset: 'silver/left' }] } });
    expect(calls()).toEqual(['left 1', 'left 2']);
    const [run] = await ask<readonly ShownRun[]>('runs');
    expect(run).toMatchObject({ run: first.line.run, status: 'succeeded', failed: 0 });
    expect(second.line.run).toBe(first.line.run);
  });

  it('that follows a failure for good ends at once, until the task is cleared', async () => {
    const { task, calls, write, remove } = tasksProject();
    write('broken/left');
    expect(await task(LEFT)).toMatchObject({ exit: 1 });
    for (const tries of ['2', '3']) {
      const refused = await task(LEFT, { TRY_NUMBER: tries });
      expect(refused).toMatchObject({ exit: 1, line: { status: 'failed', error: { code: 'EARLIER_TRY_FAILED' } } });
      expect(refused.stderr).toMatch(
        /Try 1 of the task load failed[^]*silver\/left: error\[ASSET_FAILED\] Error: left is broken[^]*clear the task/,
      );
    }
    expect(calls()).toEqual(['left 1']);
    // Another index of the task, and another task, are nobody's further tries.
    remove('broken/left');
    expect(await task(RIGHT, { TRY_NUMBER: '2', MAP_INDEX: '1' })).toMatchObject({ exit: 0 });
    expect(await task(LEFT, { TRY_NUMBER: '3', MAX_TRIES: '5' })).toMatchObject({ exit: 0 });
    expect(calls()).toEqual(['left 3', 'right 2']);
  });

  it('that was stopped by SIGTERM has told so in time, and the next one goes on', async () => {
    const { start, task, called, calls, ask, write, remove } = tasksProject();
    write('held/2026-01-02'); // it heeds no signal
    const window = { WINDOW_START: '2026-01-01T00:00:00Z', WINDOW_END: '2026-01-03T00:00:00+00:00' };
    const { child, ended } = start([...DAYS, '--concurrency=1'], window);
    await called('2026-01-02 1');
    child.kill('SIGTERM');
    child.kill('SIGTERM'); // a supervisor's second one does no harm
    const { exit, signal, stdout } = await ended;
    expect({ exit, signal }).toEqual({ exit: 1, signal: null });
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      status: 'canceled',
      assets: { 'silver/days': { partitions: ['2026-01-01'] } },
    });
    expect(await ask('runs')).toMatchObject([{ status: 'canceled', parts: { load: { status: 'canceled', materialized: 1 } } }]);
    remove('held/2026-01-02');
    expect(await task(DAYS, { ...window, TRY_NUMBER: '2' })).toMatchObject({
      exit: 0,
      line: { assets: { 'silver/days': { partitions: ['2026-01-02'] } } },
    });
    expect(calls()).toEqual(['2026-01-01 1', '2026-01-02 1', '2026-01-02 2']);
  });

  it('that was killed has died, and the next one goes on', async () => {
    const { start, task, called, ask, write, remove } = tasksProject();
    write('held/left');
    const { child, ended } = start(LEFT);
    await called('left 1');
    await task(RIGHT, { TASK_ID: 'other' });
    child.kill('SIGKILL');
    await ended;
    expect(await ask<ShownRun>('runs', 'show')).toMatchObject({
      status: 'died',
      parts: { load: { status: 'died', try: 1 }, other: { status: 'succeeded' } },
    });
    remove('held/left');
    expect(await task(LEFT, { TRY_NUMBER: '2' })).toMatchObject({ exit: 0, line: { materialized: [{ asset: 'silver/left' }] } });
    expect(await ask<ShownRun>('runs', 'show')).toMatchObject({ status: 'succeeded', parts: { load: { status: 'succeeded', try: 2 } } });
  });
});

describe('a task', () => {
  it('has nothing to do where all is made: 99', async () => {
    const { task, calls } = tasksProject();
    expect(await task(LEFT)).toMatchObject({ exit: 0, line: { status: 'succeeded', assets: { 'silver/left': {} } } });
    expect(await task(LEFT, { RUN_ID: 'next' })).toMatchObject({ exit: 99, line: { status: 'succeeded', materialized: [], assets: {} } });
    expect(calls()).toEqual(['left 1']);
  });

  it('makes the partitions that its data interval completes, or the one of its key', async () => {
    const { task, calls } = tasksProject();
    const day = (start: string, end: string) => ({ WINDOW_START: `2026-01-${start}Z`, WINDOW_END: `2026-01-${end}Z` });
    expect(await task(DAYS, day('02T00:00:00', '03T00:00:00'))).toMatchObject({
      exit: 0,
      line: {
        materialized: [{ asset: 'silver/days', partition: '2026-01-02' }],
        assets: { 'silver/days': { partitions: ['2026-01-02'] } },
      },
    });
    expect(await task(DAYS, day('02T00:00:00', '03T00:00:00'))).toMatchObject({ exit: 99 });
    expect(await task(DAYS, day('03T06:00:00', '03T07:00:00'))).toMatchObject({ exit: 99 });
    expect(await task(DAYS, { PARTITION: '2026-01-05', RUN_ID: 'keyed' })).toMatchObject({
      exit: 0,
      line: { assets: { 'silver/days': { partitions: ['2026-01-05'] } } },
    });
    expect(calls()).toEqual(['2026-01-02 1', '2026-01-05 1']);
    // What started the run knows nothing of where the partitions of an asset begin.
    expect(await task(DAYS, { PARTITION: '2025-12-31', RUN_ID: 'early' })).toMatchObject({ exit: 99 });
    expect(await task(DAYS, { PARTITION: '2025-12-41', RUN_ID: 'early' })).toMatchObject({ exit: 2 });
    expect(await task(DAYS, { PARTITION: 'all' })).toMatchObject({ exit: 2, line: { error: { code: 'PARTITION_UNKNOWN' } } });
    expect(await task(LEFT, { PARTITION: 'all' })).toMatchObject({ exit: 0 });
    // An interval of no length asks for nothing: what is due is made.
    expect(await task([...DAYS, '--now=2026-01-04T00:00:00Z'], day('04T00:00:00', '04T00:00:00'))).toMatchObject({
      exit: 0,
      line: { assets: { 'silver/days': { partitions: ['2026-01-01', '2026-01-03'] } } },
    });
  });

  it('fails where something before it failed, in another task too', async () => {
    const { task, write } = tasksProject();
    await task(LEFT, { TASK_ID: 'left' });
    await task(RIGHT, { TASK_ID: 'right' });
    await task(['materialize', '--select=gold/sum', '--no-checks'], { TASK_ID: 'sum' });
    write('bad/even');
    expect(await task(['check', '--select=gold/sum', '--check=even'], { TASK_ID: 'even' })).toMatchObject({ exit: 1 });
    expect(await task(['materialize', '--select=gold/report', '--no-checks'], { TASK_ID: 'report' })).toMatchObject({
      exit: 1,
      line: { status: 'failed', skipped: 1, failed: 0 },
    });
  });

  it('writes its last line to a file, too, whatever its exit code', async () => {
    const { root, task, write } = tasksProject();
    const file = join(root, 'xcom/of/return.json');
    const made = await task(LEFT, { XCOM_FILE: file });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(made.line);
    write('broken/right');
    const failed = await task(RIGHT, { XCOM_FILE: file, TASK_ID: 'right' });
    expect([failed.exit, JSON.parse(readFileSync(file, 'utf8'))]).toEqual([1, failed.line]);
    expect(await task(LEFT, { XCOM_FILE: join(root, 'package.json/file'), RUN_ID: 'next' })).toMatchObject({
      exit: 1,
      line: { status: 'failed' },
    });
  });

  it('leaves checks to other tasks where it is told so, and else runs those that failed again', async () => {
    const { task, calls, write, remove } = tasksProject();
    const all = ['materialize', '--select=+gold/sum'];
    expect(await task([...all, '--no-checks'])).toMatchObject({ exit: 0, line: { checks: [] } });
    expect(calls()).toEqual(['left 1', 'right 1', 'sum 1']);
    write('bad/even');
    expect(await task(all)).toMatchObject({
      exit: 1,
      line: { materialized: [], checks: [{ check: 'even', passed: false }, { check: 'small' }] },
    });
    expect(await task(all, { TRY_NUMBER: '2' })).toMatchObject({ exit: 1, line: { checks: [{ check: 'even', passed: false }] } });
    remove('bad/even');
    expect(await task(all, { TRY_NUMBER: '3' })).toMatchObject({ exit: 0, line: { checks: [{ check: 'even', passed: true }] } });
    expect(await task(all, { TRY_NUMBER: '4' })).toMatchObject({ exit: 99 });
  });
});
