import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('python/measured.py', import.meta.url));

/** Variables that a process has beside those of this one. */
export type Environment = Readonly<Record<string, string>>;

export interface Command {
  readonly args: readonly [program: string, ...rest: string[]];
  readonly cwd: string;
  readonly env: Environment;
}

/** What a process took, its children included. */
export interface Measured {
  /** Seconds of user and system time. */
  readonly cpu: number;
  readonly wall: number;
  /** The peak of the process's own memory, in MiB. */
  readonly memory: number;
  readonly stdout: string;
}

export interface Measuring {
  readonly ended: Promise<Measured>;
  /** Sends SIGTERM. */
  stop(): void;
}

/** Starts a command of which the system tells what it took. Rejects with what it wrote where it fails. */
export function measure(python: string, { args, cwd, env }: Command): Measuring {
  const child = spawn(python, [SCRIPT, ...args], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-10_000)));
  const ended = new Promise<Measured>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) reject(new Error(`${args.join(' ')} ended with ${code}:\n${stdout.slice(-2_000)}\n${stderr}`));
      else resolve({ ...(JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as Omit<Measured, 'stdout'>), stdout });
    });
  });
  return { ended, stop: () => void child.kill('SIGTERM') };
}
