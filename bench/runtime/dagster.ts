import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The interpreter of a virtual environment with Dagster as `bench/runtime/requirements.txt` locks it; made where there is none of that lock. */
export async function ensureDagster(root: string, folder: string): Promise<string> {
  const lock = join(root, 'bench/runtime/requirements.txt');
  const digest = createHash('sha256')
    .update(await readFile(lock))
    .digest('hex');
  const python = join(folder, 'bin/python');
  const stamp = join(folder, 'spindle-stamp');
  const found = await readFile(stamp, 'utf8').catch(() => undefined);
  if (found === digest) return python;
  process.stderr.write('Installing Dagster for the comparison.\n');
  await rm(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', lock], {
    maxBuffer: 1 << 26,
  });
  await writeFile(stamp, digest);
  return python;
}
