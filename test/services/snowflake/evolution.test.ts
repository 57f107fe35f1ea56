import { afterAll, beforeAll, describe, it } from 'vitest';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { expectEvolution } from '../../drivers/warehouse/evolution.ts';
import { accountName, openAccount, type Account } from './account.ts';

describe(`a table in Snowflake whose declaration changed, on ${accountName}`, () => {
  let account: Account;
  beforeAll(async () => (account = await openAccount()));
  afterAll(() => account.close());

  it('is altered with its rows or refused by the names of its columns', { timeout: 300_000 }, async () => {
    const warehouse = await account.open(noFaults);
    await expectEvolution(warehouse, 25);
    await warehouse.close();
  });
});
