import type { RecordedState, RunStore } from '../runtime/resource/run-store.ts';
import type { Redactor } from './redact.ts';

/** The same store, that is told no secret. */
export function redacted(store: RunStore, redactor: Redactor): RunStore {
  return {
    append: (events) => store.append(events.map((event) => redactor.event(event))),
    events: (filter) => store.events(filter),
    runs: (options) => store.runs(options),
    state: (assets) => store.state(assets),
    recorded: (asset, partition) => store.recorded(asset, partition),
    claim: (claim) => store.claim(claim),
    release: (run, claim) => store.release(run, claim),
    prune: (options) => store.prune(options),
  };
}

/** A state that was read already, as a run store that nothing is written to. */
export function recordedOnly(state: RecordedState): RunStore {
  return {
    state: async () => state,
    recorded: async () => [], // no step is ever run over it
    append: async () => {},
    events: async () => [],
    runs: async () => [],
    claim: async () => undefined,
    release: async () => {},
    prune: async () => ({ runs: 0, events: 0 }),
  };
}
