import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryWarehouse } from '../../../src/drivers/warehouse/memory.ts';
import { warehouseContract } from '../../../src/testing/contract/warehouse.ts';

describe('the warehouse in memory', () => {
  warehouseContract(
    { describe, it, expect },
    {
      open: async (faults) => ({ value: createMemoryWarehouse({ faults }), lake: createMemoryObjectStore(), close: async () => {} }),
      writesBySql: false,
    },
  );
});
