import { firstAttempt } from './attempts.ts';
import type { RecordedError } from './event.ts';
import { stamp, type RunContext } from './run-context.ts';
import { stepFields, type StepName } from './step-name.ts';

/** Records that a step failed before it could be tried, or in a call of many, and marks it for its dependents. */
export function failStep(
  run: RunContext,
  step: StepName,
  {
    error,
    milliseconds,
    attempt = firstAttempt(run),
  }: { readonly error: RecordedError; readonly milliseconds: number; readonly attempt?: number },
): void {
  run.memory.fail(step, { cause: 'upstream-failed', reason: `${step.asset} failed` });
  void run.emit({ type: 'step.failed', ...stamp(run), ...stepFields(step), attempt, error, milliseconds });
}
