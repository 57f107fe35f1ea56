import type { RunEvent } from '../../runtime/run/event.ts';
import type { StepName } from '../../runtime/run/run-context.ts';
import type { Output } from '../output.ts';
import { createLiveView } from './live-view.ts';
import { createPlainView } from './plain-view.ts';

/** What a person sees of a run while it goes, on standard error. */
export interface ProgressView {
  listen(event: RunEvent): void;
  /** Cheap: steps call it often. */
  progress(step: StepName, done: number, total: number | undefined): void;
  /** Removes what was only for the time of the run; may be called again. */
  close(): void;
}

/** Live on a terminal, plain lines elsewhere, nothing where only the result is wanted. */
export function createProgressView(output: Output, quiet: boolean): ProgressView {
  if (quiet) return { listen() {}, progress() {}, close() {} };
  return output.live ? createLiveView(output) : createPlainView(output);
}
