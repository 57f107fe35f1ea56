import type { CommandContext } from '../../command.ts';
import { COMMANDS } from '../../commands/index.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { parseArguments } from '../../parse-arguments.ts';
import { codedError, printError, redactedError } from '../../print-error.ts';
import { connectLog } from './log-output.ts';
import type { Packed } from './msgpack.ts';
import { readNativeTask, type NativeTask } from './native-tasks-file.ts';
import { outletEvents } from './outlet-events.ts';
import { readStartup, variablesOf, type Startup } from './startup.ts';
import { connectSupervisor, type Message, type Supervisor } from './supervisor.ts';

export interface NativeTaskArguments {
  /** `host:port` of the supervisor, for messages and for lines of the log. */
  readonly comm: string;
  readonly logs: string;
  /** The generated file that says what each task does. */
  readonly tasks: string;
}

/**
 * Is a task of Airflow without a shell: the supervisor says which, the generated file what it does, and the command line does it as in a shell. What came
 * of it is sent rather than printed: the XCom, and the events of the outlets or the state.
 */
export async function nativeTask({ comm, logs, tasks }: NativeTaskArguments, context: CommandContext): Promise<ExitCode> {
  const [supervisor, output] = await Promise.all([connectSupervisor(comm), connectLog(logs)]);
  try {
    const startup = readStartup(await supervisor.startup());
    try {
      for (const key of startup.ti_context.xcom_keys_to_clear ?? [])
        await supervisor.send({ type: 'DeleteXCom', key, ...placeOf(startup) });
      const { task, dag } = await readNativeTask(tasks, startup.ti);
      // As in a shell: functions and programs may read them too.
      Object.assign(context.env, variablesOf(startup, dag));
      const exit = await runCommand(task, { ...context, output });
      await report(exit, { supervisor, startup, task, result: output.result });
    } catch (thrown) {
      printError(redactedError(codedError(thrown), context.redactor), context.output, false);
      await supervisor.send(failure(startup));
    }
  } finally {
    await output.close();
    await supervisor.close();
  }
  // Ends the process, whatever still goes on in it.
  if (output.result !== undefined) context.output.end(output.result);
  return EXIT.ok;
}

async function runCommand({ arguments: argv }: NativeTask, context: CommandContext): Promise<ExitCode> {
  const command = await COMMANDS.find(({ name }) => name === argv[0])!.load();
  const parsed = await parseArguments(command, argv, context.output.columns);
  return parsed.kind === 'help' ? EXIT.usage : command.handler(parsed.args, context);
}

interface Done {
  readonly supervisor: Supervisor;
  readonly startup: Startup;
  readonly task: NativeTask;
  readonly result: string | undefined;
}

async function report(exit: ExitCode, { supervisor, startup, task, result }: Done): Promise<void> {
  if (exit === EXIT.nothingToDo) return supervisor.send({ type: 'TaskState', state: 'skipped', end_date: now() });
  if (exit !== EXIT.ok || result === undefined) return supervisor.send(failure(startup));
  const outlet_events = outletEvents(result, task);
  await supervisor.send({ type: 'SetXCom', key: 'return_value', value: JSON.parse(result) as Packed, ...placeOf(startup) });
  await supervisor.send({
    type: 'SucceedTask',
    state: 'success',
    end_date: now(),
    task_outlets: task.outlets.map(({ name, uri }) => ({ name, uri, type: 'Asset' })),
    outlet_events,
  });
}

const failure = ({ ti_context: { should_retry } }: Startup): Message =>
  should_retry === true
    ? { type: 'RetryTask', state: 'up_for_retry', end_date: now() }
    : { type: 'TaskState', state: 'failed', end_date: now() };

const now = (): string => new Date().toISOString();

const placeOf = ({ ti: { dag_id, run_id, task_id, map_index } }: Startup) => ({ dag_id, run_id, task_id, map_index: map_index ?? -1 });
