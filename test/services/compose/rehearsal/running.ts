import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What is started in place of a container. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The image's own, SIGTERM unless given. */
  readonly stopSignal?: NodeJS.Signals;
}

/** How a process ended: its exit code, or the signal that ended it. */
export type Ending = number | NodeJS.Signals;

export interface Running {
  /** Undefined while it runs. */
  ending(): Ending | undefined;
  readonly ended: Promise<Ending>;
  /** What it wrote last. */
  log(lines?: number): string;
  /** As the engine stops a container: its signal, and SIGKILL for all that is left of it after the time of grace. */
  stop(graceSeconds: number): Promise<Ending>;
}

/** Starts the program in a process group of its own, which ends with this process at the latest. */
export function start({ file, args, env, cwd, stopSignal = 'SIGTERM' }: Program, logPath: string): Running {
  const log = openSync(logPath, 'a');
  const child = spawn(file, args, { env, cwd, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  let ending: Ending | undefined;
  const killGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
  process.on('exit', killGroup);
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      ending = code ?? signal ?? 0;
      // A container ends with its first process.
      killGroup();
      process.off('exit', killGroup);
      resolve(ending);
    });
  });
  // Who waits for it is told as well; nobody may be waiting yet.
  ended.catch(() => undefined);
  return {
    ending: () => ending,
    ended,
    log: (lines = 40) => readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-lines).join('\n'),
    async stop(graceSeconds) {
      if (ending !== undefined) return ending;
      child.kill(stopSignal);
      const grace = new AbortController();
      const late = delay(graceSeconds * 1000, undefined, { signal: grace.signal }).then(killGroup, () => undefined);
      const how = await ended;
      grace.abort();
      await late;
      return how;
    },
  };
}
