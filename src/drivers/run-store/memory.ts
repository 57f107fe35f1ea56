import type { Claim, RunStore, RunSummary } from '../../runtime/resource/run-store.ts';
import type { RunEvent } from '../../runtime/run/event.ts';
import { foldRun } from '../../runtime/run/fold-run.ts';
import { placedEvents, recordedState, slotKey, stateChange, type StateChange, type StateEvent } from '../../runtime/run/fold-state.ts';

/** A run store in the memory of this process, for tests. */
export function createMemoryRunStore(): RunStore {
  let log: RunEvent[] = [];
  const runs = new Map<string, RunSummary>();
  /** By place, then by slot and name. */
  const places = new Map<string, Map<string, StateEvent>>();
  const registered = new Map<string, { readonly name: string; readonly key: string }>();
  const claims = new Map<string, Claim>();
  const id = (...parts: readonly string[]) => JSON.stringify(parts);

  function changeState(change: StateChange): void {
    if (change.kind === 'slot') {
      const { asset, partition, name } = slotKey(change.event);
      const place = places.get(id(asset, partition)) ?? new Map<string, StateEvent>();
      places.set(id(asset, partition), place.set(id(change.slot, name), change.event));
      for (const slot of change.clears) place.delete(id(slot, name));
      return;
    }
    const { name } = change;
    for (const key of change.keys) {
      if (change.change === 'remove') registered.delete(id(name, key));
      else if (!registered.has(id(name, key))) registered.set(id(name, key), { name, key });
    }
  }

  return {
    async append(events) {
      // through JSON, as every other store keeps them
      for (const event of JSON.parse(JSON.stringify(events)) as readonly RunEvent[]) {
        log.push(event);
        const run = foldRun(runs.get(event.run), event);
        if (run !== undefined) runs.set(event.run, run);
        const change = stateChange(event);
        if (change !== undefined) changeState(change);
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
    async runs({ limit = Infinity, tag } = {}) {
      const tagged = [...runs.values()].filter(({ tags = [] }) => tag === undefined || tags.includes(tag));
      return tagged.toReversed().slice(0, limit);
    },
    async state(assets) {
      const asked = (event: StateEvent) => !('asset' in event) || assets === undefined || assets.includes(event.asset);
      return recordedState(
        [...places.values()].flatMap((place) => [...place.values()].filter(asked)),
        registered.values(),
      );
    },
    async recorded(asset, partition = '') {
      return placedEvents([...(places.get(id(asset, partition))?.values() ?? [])]);
    },
    async claim(claim) {
      const standing = [...claims.values()].find(
        ({ name, part, whole, run }) => name === claim.name && run !== claim.run && (whole || claim.whole || part === claim.part),
      );
      if (standing === undefined) claims.set(id(claim.run, claim.name, claim.part), claim);
      return standing;
    },
    async release(run, claim) {
      if (claim !== undefined) return void claims.delete(id(run, claim.name, claim.part));
      for (const [key, held] of claims) if (held.run === run) claims.delete(key);
    },
    async prune({ before, newest = 0, dryRun = false }) {
      const instant = new Date(before).toISOString(); // as events have it
      const unprotected = [...runs.values()].toReversed().slice(newest);
      const old = new Set(unprotected.flatMap(({ run, finishedAt = instant }) => (finishedAt < instant ? [run] : [])));
      const kept = log.filter(({ run, at }) => (runs.has(run) ? !old.has(run) : at >= instant));
      const pruned = { runs: old.size, events: log.length - kept.length };
      if (dryRun) return pruned;
      log = kept;
      for (const run of old) runs.delete(run);
      return pruned;
    },
  };
}
