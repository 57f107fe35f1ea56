import { readFile } from 'node:fs/promises';
import { SpindleError } from '../../runtime/errors.ts';
import { hasCode } from './file-error.ts';

/** The text of a file that an environment variable (`field`) names. VARIABLES_INVALID where it cannot be read. */
export async function readNamedFile(path: string, field: string, remedy: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EACCES') && !hasCode(error, 'EISDIR')) throw error;
    throw new SpindleError('VARIABLES_INVALID', `${field} names no file that can be read: ${path}`, { field, remedy, cause: error });
  }
}
