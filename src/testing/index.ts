/** What tests of a pipeline and of drivers need: memory resources, and the contract that every driver keeps. */
export { automation, type AutomationOptions, type AutomationReport } from './automation.ts';
export { ephemeral, type Ephemeral } from './ephemeral.ts';
export { createMemoryRunStore } from '../drivers/run-store/memory.ts';
export { brokerContract } from './contract/broker.ts';
export { objectStoreContract } from './contract/object-store.ts';
export { runStoreContract } from './contract/run-store.ts';
export { transformerContract, type TransformerFixture } from './contract/transformer.ts';
export { warehouseContract } from './contract/warehouse.ts';
