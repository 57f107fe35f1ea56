import type { ExternalTask, RunEvent } from '../run/event.ts';

export const RUN_STATUSES = ['running', 'succeeded', 'failed', 'canceled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** A part of a run, that one process at a time does. */
export interface RunPart {
  readonly status: RunStatus;
  readonly materialized: number;
  /** Since it was last started, as `failed`. */
  readonly skipped: number;
  readonly failed: number;
  readonly finishedAt?: string;
}

/**
 * A run in one line, folded from its events. A run whose process died stays 'running' until another run of the same store marks it. A run with parts is
 * running as long as one of them is; then failed where one failed, else canceled where one was.
 */
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
  readonly tags?: readonly string[];
  /** By name. The counts of the run are their sums. */
  readonly parts?: Readonly<Record<string, RunPart>>;
  /** What runs it, where that is another system. */
  readonly external?: Pick<ExternalTask, 'system' | 'dag' | 'run'>;
}

export type MaterializedEvent = Extract<RunEvent, { type: 'asset.materialized' }>;
export type ObservedEvent = Extract<RunEvent, { type: 'asset.observed' }>;
export type CheckEvent = Extract<RunEvent, { type: 'check.finished' }>;
export type FailedEvent = Extract<RunEvent, { type: 'step.failed' }>;
export type PlacedEvent = MaterializedEvent | ObservedEvent | CheckEvent | FailedEvent;
export type FiredEvent = Extract<RunEvent, { type: 'automation.fired' }>;

/** The newest of each kind, for each asset and partition: what planning is pure over. Sorted by asset, then partition. */
export interface RecordedState {
  readonly materialized: readonly MaterializedEvent[];
  /** The newest observation where it is newer than the materialization. */
  readonly observed: readonly ObservedEvent[];
  /** For each check as well. */
  readonly checks: readonly CheckEvent[];
  /** Failures after which the asset was not materialized. */
  readonly failed: readonly FailedEvent[];
  /** The newest firing of each subject, sorted by it. Of all subjects, whatever assets are asked for. */
  readonly fired: readonly FiredEvent[];
  /** The registered keys of dynamic partitions by the name of their definition, in the order of their registration. Of all names, whatever assets are asked for. */
  readonly dynamicKeys: Readonly<Record<string, readonly string[]>>;
}

/**
 * A right that one run, or one part of a run, has at a time: to make one partition of an asset, or (with `whole`) all of an asset, or to be the one scheduler.
 * A claim of the whole conflicts with every claim of the same `name`.
 */
export interface Claim {
  readonly name: string;
  readonly part: string;
  readonly whole: boolean;
  /** Who has it, as `holderOf` names a run or a part of one: parts of one run stand against each other. */
  readonly run: string;
  /** The process, as `run.started` names it: claims of a process that ended are free. Unless it is given, a store of several processes takes the one that claims. */
  readonly process?: string;
}

export interface PruneOptions {
  /** ISO instant: runs that finished before it lose their events and their place in the list, and so do older events that belong to no run. */
  readonly before: string;
  /** The newest runs of the list that are kept whatever their age; 0 by default. */
  readonly newest?: number;
  /** Counts only. */
  readonly dryRun?: boolean;
}

export interface EventFilter {
  readonly run?: string;
  readonly asset?: string;
  readonly types?: readonly RunEvent['type'][];
  /** At most so many, the newest of them, in the order in which they were appended. */
  readonly limit?: number;
}

/**
 * The event log and what is folded from it. `append` is atomic: all of the events are kept, in order, or none. What a run (or a part of it) appends, claims
 * and releases takes effect in the order of the calls, without one being waited for before the next.
 */
export interface RunStore {
  append(events: readonly RunEvent[]): Promise<void>;
  events(filter: EventFilter): Promise<readonly RunEvent[]>;
  /** Newest first; with `tag` only those that carry it. */
  runs(options?: { readonly limit?: number; readonly tag?: string }): Promise<readonly RunSummary[]>;
  /** For the named assets, or all. */
  state(assets?: readonly string[]): Promise<RecordedState>;
  /** What the state holds of one partition (or range, by its key), or of an asset without partitions, the materialization first: a cheap look at what others may have done. */
  recorded(asset: string, partition?: string): Promise<readonly PlacedEvent[]>;
  /** Gives the claim to its run (or part), or names the claim of another one that stands against it. A run's own claims never do. */
  claim(claim: Claim): Promise<Claim | undefined>;
  /** Gives back one claim of a run (or part), or all of them. */
  release(run: string, claim?: Pick<Claim, 'name' | 'part'>): Promise<void>;
  /** Forgets the events of old runs. The state is kept: nothing becomes stale by it. */
  prune(options: PruneOptions): Promise<{ readonly runs: number; readonly events: number }>;
}
