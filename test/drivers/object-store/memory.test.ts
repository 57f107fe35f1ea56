import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { objectStoreContract } from '../../../src/testing/contract/object-store.ts';

objectStoreContract({ describe, it, expect }, { open: async () => ({ value: createMemoryObjectStore(), close: async () => {} }) });
