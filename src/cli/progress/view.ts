import type { RunEvent } from '../../runtime/run/event.ts';
import type { StepName } from '../../runtime/run/step-name.ts';

/** What a person sees of a run while it goes, on standard error. */
export interface ProgressView {
  listen(event: RunEvent): void;
  /** Cheap: steps call it often. */
  progress(step: StepName, done: number, total: number | undefined): void;
  /** Removes what was only for the time of the run; may be called again. */
  close(): void;
}
