import type { RunEvent } from './event.ts';

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** What a run did, gathered from its events. */
export interface Tally {
  readonly materialized: readonly Of<'asset.materialized'>[];
  readonly skipped: readonly Of<'step.skipped'>[];
  readonly failed: readonly Of<'step.failed'>[];
  readonly checks: readonly Of<'check.finished'>[];
  readonly observed: readonly Of<'asset.observed'>[];
  listen(event: RunEvent): void;
  /** A failed step, a failed blocking check, or a failed check of severity `error`. */
  hasFailed(): boolean;
}

export function createTally(): Tally {
  const materialized: Of<'asset.materialized'>[] = [];
  const skipped: Of<'step.skipped'>[] = [];
  const failed: Of<'step.failed'>[] = [];
  const checks: Of<'check.finished'>[] = [];
  const observed: Of<'asset.observed'>[] = [];
  const listen = (event: RunEvent): void => {
    switch (event.type) {
      case 'asset.materialized':
        return void materialized.push(event);
      case 'step.skipped':
        return void skipped.push(event);
      case 'step.failed':
        return void failed.push(event);
      case 'check.finished':
        return void checks.push(event);
      case 'asset.observed':
        return void observed.push(event);
      case 'run.started':
      case 'run.finished':
      case 'step.started':
      case 'step.waiting':
      case 'step.retried':
      case 'log':
      case 'partitions.added':
      case 'partitions.removed':
      case 'automation.fired':
        return;
    }
  };
  const blocked = () => skipped.some(({ cause }) => cause === 'check-failed' || cause === 'upstream-failed');
  const hasFailed = () =>
    failed.length > 0 || blocked() || checks.some(({ passed, blocking, severity }) => !passed && (blocking || severity === 'error'));
  return { materialized, skipped, failed, checks, observed, listen, hasFailed };
}
