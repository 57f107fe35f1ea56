import type { CheckEvent, FailedEvent, MaterializedEvent, ObservedEvent, RecordedState, RunSummary } from '../resource/run-store.ts';
import type { RunEvent } from './event.ts';

/** What is kept of an asset and partition: the newest event in each slot; for `check` the newest of each check. */
export type StateSlot = 'materialized' | 'observed' | 'check' | 'failed';
export type StateEvent = MaterializedEvent | ObservedEvent | CheckEvent | FailedEvent;

/** How an event changes the state: it fills one slot of its asset and partition, and empties others. */
export interface StateChange {
  readonly slot: StateSlot;
  readonly event: StateEvent;
  readonly clears: readonly StateSlot[];
}

/** What a store has to do to its state when the event is appended; undefined where that is nothing. */
export function stateChange(event: RunEvent): StateChange | undefined {
  switch (event.type) {
    case 'asset.materialized':
      return { slot: 'materialized', event, clears: ['observed', 'failed'] };
    case 'asset.observed':
      return { slot: 'observed', event, clears: [] };
    case 'check.finished':
      return { slot: 'check', event, clears: [] };
    case 'step.failed':
      return { slot: 'failed', event, clears: [] };
    case 'run.started':
    case 'run.finished':
    case 'step.started':
    case 'step.skipped':
    case 'step.retried':
    case 'log':
      return undefined;
  }
}

const placeOf = ({ asset, partition = '' }: StateEvent) => ({ asset, partition });
const checkOf = (event: StateEvent) => (event.type === 'check.finished' ? event.check : '');
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Names the slot that the event fills among all of a store: asset, partition ('' for none), and the check's name. */
export function slotKey(event: StateEvent): { readonly asset: string; readonly partition: string; readonly name: string } {
  return { ...placeOf(event), name: checkOf(event) };
}

/** The state made of the events that fill its slots, in whatever order they come. */
export function recordedState(events: Iterable<StateEvent>): RecordedState {
  const sorted = [...events].toSorted((a, b) => {
    const [one, other] = [slotKey(a), slotKey(b)];
    return compare(one.asset, other.asset) || compare(one.partition, other.partition) || compare(one.name, other.name);
  });
  return {
    materialized: sorted.filter((event) => event.type === 'asset.materialized'),
    observed: sorted.filter((event) => event.type === 'asset.observed'),
    checks: sorted.filter((event) => event.type === 'check.finished'),
    failed: sorted.filter((event) => event.type === 'step.failed'),
  };
}

/** The run's summary after the event; a run that starts again under its old name goes on. Undefined while the run has not started. */
export function foldRun(summary: RunSummary | undefined, event: RunEvent): RunSummary | undefined {
  if (event.type === 'run.started') {
    const { run, project, environment, selection, at } = event;
    const { startedAt = at, materialized = 0, skipped = 0, failed = 0 } = summary ?? {};
    return { run, status: 'running', project, environment, selection, startedAt, materialized, skipped, failed };
  }
  if (summary === undefined) return undefined;
  switch (event.type) {
    case 'run.finished':
      return { ...summary, status: event.status, finishedAt: event.at };
    case 'asset.materialized':
      return { ...summary, materialized: summary.materialized + 1 };
    case 'step.skipped':
      return { ...summary, skipped: summary.skipped + 1 };
    case 'step.failed':
      return { ...summary, failed: summary.failed + 1 };
    case 'step.started':
    case 'step.retried':
    case 'asset.observed':
    case 'check.finished':
    case 'log':
      return summary;
  }
}
