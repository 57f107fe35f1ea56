import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const pathOf = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const REMEDY = 'Install Python 3.11 with its venv module; on Debian and Ubuntu: apt-get install python3 python3-venv';

/**
 * The interpreter of `.spindle/<name>`, a virtual environment with the packages of the hash-locked requirements file and no others: made on first
 * use, and anew when the lock or the system's Python changed. Several processes may ask at once.
 */
export async function ensureEnvironment(name: string, lockPath: string): Promise<string> {
  const folder = pathOf(`.spindle/${name}`);
  const python = `${folder}/bin/python`;
  if (await isReady(folder, lockPath)) return python;
  try {
    await run('python3', [pathOf('python/make_environment.py'), folder, lockPath], { maxBuffer: 1 << 26 });
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`Making the Python environment ${folder} of ${lockPath} failed: ${said.trim() || String(error)}\n${REMEDY}`, {
      cause: error,
    });
  }
  return python;
}

/** Whether the environment is complete, by the stamp that `make_environment.py` leaves as its last act. */
async function isReady(folder: string, lockPath: string): Promise<boolean> {
  try {
    const [stamp, lock, interpreter] = await Promise.all([
      readFile(`${folder}/spindle-stamp`, 'utf8'),
      readFile(lockPath),
      realpath(`${folder}/bin/python`),
    ]);
    return stamp === `${createHash('sha256').update(lock).digest('hex')} ${interpreter}\n`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
