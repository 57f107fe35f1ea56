import { describe, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { environmentOf, readOutcome, tasksProject, type TasksProject, type Told } from './tasks-project.ts';

const checkOf = (name: string, asset = 'gold/sum') => ['check', `--select=${asset}`, `--check=${name}`];

/** Does tasks in this process. */
function inProcess({ root }: TasksProject) {
  return async (args: readonly string[], told?: Told) => {
    const { exit, stdout, stderr } = await runCommand(root, [...args, '--airflow'], environmentOf(told));
    return readOutcome({ exit, signal: null, stdout, stderr });
  };
}

describe('a task that checks', () => {
  it('runs its check where that has not passed for what is stored now', async () => {
    const project = tasksProject();
    const { write, remove, calls } = project;
    const task = inProcess(project);
    expect(await task(checkOf('even'))).toMatchObject({ exit: 99, line: { checks: [] } });
    await task(['materialize', '--select=+gold/sum', '--no-checks']);
    calls();
    write('bad/even');
    const told = { TASK_ID: 'sum.even' };
    expect(await task(checkOf('even'), told)).toMatchObject({
      exit: 1,
      line: { checks: [{ asset: 'gold/sum', check: 'even', passed: false }] },
    });
    remove('bad/even');
    expect(await task(checkOf('even'), { ...told, TRY_NUMBER: '2' })).toMatchObject({ exit: 0, line: { checks: [{ passed: true }] } });
    expect(await task(checkOf('even'), { ...told, TRY_NUMBER: '3' })).toMatchObject({ exit: 99 });
    expect(calls()).toEqual(['check even', 'check even']);
  });

  it('succeeds where a check of severity warn does not pass', async () => {
    const project = tasksProject();
    const task = inProcess(project);
    await task(['materialize', '--select=+gold/sum', '--no-checks']);
    project.write('bad/small');
    expect(await task(checkOf('small'))).toMatchObject({ exit: 0, line: { status: 'succeeded', checks: [{ passed: false }] } });
  });

  it('looks at the partitions that were asked for, and at those that its DAG run made', async () => {
    const project = tasksProject();
    const task = inProcess(project);
    const made = (keys: string, run: string) =>
      task(['materialize', '--select=silver/days', '--no-checks'], { PARTITION: keys, RUN_ID: run });
    await made('2026-01-01..2026-01-02', 'one');
    await made('2026-01-03', 'two');
    const partitions = async (told: Told) => {
      const { exit, line } = await task(checkOf('known', 'silver/days'), { TASK_ID: 'known', ...told });
      return [exit, line.checks.map(({ partition }) => partition)];
    };
    const window = { WINDOW_START: '2026-01-01T00:00:00Z', WINDOW_END: '2026-01-02T00:00:00Z' };
    expect(await partitions({ RUN_ID: 'two', ...window })).toEqual([0, ['2026-01-01', '2026-01-03']]);
    expect(await partitions({ RUN_ID: 'two' })).toEqual([99, []]);
    expect(await partitions({ RUN_ID: 'one' })).toEqual([0, ['2026-01-02']]);
    expect(await partitions({ RUN_ID: 'one' })).toEqual([99, []]);
    expect(await partitions({ RUN_ID: 'three', PARTITION: '2026-01-09' })).toEqual([99, []]);
  });

  it('is told what is missing or wrong of its variables, all at once', async () => {
    const project = tasksProject();
    const told = { TASK_ID: '', TRY_NUMBER: '0', WINDOW_START: 'yesterday', MAP_INDEX: 'x' };
    const { exit, line, stderr } = await inProcess(project)(checkOf('even'), told);
    expect({ exit, line }).toMatchObject({ exit: 2, line: { run: null, status: 'failed', error: { code: 'VARIABLES_INVALID' } } });
    for (const name of [
      'TASK_ID is missing',
      'TRY_NUMBER is wrong',
      'WINDOW_START is wrong',
      'WINDOW_END is missing',
      'MAP_INDEX is wrong',
    ])
      expect(stderr).toContain(`SPINDLE_AIRFLOW_${name}`);
  });
});

describe('spindle check --check', () => {
  it('runs one check of the selection, without Airflow as well', async () => {
    const project = tasksProject();
    await inProcess(project)(['materialize', '--select=+gold/sum', '--no-checks']);
    project.calls();
    for (const _ of [1, 2]) {
      const { exit, stdout } = await runCommand(project.root, ['check', '--check', 'even', '--json']);
      expect([exit, JSON.parse(stdout)]).toMatchObject([0, { checks: [{ check: 'even', passed: true }] }]);
    }
    expect(project.calls()).toEqual(['check even', 'check even']);
  });

  it('suggests what was meant where there is no such check', async () => {
    const project = tasksProject();
    const unknown = { exit: 2, stderr: expect.stringMatching(/USAGE.*no check "evn"\. Did you mean even\?/) };
    expect(await runCommand(project.root, ['check', '--check', 'evn'])).toMatchObject(unknown);
    expect(await inProcess(project)(checkOf('evn'))).toMatchObject(unknown);
  });
});

describe('options of a task', () => {
  it('are refused where they mean nothing', async () => {
    const { root } = tasksProject();
    expect(await runCommand(root, ['materialize', '--no-checks'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--no-checks'),
    });
    for (const command of ['materialize', 'check'])
      expect(await runCommand(root, [command, '--airflow', '-p', '2026-01-01'], environmentOf())).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining('--partition'),
      });
    // Without --airflow the variables mean nothing.
    expect(await runCommand(root, ['check', '--json'], environmentOf({ TRY_NUMBER: 'x' }))).toMatchObject({ exit: 0 });
  });
});
