import { SpindleError } from '../errors.ts';
import type { RunContext } from './run-context.ts';
import type { StepName } from './step-name.ts';
import type { Tally } from './tally.ts';

type FailedStep = Tally['failed'][number];

const nameOf = ({ asset, partition }: { readonly asset: string; readonly partition?: string | undefined }): string =>
  partition === undefined ? asset : `${asset} [${partition}]`;

/** The error of a step as a test wants it: that of the step, with what its function threw as the cause. */
function stepError(run: RunContext, failed: FailedStep): SpindleError {
  const { asset, partition, error } = failed;
  const cause = run.memory.errorOf({ asset, partition });
  return new SpindleError(error.code, `${nameOf(failed)} failed: ${error.message}`, {
    asset,
    ...(partition !== undefined && { partition }),
    ...(error.field !== undefined && { field: error.field }),
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    transient: error.transient,
    ...(cause !== undefined && { cause }),
  });
}

/** Why this asset (or this partition of it) has no output; undefined where it has one. */
export function failureOf(run: RunContext, { failed, skipped }: Tally, { asset, partition }: StepName): SpindleError | undefined {
  const matches = (event: { readonly asset: string; readonly partition?: string }): boolean =>
    event.asset === asset && (partition === undefined || event.partition === partition);
  const own = failed.find(matches);
  if (own !== undefined) return stepError(run, own);
  const obstructed = skipped.find((event) => matches(event) && event.cause !== 'fresh');
  if (obstructed === undefined) return undefined;
  const [first] = failed;
  const because = obstructed.cause === 'upstream-failed' && first !== undefined ? stepError(run, first) : undefined;
  return new SpindleError('ASSET_FAILED', `${nameOf(obstructed)} was not made: ${obstructed.reason}.`, {
    asset,
    ...(obstructed.partition !== undefined && { partition: obstructed.partition }),
    remedy: 'Correct what comes before it.',
    ...(because !== undefined && { cause: because }),
  });
}

/** What went wrong in a run as one error: that of the first step that failed, the others named with it; else the checks. */
export function runError(run: RunContext, { failed, checks, skipped }: Tally): SpindleError {
  const [first, ...others] = failed;
  if (first !== undefined) {
    const error = stepError(run, first);
    if (others.length === 0) return error;
    const issues = [first, ...others].map((step) => `${nameOf(step)}: ${step.error.message}`);
    const { code, place, remedy, transient, cause } = error;
    const also = `${others.length} more failed: ${others.map(nameOf).join(', ')}.`;
    return new SpindleError(code, `${error.message} ${also}`, {
      ...place,
      ...(remedy !== undefined && { remedy }),
      transient,
      cause,
      issues,
    });
  }
  const missed = checks.filter(({ passed }) => !passed);
  const issues = missed.map(
    (check) => `the check "${check.check}" of ${nameOf(check)}${check.error === undefined ? ' did not pass' : `: ${check.error.message}`}`,
  );
  const reason =
    issues.length > 0 ? issues : skipped.filter(({ cause }) => cause !== 'fresh').map((step) => `${nameOf(step)}: ${step.reason}`);
  return new SpindleError('ASSET_FAILED', `The run failed: ${reason.join('; ')}.`, {
    issues: reason,
    remedy: 'Correct the data or the check: run.events has what it reported.',
  });
}
