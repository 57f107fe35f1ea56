import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureEnvironment } from '../../python-environment.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export interface EmulatorOptions {
  /** More of what the emulator reads of its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A statement that the emulator was sent. */
export interface SeenStatement {
  readonly sql: string;
  readonly tag: string | null;
  /** The number of its session. */
  readonly session: number;
  /** When it began, in seconds since the epoch. */
  readonly time: number;
  /** How long it ran, in milliseconds; absent where it failed. */
  readonly ms?: number;
  readonly ok: boolean;
  readonly code?: string;
  readonly binds: number;
}

export interface Emulator {
  readonly url: string;
  readonly process: ChildProcess;
  /** Every statement since the start, or since `forget`. */
  statements(): Promise<readonly SeenStatement[]>;
  forget(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the emulator with its databases in a folder of its own. */
export async function startEmulator({ env = {} }: EmulatorOptions = {}): Promise<Emulator> {
  const python = await ensureEnvironment('snowflake', here('requirements.txt'));
  const folder = mkdtempSync(join(tmpdir(), 'spindle-snowflake-'));
  const ready = join(folder, 'port');
  const child = spawn(python, [here('emulator.py')], {
    env: { ...process.env, SF_EMU_PORT: '0', SF_EMU_READY_FILE: ready, SF_EMU_DB_PATH: join(folder, 'data'), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let last = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (last = (last + text).slice(-4_000)));
  for (const end = performance.now() + 60_000; !existsSync(ready) || readFileSync(ready, 'utf8') === ''; await sleep(50))
    if (child.exitCode !== null || performance.now() > end) throw new Error(`the emulator did not start:\n${last}`);
  const url = `http://127.0.0.1:${readFileSync(ready, 'utf8')}`;
  return {
    url,
    process: child,
    statements: async () => (await (await fetch(`${url}/_emu/queries`)).json()) as readonly SeenStatement[],
    forget: async () => void (await fetch(`${url}/_emu/reset-queries`, { method: 'POST' })),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
