import type { ErrorCode } from '../errors.ts';

/** An error as the log keeps it. */
export interface RecordedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy?: string;
  readonly field?: string;
  readonly transient: boolean;
}

interface Base {
  readonly run: string;
  /** ISO instant, of the run's clock. */
  readonly at: string;
  /** Which part of the run tells it, where several processes write to one run at the same time. */
  readonly part?: string;
}

/** A task of another system that a part of a run is. */
export interface ExternalTask {
  readonly system: 'airflow';
  readonly dag: string;
  /** That system's name of its run. */
  readonly run: string;
  readonly task: string;
  /** Of a mapped task. */
  readonly mapIndex?: number;
  /** From 1. */
  readonly try: number;
  /** Raised by the system where the task is cleared. */
  readonly maxTries: number;
}

interface AtAsset extends Base {
  readonly asset: string;
  /** The partition's key, or that of a range of partitions that were made as one; absent for an asset without partitions. */
  readonly partition?: string;
}

/** The version of each input that was read: one version, or one for each partition of the slice. */
export type InputVersions = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export type SliceVersions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Fields by name, each with what it holds or may hold, in words: what a later plan compares to say what changed. */
export type Fields = Readonly<Record<string, string>>;

/** Which partitions were asked for. All that is given must hold; a key may be a range such as `2026-01-01..2026-01-31`. */
export interface PartitionRequest {
  readonly key?: string;
  /** The key was given by what started the run, for whatever it makes: of an asset whose partitions begin behind it, it means none. */
  readonly orNone?: true;
  /** The first and the last time partition, both included; either may be left open. */
  readonly from?: string;
  readonly to?: string;
  /** The partitions of time that the span completes: those that end behind `start` and not behind `end`, both ISO instants. Says nothing of assets without time. */
  readonly window?: { readonly start: string; readonly end: string };
  /** Beside those: the ones that were made before and are stale by now. */
  readonly stale?: true;
  /** Of those, the ones that were never materialized, or whose last attempt failed. */
  readonly only?: 'missing' | 'failed';
}

/** How a run was asked for: enough to start it again. */
export interface RunRequest {
  /** The keys that the selection named then. */
  readonly keys: readonly string[];
  readonly partitions?: PartitionRequest;
  readonly force?: boolean;
  readonly fullRefresh?: boolean;
  readonly concurrency?: number;
  readonly seed?: number;
  /** An ISO instant at which the run's clock stands still. */
  readonly now?: string;
  /** Config values by asset, as they were given. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The run whose steps are made again, of assets with partitions those that it tried; with `failed` only what failed in it, or was skipped because of that. */
  readonly rerun?: { readonly run: string; readonly failed?: boolean };
}

/** Everything that can happen in a run. Console, run store, page and tests read this one union. */
export type RunEvent =
  /** The run was planned and its first step is about to start. */
  | (Base & {
      readonly type: 'run.started';
      readonly project: string;
      readonly environment: string;
      readonly selection: string;
      readonly seed: number;
      readonly steps: number;
      readonly job?: string;
      /** The process that runs it, by which a run that goes on can be told from one whose process died. */
      readonly process?: string;
      readonly tags?: readonly string[];
      /** What starts it again, where it was started by a command: a run that was stopped is resumed with it under its own id. */
      readonly request?: RunRequest;
      /** What runs it, where that is another system: the run is then one of that system, and each of its tasks is a part of it. */
      readonly external?: ExternalTask;
    })
  | (Base & {
      readonly type: 'run.finished';
      readonly status: 'succeeded' | 'failed' | 'canceled';
      readonly milliseconds: number;
      /** Its process died before it could say so: another process did, later. */
      readonly died?: true;
    })
  /** An attempt of one asset began. */
  | (AtAsset & { readonly type: 'step.started'; readonly attempt: number; readonly reasons: readonly string[] })
  /** Nothing was done, and why. */
  | (AtAsset & {
      readonly type: 'step.skipped';
      readonly cause: 'fresh' | 'upstream-failed' | 'check-failed' | 'canceled';
      readonly reason: string;
    })
  /** Another run, or another part of this one, holds this step: it is waited for. `holder` names it as claims do. */
  | (AtAsset & { readonly type: 'step.waiting'; readonly holder: string })
  /** A transient error; the next attempt starts after `delay` milliseconds. */
  | (AtAsset & { readonly type: 'step.retried'; readonly attempt: number; readonly delay: number; readonly error: RecordedError })
  | (AtAsset & { readonly type: 'step.failed'; readonly attempt: number; readonly error: RecordedError; readonly milliseconds: number })
  /** The asset's store holds new data. */
  | (AtAsset & {
      readonly type: 'asset.materialized';
      readonly version: string;
      readonly codeVersion: string;
      readonly configVersion: string;
      /** For people: the values of its config, and the fields of what it stores. Staleness goes by the versions alone. */
      readonly config?: Fields;
      readonly schema?: Fields;
      readonly inputs: InputVersions;
      readonly milliseconds: number;
      readonly rows?: number;
      readonly bytes?: number;
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly touched?: Readonly<Record<string, number>>;
    })
  /** A driver was asked for the version of what it holds: as a whole, and by slices of event time (by grain such as `day@UTC`, then by the slice's start). */
  | (AtAsset & {
      readonly type: 'asset.observed';
      readonly version: string | null;
      readonly slices?: SliceVersions;
      readonly rows?: number;
    })
  | (AtAsset & {
      readonly type: 'check.finished';
      readonly check: string;
      readonly passed: boolean;
      readonly blocking: boolean;
      readonly severity: 'warn' | 'error';
      readonly version: string | null;
      readonly milliseconds: number;
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly error?: RecordedError;
    })
  /** What an asset's function logged. */
  | (AtAsset & { readonly type: 'log'; readonly message: string; readonly fields?: Readonly<Record<string, unknown>> })
  /** Keys of dynamic partitions were registered, or taken out, under the name of their definition. */
  | (Base & { readonly type: 'partitions.added' | 'partitions.removed'; readonly name: string; readonly keys: readonly string[] })
  /** A condition asked for a materialization, and this run is the answer. `subject` is an asset's key, or `job:` and a job's name. */
  | (Base & {
      readonly type: 'automation.fired';
      readonly subject: string;
      readonly why: string;
      /** By partition ('' for the whole): a digest of the code, config and inputs that it fired for. It does not fire for the same again. */
      readonly causes?: Readonly<Record<string, string>>;
      /** The versions, when it fired, of the assets whose updates it waits for. */
      readonly seen?: Readonly<Record<string, string>>;
    });
