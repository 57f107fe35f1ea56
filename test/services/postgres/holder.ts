import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A process with an open store that does what it is asked. */
export interface Holder {
  readonly child: ChildProcess;
  readonly identity: string;
  /** Sends a line and gives the one that answers it. */
  ask(line: string): Promise<string>;
}

export async function startHolder(file: string, ...args: readonly string[]): Promise<Holder> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  return {
    child,
    identity: await next(),
    async ask(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
  };
}

export async function kill({ child }: Holder): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
