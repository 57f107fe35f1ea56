import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { commandFailed } from './command-error.ts';

export interface ProcessOptions {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly grace: number;
  readonly signal: AbortSignal;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process in a group of its own, so that what it starts ends with it. */
export interface RunningProcess {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** What it writes to file descriptor 3. */
  readonly messages: Readable;
  /** Resolves when it has ended and its streams are closed; COMMAND_FAILED where it cannot be started. */
  readonly ended: Promise<Ending>;
  /** Asks the whole group to end, and ends it after the grace period. */
  stop(): void;
}

/** Milliseconds that what is left in the streams of an ended process has to be read. */
const DRAIN = 100;

export function startProcess({ argv, cwd, env, grace, signal }: ProcessOptions): RunningProcess {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const [, stdout, stderr, messages] = child.stdio as readonly Readable[]; // all of them are pipes
  let timer: NodeJS.Timeout | undefined;
  const endGroup = (): void => {
    signalGroup(child, 'SIGKILL');
    timer = setTimeout(letGo, DRAIN);
  };
  /** What has left the group (`setsid`) cannot be ended, and may hold the streams for ever: what it still writes is not waited for. */
  const letGo = (): void => {
    for (const stream of [stdout!, stderr!, messages!]) if (stream.readableLength === 0 && !stream.readableEnded) stream.push(null);
    timer = setTimeout(letGo, DRAIN); // others are not read to their end yet
  };
  const stop = (): void => {
    if (timer !== undefined) return;
    signalGroup(child, 'SIGTERM');
    timer = setTimeout(endGroup, grace);
  };
  signal.addEventListener('abort', stop, { once: true });
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', (error) =>
      reject(commandFailed(argv, `could not be started: ${error.message}`, { cause: error, remedy: startRemedy(cwd) })),
    );
    // What the process left running may still hold its streams: it is given as long to come to an end.
    child.once('exit', () => (timer ??= setTimeout(endGroup, grace)));
    child.once('close', (code, ending) => {
      signalGroup(child, 'SIGTERM');
      resolve({ code, signal: ending });
    });
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
  ended.catch(() => {}); // whoever reads the streams hears of it when they end
  if (signal.aborted) stop();
  return { stdout: stdout!, stderr: stderr!, messages: messages!, ended, stop };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // nobody is left in the group
  }
}

const startRemedy = (cwd: string): string => `See that the program is installed and on the PATH, and that the folder ${cwd} exists.`;
