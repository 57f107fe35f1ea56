import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '../format.ts';
import type { Finding } from './finding.ts';

/** Below it a first run of the default pipeline may fill the disk. */
const LITTLE_SPACE = 1024 ** 3;

/** Whether the state folder can be written, and how much room there is. */
export function examineStateFolder(folder: string): Finding {
  const check = 'state folder';
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    return {
      check,
      status: 'fail',
      message: `${folder} cannot be written: ${(error as Error).message}`,
      remedy: 'Correct its owner or its permissions.',
    };
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const message = `${folder}, ${formatBytes(free)} free`;
  return free < LITTLE_SPACE ? { check, status: 'warn', message, remedy: 'Make room on the disk.' } : { check, status: 'ok', message };
}
