import { describe, expect, it } from 'vitest';
import { dbtFailure } from '../../../src/drivers/transformer/dbt-failure.ts';

describe('a call of dbt that fails as a whole', () => {
  it.each([
    ['IO Error: Could not set lock on file "x.duckdb"', 'WAREHOUSE_LOCKED', true],
    [
      '250001 (08001): None: Failed to connect to DB: x.snowflakecomputing.com:443. Incorrect username or password was specified.',
      'WAREHOUSE_REFUSED',
      false,
    ],
    ['Incorrect password, could not decrypt key', 'WAREHOUSE_REFUSED', false],
    ['250001 (08001): Could not connect to Snowflake backend after 2 attempt(s).Aborting', 'WAREHOUSE_UNREACHABLE', true],
    ['Could not find adapter type snowflake!', 'PYTHON_SETUP_FAILED', false],
    ['Compilation Error in model x', 'DBT_FAILED', false],
  ])('is told by what dbt says: %s', (said, code, transient) => {
    const error = dbtFailure('dbt build in /project', said);
    expect(error).toMatchObject({ code, transient, message: expect.stringContaining(said), remedy: expect.stringMatching(/./) });
    expect(error.message).toMatch(/^dbt build in \/project /);
  });
});
