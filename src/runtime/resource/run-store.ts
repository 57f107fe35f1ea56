import type { RunEvent } from '../run/event.ts';

export const RUN_STATUSES = ['running', 'succeeded', 'failed', 'canceled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** A run in one line, folded from its events. A run whose process died stays 'running' until another run of the same store marks it. */
export interface RunSummary {
  readonly run: string;
  readonly status: RunStatus;
  readonly project: string;
  readonly environment: string;
  readonly selection: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly materialized: number;
  readonly skipped: number;
  readonly failed: number;
}

export type MaterializedEvent = Extract<RunEvent, { type: 'asset.materialized' }>;
export type ObservedEvent = Extract<RunEvent, { type: 'asset.observed' }>;
export type CheckEvent = Extract<RunEvent, { type: 'check.finished' }>;
export type FailedEvent = Extract<RunEvent, { type: 'step.failed' }>;

/** The newest of each kind, for each asset and partition: what planning is pure over. Sorted by asset, then partition. */
export interface RecordedState {
  readonly materialized: readonly MaterializedEvent[];
  /** The newest observation where it is newer than the materialization. */
  readonly observed: readonly ObservedEvent[];
  /** For each check as well. */
  readonly checks: readonly CheckEvent[];
  /** Failures after which the asset was not materialized. */
  readonly failed: readonly FailedEvent[];
}

export interface EventFilter {
  readonly run?: string;
  readonly asset?: string;
  readonly types?: readonly RunEvent['type'][];
  /** At most so many, the newest of them, in the order in which they were appended. */
  readonly limit?: number;
}

/** The event log and what is folded from it. `append` is atomic: all of the events are kept, in order, or none. */
export interface RunStore {
  append(events: readonly RunEvent[]): Promise<void>;
  events(filter: EventFilter): Promise<readonly RunEvent[]>;
  /** Newest first. */
  runs(options?: { readonly limit?: number }): Promise<readonly RunSummary[]>;
  /** For the named assets, or all. */
  state(assets?: readonly string[]): Promise<RecordedState>;
}
