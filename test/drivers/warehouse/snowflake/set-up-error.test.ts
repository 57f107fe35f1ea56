import { describe, expect, it } from 'vitest';
import { setUpError } from '../../../../src/drivers/warehouse/snowflake/set-up-error.ts';
import { SpindleError } from '../../../../src/runtime/errors.ts';

const SQL = `CREATE STAGE S URL = 's3://b/' CREDENTIALS = (AWS_KEY_ID = 'the id' AWS_SECRET_KEY = 'it''s \\\\ secret')`;
const SHOWN = `CREATE STAGE S URL = 's3://b/' CREDENTIALS = (AWS_KEY_ID = '<ID>' AWS_SECRET_KEY = '<KEY>')`;

describe('the error of a set-up', () => {
  it.each([false, true])('has nothing of the secrets of its statement, whatever the server says of it (transient: %s)', (transient) => {
    const told = `no stage of s3://b/: 'the id', it's \\ secret, 'it''s \\\\ secret'`;
    const error = setUpError(new SpindleError('QUERY_FAILED', told, { transient, cause: new Error(SQL) }), SQL, SHOWN) as SpindleError;
    expect(error.message).toBe(`the set-up ended at "${SHOWN}": no stage of s3://b/: '***', ***, '***'`);
    expect([error.cause, error.transient]).toEqual([undefined, transient]);
  });

  it('is told with its cause where its statement has none', () => {
    const cause = new SpindleError('WAREHOUSE_REFUSED', 'the role may not do that');
    expect(setUpError(cause, 'CREATE ROLE R', 'CREATE ROLE R')).toMatchObject({ code: 'WAREHOUSE_REFUSED', cause });
  });
});
