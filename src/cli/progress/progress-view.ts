import type { Output } from '../output.ts';
import { createLiveView } from './live-view.ts';
import { createPlainView } from './plain-view.ts';
import type { ProgressView } from './view.ts';

/** Live on a terminal, plain lines elsewhere, nothing where only the result is wanted. */
export function createProgressView(output: Output, quiet: boolean): ProgressView {
  if (quiet) return { listen() {}, progress() {}, close() {} };
  return output.live ? createLiveView(output) : createPlainView(output);
}
