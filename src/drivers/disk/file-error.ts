import { SpindleError } from '../../runtime/errors.ts';

const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/** Whether the error carries this code of the operating system. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The error to throw for one that the disk gave: DISK_FULL where it says so, itself otherwise. */
export function fileError(error: unknown, action: string): unknown {
  if (!(error instanceof Error && 'code' in error && FULL.has(error.code))) return error;
  return new SpindleError('DISK_FULL', `no space left on the disk while ${action}`, {
    remedy: 'Free some space and run the same command again: what was acknowledged before is kept.',
    cause: error,
  });
}

/** Runs file operations; an error of a full disk becomes DISK_FULL, saying what was being done. */
export async function guardDisk<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error, action);
  }
}

/** What `work` resolves to, or undefined where a file that it needs does not exist. */
export async function ifPresent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}
