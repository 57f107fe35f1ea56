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
}

interface AtAsset extends Base {
  readonly asset: string;
  /** The partition's key; absent for an asset without partitions. */
  readonly partition?: string;
}

/** The version of each input that was read: one version, or one for each partition of the slice. */
export type InputVersions = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export type SliceVersions = Readonly<Record<string, Readonly<Record<string, string>>>>;

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
  /** A transient error; the next attempt starts after `delay` milliseconds. */
  | (AtAsset & { readonly type: 'step.retried'; readonly attempt: number; readonly delay: number; readonly error: RecordedError })
  | (AtAsset & { readonly type: 'step.failed'; readonly attempt: number; readonly error: RecordedError; readonly milliseconds: number })
  /** The asset's store holds new data. */
  | (AtAsset & {
      readonly type: 'asset.materialized';
      readonly version: string;
      readonly codeVersion: string;
      readonly configVersion: string;
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
  | (AtAsset & { readonly type: 'log'; readonly message: string; readonly fields?: Readonly<Record<string, unknown>> });
