import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { warehouseContract } from '../../../src/testing/contract/warehouse.ts';
import { openFresh } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';

describe('the warehouse in Snowflake, by its emulator', () => {
  let emulator: Emulator;
  beforeAll(async () => (emulator = await startEmulator()));
  afterAll(() => emulator.stop());

  warehouseContract(
    { describe, it, expect },
    {
      async open(faults) {
        const value = await openFresh(emulator, faults);
        return { value, lake: createMemoryObjectStore(), close: () => value.close() };
      },
    },
  );
});
