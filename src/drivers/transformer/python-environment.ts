import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SpindleError } from '../../runtime/errors.ts';
import type { Dialect } from '../../runtime/schema/dialect.ts';

export interface PythonEnvironment {
  /** The project's root, absolute: the environment is a folder below its `.spindle`. */
  readonly root: string;
  /** Of the warehouse that dbt is to build in; duckdb unless given. */
  readonly dialect?: Dialect | undefined;
  readonly notify: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A file of the package's `python` folder, from the source as from the build. */
export const pythonFile = (name: string): string => fileURLToPath(new URL(`../../../python/${name}`, import.meta.url));

const INSTALL_PYTHON =
  'Install Python 3.10 or newer with its venv module (on Debian and Ubuntu: apt-get install python3 python3-venv), or let SPINDLE_PYTHON name a Python that has dbt.';

const Report = z.union([
  z.object({ progress: z.string() }),
  z.object({ code: z.enum(['PYTHON_NOT_FOUND', 'PYTHON_SETUP_FAILED']), error: z.string() }),
]);

/** The folder below `.spindle` and the locked packages for each warehouse: who uses one does not load the other's. */
const ENVIRONMENTS: Readonly<Record<Dialect, { readonly folder: string; readonly lock: string }>> = {
  duckdb: { folder: 'python', lock: 'requirements.txt' },
  snowflake: { folder: 'python-snowflake', lock: 'requirements-snowflake.txt' },
};

/**
 * The interpreter of the project's own virtual environment for a warehouse, with the packages of its lock and no others: made on first use,
 * and anew when the lock or the system's Python changed. Several processes may ask at once, and any of them may die in the middle.
 */
export async function ensurePython({ root, dialect, notify, signal }: PythonEnvironment): Promise<string> {
  const { folder, python, lock } = pythonPaths(root, dialect);
  if (await isPythonReady(root, dialect)) return python;

  const child = spawn('python3', [pythonFile('make_environment.py'), folder, lock], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close').then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  );
  let last = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (last = (last + text).slice(-2000)));
  let failure: { code: 'PYTHON_NOT_FOUND' | 'PYTHON_SETUP_FAILED'; error: string } | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const report = Report.parse(JSON.parse(line));
    if ('progress' in report) notify(report.progress);
    else failure = report;
  }
  const error = await ended;
  if (signal?.aborted) throw new SpindleError('CANCELED', 'Setting up Python was canceled.', { cause: signal.reason });
  if (error?.code === 'ENOENT')
    throw new SpindleError('PYTHON_NOT_FOUND', 'dbt needs Python, and there is no python3 on the PATH.', {
      remedy: INSTALL_PYTHON,
      cause: error,
    });
  if (failure?.code === 'PYTHON_NOT_FOUND')
    throw new SpindleError('PYTHON_NOT_FOUND', `dbt needs Python 3.10 or newer with its venv module, but ${failure.error}.`, {
      remedy: INSTALL_PYTHON,
    });
  if (error !== undefined || failure !== undefined || child.exitCode !== 0) {
    throw new SpindleError(
      'PYTHON_SETUP_FAILED',
      `Setting up Python for dbt in ${folder} failed:\n${failure?.error ?? (last.trim() || `ended by ${child.signalCode ?? child.exitCode}`)}`,
      {
        remedy: 'Check that the package index can be reached (pip reads PIP_INDEX_URL and its configuration) and run the command again.',
        cause: error,
      },
    );
  }
  return python;
}

export interface PythonPaths {
  readonly folder: string;
  readonly python: string;
  readonly lock: string;
}

/** Where the environment is, or will be, and the lock that it is made of; absolute. */
export function pythonPaths(root: string, dialect: Dialect = 'duckdb'): PythonPaths {
  const { folder: name, lock } = ENVIRONMENTS[dialect];
  const folder = join(root, '.spindle', name);
  return { folder, python: join(folder, 'bin', 'python'), lock: pythonFile(lock) };
}

/** Whether the project's environment is complete, for the lock and the system's Python of today: `make_environment.py` says so as its last act. */
export async function isPythonReady(root: string, dialect: Dialect = 'duckdb'): Promise<boolean> {
  const { folder, python, lock } = pythonPaths(root, dialect);
  try {
    const [stamp, locked, interpreter] = await Promise.all([
      readFile(join(folder, 'spindle-stamp'), 'utf8'),
      readFile(lock),
      realpath(python),
    ]);
    return stamp === `${createHash('sha256').update(locked).digest('hex')} ${interpreter}\n`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
