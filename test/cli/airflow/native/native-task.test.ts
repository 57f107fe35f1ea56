import { describe, expect, it } from 'vitest';
import { runCli } from '../../run-cli.ts';
import { tasksProject, type TasksProject } from '../tasks-project.ts';
import { supervisorServer } from './supervisor-server.ts';

/** Of the first try of the task `load`, where it is not told otherwise. */
const startupOf = ({ task = 'load', retry = true, key = null as string | null } = {}) => ({
  type: 'StartupDetails',
  ti: { dag_id: 'music', run_id: 'scheduled', task_id: task, try_number: 1, map_index: -1 },
  ti_context: {
    max_tries: 3,
    should_retry: retry,
    xcom_keys_to_clear: ['return_value'],
    dag_run: { partition_key: key, data_interval_start: null, data_interval_end: null },
  },
});

const outlet = { key: 'silver/left', name: 'tasks/silver/left', uri: 'spindle://tasks/silver/left' };
const TASKS = {
  load: { arguments: ['materialize', '--airflow', '--select=silver/left'], outlets: [outlet] },
  days: { arguments: ['materialize', '--airflow', '--select=silver/days'], outlets: [] },
};

function project(): TasksProject {
  const made = tasksProject();
  made.write(
    'native-tasks.json',
    JSON.stringify({ dags: { music: { environment: 'local', partitions: true, windows: false, tasks: TASKS } } }),
  );
  return made;
}

const runTask = ({ root }: TasksProject, args: readonly string[]) =>
  runCli('/', ['airflow-task', `--project=${root}`, '--tasks=native-tasks.json', ...args]);

/** What the task said of its end. */
const statesOf = (messages: readonly { readonly type: string }[]) =>
  messages.filter(({ type }) => !type.endsWith('XCom')).map((message) => [message.type, 'state' in message ? message.state : undefined]);

describe('a native task', () => {
  it('makes what the generated file says, and sends its result and the events of its outlets', async () => {
    const { args, messages } = await supervisorServer(startupOf());
    const made = project();
    expect(await runTask(made, args)).toMatchObject({ exit: 0, stdout: expect.stringContaining('left is done\n') as string });
    expect(messages).toMatchObject([
      { type: 'DeleteXCom', key: 'return_value', task_id: 'load' },
      { type: 'SetXCom', key: 'return_value', value: { status: 'succeeded' }, dag_id: 'music', run_id: 'scheduled', map_index: -1 },
      {
        type: 'SucceedTask',
        task_outlets: [{ name: outlet.name, uri: outlet.uri, type: 'Asset' }],
        outlet_events: [{ dest_asset_key: { name: outlet.name, uri: outlet.uri }, extra: { run: expect.any(String) as string } }],
      },
    ]);
    expect(await made.ask('runs')).toMatchObject([
      { external: { dag: 'music', run: 'scheduled' }, parts: { load: { status: 'succeeded' } } },
    ]);
  });

  it('makes the partition of its run', async () => {
    const { args } = await supervisorServer(startupOf({ task: 'days', key: '2026-01-02' }));
    const made = project();
    await runTask(made, args);
    expect(made.calls()).toEqual(['2026-01-02 1', 'check known']);
  });

  it('is skipped where nothing is to do', async () => {
    const made = project();
    await runTask(made, (await supervisorServer(startupOf())).args);
    const { args, messages } = await supervisorServer(startupOf());
    expect(await runTask(made, args)).toMatchObject({ exit: 0 });
    expect(statesOf(messages)).toEqual([['TaskState', 'skipped']]);
  });

  it.each([
    [true, ['RetryTask', 'up_for_retry']],
    [false, ['TaskState', 'failed']],
  ])('that fails is tried again where Airflow grants it: %j', async (retry, state) => {
    const made = project();
    made.write('broken/left');
    const { args, messages } = await supervisorServer(startupOf({ retry }));
    expect(await runTask(made, args)).toMatchObject({ exit: 0 });
    expect(statesOf(messages)).toEqual([state]);
  });

  it('that the generated file does not name fails, and says what to do', async () => {
    const { args, messages } = await supervisorServer(startupOf({ task: 'unheard', retry: false }));
    const { stderr } = await runTask(project(), args);
    expect(statesOf(messages)).toEqual([['TaskState', 'failed']]);
    expect(stderr).toContain('says nothing of the task unheard of music');
    expect(stderr).toContain('npx spindle generate airflow');
  });

  it('whose result Airflow does not take is tried again', async () => {
    const { args, messages } = await supervisorServer(startupOf(), ['SetXCom']);
    const { stderr } = await runTask(project(), args);
    expect(statesOf(messages)).toEqual([['RetryTask', 'up_for_retry']]);
    expect(stderr).toContain('It could not do SetXCom');
  });

  it('ends with an error where the supervisor begins with something else', async () => {
    const { args } = await supervisorServer({ type: 'Greetings' });
    expect(await runTask(project(), args)).toMatchObject({ exit: 1, stderr: expect.stringContaining('another message') as string });
  });

  it('says that it has no supervisor', async () => {
    const { exit, stderr } = await runTask(project(), ['--comm=127.0.0.1:1', '--logs=127.0.0.1:1']);
    expect({ exit, stderr }).toMatchObject({ exit: 1, stderr: expect.stringContaining('ECONNREFUSED') as string });
  });
});
