import type * as minio from 'minio';
import { SpindleError } from '../../../runtime/errors.ts';
import { hasCode } from '../../disk/file-error.ts';

/** The client of S3, which a project installs that uses it; DEPENDENCY_NOT_INSTALLED where it did not. */
export async function loadMinio(): Promise<typeof minio> {
  try {
    return await import('minio');
  } catch (error) {
    if (!hasCode(error, 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new SpindleError('DEPENDENCY_NOT_INSTALLED', '"minio", which the lake on an S3 server needs, is not installed.', {
      field: 'minio',
      remedy: 'Run: npm install minio',
      cause: error,
    });
  }
}
