import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { SpindleError } from '../../runtime/errors.ts';
import { pythonFile } from './python-environment.ts';

/** One call of dbt: its command line, and variables that its profile reads. */
export interface DbtCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where `dbt parse` writes what it read; a file of this call alone. */
  readonly manifest?: string;
  readonly signal?: AbortSignal | undefined;
}

const Message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('started'), node: z.string() }),
  z.object({
    type: z.literal('finished'),
    node: z.string(),
    status: z.string(),
    seconds: z.number(),
    message: z.string(),
    failures: z.number(),
  }),
  z.object({ type: z.literal('done'), nodes: z.number(), unmatched: z.array(z.string()), error: z.string().nullable() }),
]);
type Message = z.infer<typeof Message>;
export type DbtNodeMessage = Extract<Message, { type: 'started' | 'finished' }>;
/** How a call ended: how many nodes it had, the selectors that matched nothing, and why it failed as a whole. */
export type DbtOutcome = Extract<Message, { type: 'done' }>;

interface WorkerProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly lines: AsyncIterator<string>;
  /** Resolves to why it ended, once it has. */
  readonly ended: Promise<string>;
}

/** A Python process that runs dbt, started by the first call and kept for the next: importing dbt costs more than a build. It ends with us, however we end. */
export class DbtWorker {
  readonly #python: (signal?: AbortSignal) => Promise<string>;
  #process: WorkerProcess | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(python: (signal?: AbortSignal) => Promise<string>) {
    this.#python = python;
  }

  /** Calls run one after the other, in order. A call that is aborted, or whose `report` throws, ends the process. */
  call(call: DbtCall, report: (message: DbtNodeMessage) => void): Promise<DbtOutcome> {
    return this.#inTurn(async () => {
      const process = await this.#started(call.signal);
      return this.#guarded(process, call.signal, async () => {
        process.child.stdin.write(`${JSON.stringify({ args: call.args, env: call.env, manifest: call.manifest })}\n`);
        for (;;) {
          const message = await next(process);
          if (message === undefined) {
            throw new SpindleError('DBT_FAILED', `The dbt process ended in the middle of its work: ${await process.ended}`, {
              remedy: 'Run the command again; where memory is short, lower the warehouse’s memory limit.',
              transient: true,
            });
          }
          if (message.type === 'done') return message;
          if (message.type !== 'ready') report(message);
        }
      });
    });
  }

  /** Starts the process now, so that a later call need not wait for it. */
  async start(signal?: AbortSignal): Promise<void> {
    await this.#inTurn(() => this.#started(signal));
  }

  /** Ends the process, whatever it is doing. */
  async close(): Promise<void> {
    const process = this.#process;
    process?.child.kill('SIGKILL');
    await process?.ended;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #started(signal: AbortSignal | undefined): Promise<WorkerProcess> {
    const running = this.#process;
    if (running !== undefined && running.child.exitCode === null && running.child.signalCode === null) return running;
    const python = await this.#python(signal);
    const process = spawnWorker(python);
    this.#process = process;
    return this.#guarded(process, signal, async () => {
      if ((await next(process)) === undefined) {
        throw new SpindleError('PYTHON_SETUP_FAILED', `dbt does not start in ${python}: ${await process.ended}`, {
          remedy:
            'Remove its folder below .spindle to have it made anew; a Python named by SPINDLE_PYTHON needs the packages of python/requirements.txt, for Snowflake those of python/requirements-snowflake.txt.',
        });
      }
      return process;
    });
  }

  /** Leaves no process in an unknown state behind: it is killed and awaited unless `work` succeeds. */
  async #guarded<T>(process: WorkerProcess, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    // Killed outright: what a warehouse has open is rolled back, and dbt has nothing else to put right.
    const kill = () => process.child.kill('SIGKILL');
    signal?.addEventListener('abort', kill, { once: true });
    try {
      if (signal?.aborted) kill();
      return await work();
    } catch (error) {
      kill();
      this.#process = undefined;
      await process.ended;
      if (signal?.aborted) throw new SpindleError('CANCELED', 'dbt was canceled.', { cause: signal.reason });
      throw error;
    } finally {
      signal?.removeEventListener('abort', kill);
    }
  }
}

function spawnWorker(python: string): WorkerProcess {
  const child = spawn(python, [pythonFile('dbt_worker.py')], { stdio: ['pipe', 'pipe', 'pipe'] });
  let last = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (last = (last + text).slice(-4000)));
  child.stdin.on('error', () => {}); // a process that is gone is noticed at the end of its answers
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) =>
      resolve([signal === null ? `exit code ${code}` : `killed by ${signal}`, last.trim()].filter(Boolean).join('\n')),
    );
  });
  return { child, ended, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

async function next(process: WorkerProcess): Promise<Message | undefined> {
  const line = await process.lines.next();
  return line.done ? undefined : Message.parse(JSON.parse(line.value));
}
