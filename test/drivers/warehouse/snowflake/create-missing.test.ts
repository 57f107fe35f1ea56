import { describe, expect, it } from 'vitest';
import { createMissing } from '../../../../src/drivers/warehouse/snowflake/create-missing.ts';
import type { Session } from '../../../../src/drivers/warehouse/snowflake/session.ts';

/** A session whose statements fail with an error of the server's. */
const failing = (code: string) => ({ run: () => Promise.reject(Object.assign(new Error('no'), { code })) }) as unknown as Session;

describe('creating what may be there', () => {
  it('takes it that another process was faster', async () => {
    await expect(createMissing(failing('002002'), 'CREATE TABLE IF NOT EXISTS T (N NUMBER)')).resolves.toBeUndefined();
  });

  it('fails with any other error', async () => {
    await expect(createMissing(failing('003001'), 'CREATE TABLE IF NOT EXISTS T (N NUMBER)')).rejects.toMatchObject({ code: '003001' });
  });
});
