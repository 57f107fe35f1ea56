import type { Broker } from '../../../src/runtime/resource/broker.ts';
import type { ObjectStore } from '../../../src/runtime/resource/object-store.ts';
import type { RunStore } from '../../../src/runtime/resource/run-store.ts';
import type { Warehouse } from '../../../src/runtime/resource/warehouse.ts';

/** The stores of one state folder. */
export interface Stores {
  readonly broker: Broker;
  readonly lake: ObjectStore;
  readonly warehouse: Warehouse;
  readonly runs: RunStore;
}
