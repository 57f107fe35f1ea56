import { expect, it } from 'vitest';
import { sessionParameters } from '../../../../src/drivers/warehouse/snowflake/session-parameters.ts';

it('a session begins in UTC, with the parameters of the project behind those of the driver', () => {
  expect(sessionParameters({})).toBe("ALTER SESSION SET TIMEZONE = 'UTC', TIMESTAMP_TYPE_MAPPING = 'TIMESTAMP_NTZ', LOCK_TIMEOUT = 600");
  expect(
    sessionParameters({
      parameters: { lock_timeout: 60, STATEMENT_TIMEOUT_IN_SECONDS: 3600, USE_CACHED_RESULT: false, WEEK_START: "o'clock" },
    }),
  ).toBe(
    "ALTER SESSION SET TIMEZONE = 'UTC', TIMESTAMP_TYPE_MAPPING = 'TIMESTAMP_NTZ', LOCK_TIMEOUT = 60, STATEMENT_TIMEOUT_IN_SECONDS = 3600, USE_CACHED_RESULT = false, WEEK_START = 'o''clock'",
  );
});
