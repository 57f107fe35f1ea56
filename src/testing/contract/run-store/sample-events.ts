import type { RecordedError, RunEvent } from '../../../runtime/run/event.ts';

/** An instant of the tests. */
export const at = (second: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString();
const error: RecordedError = { code: 'ASSET_FAILED', message: 'no', transient: false };

/** The start of a run. */
export const started = (run: string, second = 0, tags?: readonly string[]): RunEvent => ({
  type: 'run.started',
  run,
  at: at(second),
  project: 'music',
  environment: 'local',
  selection: '*',
  seed: 1,
  steps: 2,
  ...(tags && { tags }),
});
/** The end of a run. */
export const finished = (run: string, status: 'succeeded' | 'failed' | 'canceled', second = 9): RunEvent => ({
  type: 'run.finished',
  run,
  at: at(second),
  status,
  milliseconds: 9_000,
});
/** An asset, or one partition of it. */
export const place = (asset: string, partition?: string) => ({ asset, ...(partition !== undefined && { partition }) });
/** A materialization. */
export const materialized = (run: string, version: string, on: ReturnType<typeof place>): RunEvent => ({
  type: 'asset.materialized',
  run,
  at: at(1),
  ...on,
  version,
  codeVersion: 'c1',
  configVersion: 'f1',
  inputs: { up: 'v1', slices: { '2024-01-01': 'v2' } },
  milliseconds: 5,
  rows: 3,
  metadata: { path: 'x/y', nested: { n: 1 } },
});
/** An observation. */
export const observed = (run: string, version: string | null, on: ReturnType<typeof place>): RunEvent => ({
  type: 'asset.observed',
  run,
  at: at(1),
  ...on,
  version,
});
/** A failure. */
export const failed = (run: string, on: ReturnType<typeof place>): RunEvent => ({
  type: 'step.failed',
  run,
  at: at(1),
  ...on,
  attempt: 1,
  error,
  milliseconds: 5,
});
/** The result of a check of the asset `a`. */
export const checked = (run: string, check: string, passed: boolean): RunEvent => ({
  type: 'check.finished',
  run,
  at: at(1),
  asset: 'a',
  check,
  passed,
  blocking: true,
  severity: 'error',
  version: 'v1',
  milliseconds: 1,
  metadata: {},
});

/** A firing of an automation. */
export const fired = (run: string, subject: string, why: string): RunEvent => ({ type: 'automation.fired', run, at: at(1), subject, why });
/** A change of registered keys. */
export const keysOf = (type: 'partitions.added' | 'partitions.removed', name: string, keys: readonly string[]): RunEvent => ({
  type,
  run: 'r1',
  at: at(1),
  name,
  keys,
});
