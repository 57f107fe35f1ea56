import { createMemoryBroker } from '../drivers/broker/memory.ts';
import { createMemoryObjectStore } from '../drivers/object-store/memory.ts';
import { createMemoryWarehouse } from '../drivers/warehouse/memory.ts';
import type { Broker } from '../runtime/resource/broker.ts';
import type { ObjectStore } from '../runtime/resource/object-store.ts';
import type { Warehouse } from '../runtime/resource/warehouse.ts';

/** What every store of this package needs. */
interface Stores {
  readonly broker: Broker;
  readonly lake: ObjectStore;
  readonly warehouse: Warehouse;
}

/** Options of `materialize` for a test: new resources in memory, a clock that stands still, a seed. */
export interface Ephemeral<R = {}> {
  readonly resources: Omit<Stores, keyof R> & R;
  readonly now: string;
  readonly seed: number;
}

export interface EphemeralOptions<R> {
  /** An ISO instant; the beginning of 2026 unless given. */
  readonly now?: string;
  readonly seed?: number;
  /** Resources of the project's own, or others in place of those in memory. */
  readonly resources?: R;
}

/** `await materialize([plays], { ...ephemeral(), given: [given(raw, rows)] })` leaves nothing behind. */
export function ephemeral<R extends Readonly<Record<string, unknown>> = {}>(options: EphemeralOptions<R> = {}): Ephemeral<R> {
  const { now = '2026-01-01T00:00:00Z', seed = 1, resources } = options;
  const stores: Stores = { broker: createMemoryBroker(), lake: createMemoryObjectStore(), warehouse: createMemoryWarehouse() };
  // The compiler cannot follow that what `resources` names has its own types.
  return { resources: { ...stores, ...resources } as unknown as Ephemeral<R>['resources'], now, seed };
}
