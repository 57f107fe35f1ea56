import { readFile } from 'node:fs/promises';
import { SpindleError } from '../../runtime/errors.ts';
import { ifPresent } from './file-error.ts';

/** Parses what Spindle itself wrote to a file; STORE_CORRUPT naming the file where it is no JSON. */
export function parseJsonFile(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SpindleError('STORE_CORRUPT', `${path} is not what Spindle wrote there: it does not parse as JSON`, {
      remedy: 'Restore the file from a backup, or delete the folder of the store and materialize again.',
      cause: error,
    });
  }
}

/** The value in a JSON file that Spindle wrote, undefined where there is no such file. */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await ifPresent(readFile(path, 'utf8'));
  return text === undefined ? undefined : parseJsonFile(path, text);
}
