import { describe, expect, it } from 'vitest';
import { isTransientFailure } from '../../../src/drivers/transformer/transient-failure.ts';

describe('the failure of a node of dbt', () => {
  it.each([
    'IO Error: Could not set lock on file "/w.duckdb": Conflicting lock is held in python (PID 7)',
    'Database Error in model top_songs\n  250001 (08001): Failed to connect to DB: account: Could not connect to Snowflake backend after 2 attempt(s).',
    "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
    "HTTPSConnectionPool(host='x', port=443): Read timed out. (read timeout=60)",
    '503 Service Unavailable: post https://x/queries',
    '390114 (08001): Authentication token has expired. The user must authenticate again.',
    '000625 (57014): Statement was aborted because the number of waiters for this lock exceeds the 20 statements limit.',
  ])('is worth another try: %s', (message) => {
    expect(isTransientFailure(message)).toBe(true);
  });

  it.each([
    'Compilation Error in model top_songs\n  Model depends on a node named "connection" which was not found',
    'Binder Error: Referenced column "connection_reset_at" not found in FROM clause!',
    "001003 (42000): SQL compilation error: syntax error line 250001 at position 0 unexpected 'x'.",
    'Got 503 results, configured to fail if != 0',
    'This model has an enforced contract that failed.',
  ])('is one for good: %s', (message) => {
    expect(isTransientFailure(message)).toBe(false);
  });
});
