import { SpindleError, isSpindleError } from '../../../runtime/errors.ts';
import { fileError } from '../../disk/file-error.ts';

/** The message of an error that DuckDB raised, such as `IO Error: …`; undefined for any other error. */
export function duckDbMessage(error: unknown): string | undefined {
  if (!(error instanceof Error) || isSpindleError(error)) return undefined;
  return /^(?:Failed to [\w ]+: )?([A-Z][\w- ]* Error: [^]*)/.exec(error.message)?.[1];
}

/** DuckDB's refusal to open a file that another process holds. */
export function lockedBy(error: unknown): { readonly pid: string | undefined } | undefined {
  const message = duckDbMessage(error);
  if (message === undefined || !message.includes('Could not set lock on file')) return undefined;
  return { pid: /\(PID (\d+)\)/.exec(message)?.[1] };
}

/** What to throw for an error of DuckDB's, of the disk or of anything else, which stays as it is. */
export function duckDbError(error: unknown, path: string): unknown {
  const message = duckDbMessage(error);
  if (message === undefined) return fileError(error, `writing to the warehouse ${path}`);
  const first = message.split('\n')[0] ?? message;
  if (/No space left on device|Disk quota exceeded|max_temp_directory_size/.test(message)) {
    return new SpindleError('DISK_FULL', `no space left on the disk while writing to the warehouse ${path}`, {
      remedy: 'Free some space and run the same command again: nothing of this write was kept.',
      cause: error,
    });
  }
  if (/not a valid DuckDB database file|database file with version|Corrupt database|checksum/i.test(message)) {
    return new SpindleError('STORE_CORRUPT', `${path} cannot be read by this version of DuckDB: ${first}`, {
      remedy: 'Restore the file from a backup or open it with the version that wrote it; or delete it and materialize again.',
      cause: error,
    });
  }
  const outOfMemory = /Out of Memory|could not allocate/i.test(message);
  return new SpindleError('QUERY_FAILED', first, {
    remedy: outOfMemory
      ? "Raise the warehouse's memory limit."
      : 'Correct the statement; `spindle query` without arguments lists the tables.',
    cause: error,
  });
}
