import { execFile } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { acquireLock } from '../../../src/drivers/disk/lock.ts';

const run = promisify(execFile);
const FOLDER = join(import.meta.dirname, '../../../.spindle/services/node-24');
const PROGRAM = join(FOLDER, `node_modules/node-linux-${process.arch}/bin/node`);
const PATIENCE = 10 * 60_000;

/** Node 24, which npm gets once. */
export async function installNode24(): Promise<string> {
  if (existsSync(PROGRAM)) return PROGRAM;
  await mkdir(FOLDER, { recursive: true });
  const lock = await acquireLock(FOLDER, 'install', PATIENCE);
  if (!lock.held) throw new Error(`Process ${lock.owner.pid} has been installing Node 24 for more than ${PATIENCE / 60_000} minutes.`);
  try {
    for (const file of ['package.json', 'package-lock.json']) await copyFile(join(import.meta.dirname, file), join(FOLDER, file));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER });
  } finally {
    await lock.release();
  }
  return PROGRAM;
}
