import { createMemoryBroker } from '../drivers/broker/memory.ts';
import { createMemoryObjectStore } from '../drivers/object-store/memory.ts';
import { createMemoryWarehouse } from '../drivers/warehouse/memory.ts';
import type { Broker } from '../runtime/resource/broker.ts';
import type { ObjectStore } from '../runtime/resource/object-store.ts';
import type { Warehouse } from '../runtime/resource/warehouse.ts';

/** Options of `materialize` for a test: new resources in memory, a clock that stands still, a seed. */
export interface Ephemeral {
  readonly resources: { readonly broker: Broker; readonly lake: ObjectStore; readonly warehouse: Warehouse };
  readonly now: string;
  readonly seed: number;
}

/** `await materialize([plays], { ...ephemeral(), given: [given(raw, rows)] })` leaves nothing behind. */
export function ephemeral({ now = '2026-01-01T00:00:00Z', seed = 1 }: { readonly now?: string; readonly seed?: number } = {}): Ephemeral {
  return { resources: { broker: createMemoryBroker(), lake: createMemoryObjectStore(), warehouse: createMemoryWarehouse() }, now, seed };
}
