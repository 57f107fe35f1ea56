import { describe, expect, it } from 'vitest';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { runStoreContract } from '../../../src/testing/contract/run-store.ts';

runStoreContract({ describe, it, expect }, { open: async () => ({ value: createMemoryRunStore(), close: async () => {} }) });
