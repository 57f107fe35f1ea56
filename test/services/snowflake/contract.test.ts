import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { warehouseContract } from '../../../src/testing/contract/warehouse.ts';
import { accountName, openAccount, type Account } from './account.ts';

describe(`the warehouse in Snowflake, on ${accountName}`, () => {
  let account: Account;
  beforeAll(async () => (account = await openAccount()));
  afterAll(() => account.close());

  warehouseContract(
    { describe, it, expect },
    {
      async open(faults) {
        const value = await account.open(faults);
        return { value, lake: createMemoryObjectStore(), close: () => value.close() };
      },
    },
  );
});
