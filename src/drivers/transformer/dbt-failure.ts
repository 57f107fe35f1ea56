import { SpindleError } from '../../runtime/errors.ts';

/** What to throw where a call of dbt failed as a whole: `what` is the call, `error` what dbt says. */
export function dbtFailure(what: string, error: string): SpindleError {
  if (error.includes('Could not set lock on file')) {
    return new SpindleError('WAREHOUSE_LOCKED', `${what} found the warehouse held by another process: ${error}`, {
      remedy: 'End that process, or wait until it is done, and run the command again.',
      transient: true,
    });
  }
  if (/Failed to connect to DB|could not decrypt key/i.test(error)) {
    return new SpindleError('WAREHOUSE_REFUSED', `${what} could not log in to Snowflake: ${error}`, {
      remedy: 'Check the user and its credentials, and that its role may use the database: dbt logs in as Spindle does.',
    });
  }
  if (/Could not connect to Snowflake backend/i.test(error)) {
    return new SpindleError('WAREHOUSE_UNREACHABLE', `${what} did not reach Snowflake: ${error}`, {
      remedy: 'Check the name of the account and the network.',
      transient: true,
    });
  }
  if (/Could not find adapter type/.test(error)) {
    return new SpindleError('PYTHON_SETUP_FAILED', `${what} has no dbt for this warehouse: ${error}`, {
      remedy:
        'Let SPINDLE_PYTHON name a Python with the packages of python/requirements.txt, for Snowflake of python/requirements-snowflake.txt, or unset it: Spindle then sets one up.',
    });
  }
  if (/\bdbt deps\b/.test(error)) {
    return new SpindleError('DBT_FAILED', `${what} lacks packages: ${error}`, { remedy: 'Install them: spindle dbt deps.' });
  }
  return new SpindleError('DBT_FAILED', `${what} failed: ${error}`, { remedy: 'Correct the dbt project where the message points.' });
}
