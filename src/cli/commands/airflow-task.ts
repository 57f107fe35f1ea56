import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';

export const command = 'airflow-task';
export const describe = 'An experiment: be the native task of Airflow 3.3 whose supervisor calls';

const place = (describe: string) => ({ type: 'string', requiresArg: true, demandOption: true, describe }) as const;

export const builder = (yargs: CommandParser) =>
  yargs
    .option('comm', place('Where the supervisor listens for messages: host:port'))
    .option('logs', place('Where it listens for lines of the log: host:port'))
    .option('tasks', place('The generated file that says what each task does, relative to the project'))
    .epilogue('python/spindle_coordinator.py calls it.');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { nativeTask } = await import('../airflow/native/native-task.ts');
  if (args.project === undefined) return nativeTask(args, context);
  // As a task in a shell, which goes to the project first.
  process.chdir(args.project);
  return nativeTask(args, { ...context, cwd: process.cwd() });
}
