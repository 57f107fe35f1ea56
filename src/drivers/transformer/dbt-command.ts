import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { SpindleError } from '../../runtime/errors.ts';
import { pythonFile } from './python-environment.ts';

/** A command of dbt as a person types it: its output is dbt's own, and goes where `stdio` says. */
export interface DbtCommand {
  /** The dbt project's folder, absolute: where it runs. */
  readonly dir: string;
  readonly args: readonly string[];
  /** All variables of its process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdio: StdioOptions;
  /** True where it shares a terminal with us, which sends Ctrl-C to both. */
  readonly hasTerminal: boolean;
  readonly signal: AbortSignal;
}

/** What dbt has to end by itself, in milliseconds: a second interrupt would break off how it cancels its queries. */
const PATIENCE = 2000;

/** Runs it and gives what it ends with: 0 done, 1 a node failed, 2 used wrongly or broken off. CANCELED where it is aborted, once dbt has ended. */
export async function runDbtCommand(python: string, { dir, args, env, stdio, hasTerminal, signal }: DbtCommand): Promise<number> {
  signal.throwIfAborted();
  const child = spawn(python, [pythonFile('dbt_command.py'), ...args], { cwd: dir, env, stdio });
  const interrupt = () => void (child.killed || child.kill('SIGINT'));
  let late: NodeJS.Timeout | undefined;
  const onAbort = () => {
    if (hasTerminal) late = setTimeout(interrupt, PATIENCE);
    else interrupt();
  };
  // Which no terminal sends.
  const onTerminate = () => {
    if (signal.aborted) interrupt();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  process.on('SIGTERM', onTerminate);
  try {
    const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (signal.aborted) throw new SpindleError('CANCELED', 'dbt was canceled.', { cause: signal.reason });
    if (code !== null) return code;
    throw new SpindleError('DBT_FAILED', `dbt was ended by ${killedBy}.`, {
      remedy: 'Run the command again; where memory is short, lower the warehouse’s memory limit.',
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new SpindleError('PYTHON_SETUP_FAILED', `dbt does not start in ${python} and the folder ${dir}: one of them is not there.`, {
      remedy: 'Let SPINDLE_PYTHON name a Python that has dbt, or unset it; and check `dir` of dbtProject().',
      cause: error,
    });
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', onAbort);
    process.off('SIGTERM', onTerminate);
  }
}
