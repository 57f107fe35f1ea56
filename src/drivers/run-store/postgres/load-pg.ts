import type * as pg from 'pg';
import { SpindleError } from '../../../runtime/errors.ts';
import { hasCode } from '../../disk/file-error.ts';

/** The driver of Postgres, which a project installs that uses it; DEPENDENCY_NOT_INSTALLED where it did not. */
export async function loadPg(): Promise<typeof pg> {
  try {
    return await import('pg');
  } catch (error) {
    if (!hasCode(error, 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new SpindleError('DEPENDENCY_NOT_INSTALLED', '"pg", which the Postgres run store needs, is not installed.', {
      field: 'pg',
      remedy: 'Run: npm install pg',
      cause: error,
    });
  }
}
