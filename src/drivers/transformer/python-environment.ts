import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SpindleError } from '../../runtime/errors.ts';

export interface PythonEnvironment {
  /** The project's root, absolute: the environment is its folder `.spindle/python`. */
  readonly root: string;
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

/**
 * The interpreter of the project's own virtual environment, with the packages of `python/requirements.txt` and no others: made on first use,
 * and anew when the lock or the system's Python changed. Several processes may ask at once, and any of them may die in the middle.
 */
export async function ensurePython({ root, notify, signal }: PythonEnvironment): Promise<string> {
  const { folder, python, lock } = environmentPaths(root);
  if (await isPythonReady(root)) return python;

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

function environmentPaths(root: string): { readonly folder: string; readonly python: string; readonly lock: string } {
  const folder = join(root, '.spindle', 'python');
  return { folder, python: join(folder, 'bin', 'python'), lock: pythonFile('requirements.txt') };
}

/** Whether the project's environment is complete, for the lock and the system's Python of today: `make_environment.py` says so as its last act. */
export async function isPythonReady(root: string): Promise<boolean> {
  const { folder, python, lock } = environmentPaths(root);
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
