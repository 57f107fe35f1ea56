import type { FiredEvent, PlacedEvent, RecordedState } from '../resource/run-store.ts';
import type { RunEvent } from './event.ts';

/** What is kept of an asset and partition: the newest event in each slot; for `check` the newest of each check, for `fired` of each subject. */
export type StateSlot = 'materialized' | 'observed' | 'check' | 'failed' | 'fired';
export type StateEvent = PlacedEvent | FiredEvent;

/** How an event changes the state: it fills one slot of its place and empties others, or it changes the keys registered under a name. */
export type StateChange =
  | { readonly kind: 'slot'; readonly slot: StateSlot; readonly event: StateEvent; readonly clears: readonly StateSlot[] }
  | { readonly kind: 'keys'; readonly change: 'add' | 'remove'; readonly name: string; readonly keys: readonly string[] };

/** What a store has to do to its state when the event is appended; undefined where that is nothing. */
export function stateChange(event: RunEvent): StateChange | undefined {
  switch (event.type) {
    case 'asset.materialized':
      return { kind: 'slot', slot: 'materialized', event, clears: ['observed', 'failed'] };
    case 'asset.observed':
      return { kind: 'slot', slot: 'observed', event, clears: [] };
    case 'check.finished':
      return { kind: 'slot', slot: 'check', event, clears: [] };
    case 'step.failed':
      return { kind: 'slot', slot: 'failed', event, clears: [] };
    case 'automation.fired':
      return { kind: 'slot', slot: 'fired', event, clears: [] };
    case 'partitions.added':
      return { kind: 'keys', change: 'add', name: event.name, keys: event.keys };
    case 'partitions.removed':
      return { kind: 'keys', change: 'remove', name: event.name, keys: event.keys };
    case 'run.started':
    case 'run.finished':
    case 'step.started':
    case 'step.waiting':
    case 'step.skipped':
    case 'step.retried':
    case 'log':
      return undefined;
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Names the place that the event has among all of its slot: asset, partition ('' for none), and the check's name or the subject that fired. */
export function slotKey(event: StateEvent): { readonly asset: string; readonly partition: string; readonly name: string } {
  if (event.type === 'automation.fired') return { asset: '', partition: '', name: event.subject };
  const { asset, partition = '' } = event;
  return { asset, partition, name: event.type === 'check.finished' ? event.check : '' };
}

/** The state made of the events that fill its slots, in whatever order they come, and of the registered keys in the order of their registration. */
export function recordedState(
  events: Iterable<StateEvent>,
  registered: Iterable<{ readonly name: string; readonly key: string }>,
): RecordedState {
  const sorted = [...events].toSorted((a, b) => {
    const [one, other] = [slotKey(a), slotKey(b)];
    return compare(one.asset, other.asset) || compare(one.partition, other.partition) || compare(one.name, other.name);
  });
  const dynamicKeys: Record<string, string[]> = {};
  for (const { name, key } of registered) (dynamicKeys[name] ??= []).push(key);
  return {
    materialized: sorted.filter((event) => event.type === 'asset.materialized'),
    observed: sorted.filter((event) => event.type === 'asset.observed'),
    checks: sorted.filter((event) => event.type === 'check.finished'),
    failed: sorted.filter((event) => event.type === 'step.failed'),
    fired: sorted.filter((event) => event.type === 'automation.fired'),
    dynamicKeys,
  };
}

/** The events of one place in the order in which they make up its record. */
export function placedEvents(events: readonly StateEvent[]): readonly PlacedEvent[] {
  const { materialized, observed, checks, failed } = recordedState(events, []);
  return [...materialized, ...observed, ...checks, ...failed];
}
