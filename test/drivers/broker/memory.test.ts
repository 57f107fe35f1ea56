import { describe, expect, it } from 'vitest';
import { createMemoryBroker } from '../../../src/drivers/broker/memory.ts';
import { brokerContract } from '../../../src/testing/contract/broker.ts';

brokerContract({ describe, it, expect }, { open: async () => ({ value: createMemoryBroker(), close: async () => {} }) });
