import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface CliOutcome {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<CliOutcome>;
}

const MAIN = join(import.meta.dirname, '../../bin/spindle.js');

export interface CliCall {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Starts the built command line as a process of its own, without a terminal and with none of the variables of Spindle but the given ones. */
export function startCli(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): CliProcess {
  return startCliOf(MAIN, { cwd, args, env });
}

/** Likewise one that is installed elsewhere than in this repository: `main` is its `bin/spindle.js`. */
export function startCliOf(main: string, { cwd, args, env }: CliCall): CliProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(SPINDLE_|VITEST|NODE_|FORCE_COLOR)/.test(name));
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = (async (): Promise<CliOutcome> => {
    const [exit, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { exit, signal, stdout, stderr };
  })();
  return { child, ended };
}

export function runCli(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliOutcome> {
  return startCli(cwd, args, env).ended;
}
