import type { RunStore, RunSummary } from '../../runtime/resource/run-store.ts';
import type { RunEvent } from '../../runtime/run/event.ts';
import { foldRun, recordedState, slotKey, stateChange, type StateEvent, type StateSlot } from '../../runtime/run/fold-state.ts';

/** A run store in the memory of this process, for tests. */
export function createMemoryRunStore(): RunStore {
  const log: RunEvent[] = [];
  const runs = new Map<string, RunSummary>();
  const slots = new Map<string, StateEvent>();
  const id = (slot: StateSlot, event: StateEvent) => {
    const { asset, partition, name } = slotKey(event);
    return JSON.stringify([slot, asset, partition, slot === 'check' ? name : '']);
  };

  return {
    async append(events) {
      // through JSON, as every other store keeps them
      for (const event of JSON.parse(JSON.stringify(events)) as readonly RunEvent[]) {
        log.push(event);
        const run = foldRun(runs.get(event.run), event);
        if (run !== undefined) runs.set(event.run, run);
        const change = stateChange(event);
        if (change === undefined) continue;
        slots.set(id(change.slot, change.event), change.event);
        for (const slot of change.clears) slots.delete(id(slot, change.event));
      }
    },
    async events({ run, asset, types, limit = Infinity }) {
      const matching = log.filter(
        (event) =>
          (run === undefined || event.run === run) &&
          (asset === undefined || ('asset' in event && event.asset === asset)) &&
          (types === undefined || types.includes(event.type)),
      );
      return limit === 0 ? [] : matching.slice(-limit);
    },
    async runs({ limit = Infinity } = {}) {
      return [...runs.values()].toReversed().slice(0, limit);
    },
    async state(assets) {
      return recordedState([...slots.values()].filter((event) => assets === undefined || assets.includes(event.asset)));
    },
  };
}
