/** What tests of a pipeline and of drivers need: memory resources, and the contract that every driver keeps. */
export { ephemeral, type Ephemeral } from './ephemeral.ts';
export { brokerContract } from './contract/broker.ts';
export { objectStoreContract } from './contract/object-store.ts';
export { runStoreContract } from './contract/run-store.ts';
export { warehouseContract } from './contract/warehouse.ts';
