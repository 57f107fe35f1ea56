import type { RecordedError } from './event.ts';
import { stamp, type RunContext } from './run-context.ts';

/** Records that a model was not built, and marks it for its dependents. */
export function failMember(
  run: RunContext,
  asset: string,
  { error, milliseconds }: { readonly error: RecordedError; readonly milliseconds: number },
): void {
  run.memory.fail({ asset, partition: undefined }, `${asset} failed`);
  void run.emit({ type: 'step.failed', ...stamp(run), asset, attempt: 1, error, milliseconds });
}
